// What every picture of ours stands on: its colours, its letters, its frame, its buttons.

/*
 * JupyterLab's variables, with fallbacks for a plain page. Two sizes of type: 14 px, and 12 px for what labels a mark.
 */
export const CSS = `
.blockchain-lab {
  --bl-paper: var(--jp-layout-color0, #fff);
  --bl-raised: var(--jp-layout-color1, #fff);
  --bl-soft: var(--jp-layout-color2, #eee);
  --bl-firm: var(--jp-layout-color3, #bdbdbd);
  --bl-ink: var(--jp-ui-font-color1, rgba(0, 0, 0, .87));
  --bl-line: var(--jp-border-color2, #e0e0e0);
  --bl-focus: var(--jp-brand-color1, #1976d2);
  --bl-mono: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace);
  container-type: inline-size; position: relative; box-sizing: border-box; max-width: 934px; overflow: hidden;
  font: 14px/20px var(--jp-ui-font-family, system-ui, sans-serif); font-variant-numeric: tabular-nums;
  color: var(--bl-ink); background: var(--bl-paper); border: 1px solid var(--bl-line); border-radius: 4px;
}
@media (prefers-color-scheme: dark) {
  body:not([data-jp-theme-light]) .blockchain-lab {
    --bl-paper: var(--jp-layout-color0, #111); --bl-raised: var(--jp-layout-color1, #212121);
    --bl-soft: var(--jp-layout-color2, #424242); --bl-firm: var(--jp-layout-color3, #616161);
    --bl-ink: var(--jp-ui-font-color1, rgba(255, 255, 255, .87)); --bl-line: var(--jp-border-color2, #424242);
    }
}
.blockchain-lab *, .blockchain-lab *::before { box-sizing: border-box; }
.blockchain-lab dl { width: auto; overflow: visible; } /* JupyterLab lays out lists of terms its own way */
.blockchain-lab :is(dt, dd) { float: none; width: auto; margin: 0; padding: 0; font-weight: inherit; }
.blockchain-lab[data-palette="dark"] { color-scheme: dark; }
.blockchain-lab:focus { outline: none; }
.blockchain-lab:focus-visible { outline: 2px solid var(--bl-focus); outline-offset: -2px; }
.blockchain-lab :focus-visible { outline: 2px solid var(--bl-focus); outline-offset: 1px; }
.bl-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.bl-empty { margin: 0; padding: 12px; color: var(--bl-faint); }

.blockchain-lab button, .blockchain-lab select {
  font: inherit; color: inherit; background: transparent; border: 1px solid transparent; border-radius: 4px; cursor: pointer;
}
.blockchain-lab button:hover, .blockchain-lab select:hover { background: var(--bl-soft); }
.blockchain-lab select { border-color: var(--bl-line); background: var(--bl-paper); height: 26px; padding: 0 2px; }
.bl-button { display: inline-flex; align-items: center; justify-content: center; min-width: 28px; height: 28px; padding: 0 4px; }
`;
