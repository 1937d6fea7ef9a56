// The table of peers: heads stay above, names stay on the left, a bar under a cell says that it has just changed.

export const CSS = `
.bl-standing { container-type: inline-size; position: relative; display: flex; flex-direction: column; height: 420px; min-width: 0; font-size: 12px; line-height: 16px; }
.bl-standing > * { flex: none; }
.bl-standing [hidden] { display: none !important; }
.bl-standing .bl-head { height: 34px; }
.blockchain-lab .bl-standing input { width: 130px; min-width: 60px; height: 26px; padding: 0 6px; font: inherit; font-size: 12px; color: inherit; background: var(--bl-paper);
  border: 1px solid var(--bl-line); border-radius: 4px; }
.bl-standing > .bl-window { flex: 1 1 0; border-top: 1px solid var(--bl-line); }
.bl-standing .bl-standing-heads, .bl-standing .bl-window > .bl-spacer { width: max(100%, var(--bl-width)); overflow: visible; }
.bl-standing-heads { position: sticky; top: 0; z-index: 2; background: var(--bl-paper); border-bottom: 1px solid var(--bl-edge); }
.bl-standing-row { display: grid; grid-template-columns: var(--bl-columns) 1fr; width: 100%; height: 24px; }
.bl-spacer > .bl-standing-row { position: absolute; left: 0; border-bottom: 1px solid var(--bl-line); cursor: pointer; }
.bl-standing-row > * { position: relative; min-width: 0; padding: 0 8px; line-height: 23px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; background: var(--bl-paper); }
.bl-standing-row > .bl-number { text-align: right; }
.bl-standing-row > :first-child { position: sticky; left: 0; z-index: 1; padding: 0; border-right: 1px solid var(--bl-line); }
.bl-standing-heads .bl-standing-row > * { padding: 0; }
.blockchain-lab .bl-standing [role="table"] button { display: block; width: 100%; height: 23px; padding: 0 8px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  font-size: 12px; line-height: 16px; text-align: inherit; border-radius: 0; }
.blockchain-lab .bl-standing [role="table"] button:focus-visible { outline-offset: -2px; }
.blockchain-lab .bl-standing [role="columnheader"] button { color: var(--bl-faint); }
.blockchain-lab .bl-standing [role="columnheader"] button:hover, .blockchain-lab .bl-standing [aria-sort] button { color: var(--bl-ink); }
.bl-standing [role="columnheader"]:not(.bl-number) button::after { content: " \\2195"; opacity: .4; }
.bl-standing [role="columnheader"].bl-number button::before { content: "\\2195\\a0"; opacity: .4; }
.bl-standing [aria-sort="ascending"]:not(.bl-number) button::after { content: " \\2191"; opacity: 1; }
.bl-standing [aria-sort="descending"]:not(.bl-number) button::after { content: " \\2193"; opacity: 1; }
.bl-standing [aria-sort="ascending"].bl-number button::before { content: "\\2191\\a0"; opacity: 1; }
.bl-standing [aria-sort="descending"].bl-number button::before { content: "\\2193\\a0"; opacity: 1; }
.blockchain-lab .bl-standing [role="table"] [role="rowheader"] button { display: flex; align-items: center; gap: 6px; height: 22px; }
.bl-standing-row button > i { flex: none; display: inline-flex; }
.bl-standing-row button > span { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.bl-standing-row.bl-off svg path { stroke-dasharray: 2.5 1.5; }
.bl-standing-row.bl-off > :not(:first-child), .bl-standing-row.bl-strange > :not(:first-child) { color: var(--bl-faint); }
.bl-spacer > .bl-standing-row:hover > *, .bl-standing-row.bl-hover > *, .blockchain-lab .bl-standing-row:hover [role="rowheader"] button { background: var(--bl-soft); }
.bl-standing-row::after { content: ""; }
.bl-standing-row.bl-selected > *, .bl-standing-row.bl-selected::after { box-shadow: inset 0 2px var(--bl-selection), inset 0 -2px var(--bl-selection); }
.bl-standing-key { color: var(--bl-faint); }
.bl-standing-key i { display: inline-block; width: 20px; height: 3px; margin-right: 6px; vertical-align: 3px; background: var(--bl-focus); }
@container (max-width: 479px) { .bl-standing-key { display: none; } }
.bl-standing-row .bl-changed::after { content: ""; position: absolute; left: 6px; right: 6px; bottom: 1px; height: 3px; background: var(--bl-focus); }
`;
