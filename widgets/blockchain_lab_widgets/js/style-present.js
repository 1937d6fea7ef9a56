// Presentation: everything half as large again, above all of the page; and the notebook around it without its code.

export const CSS = `
.blockchain-lab.bl-presenting { zoom: 1.5; max-width: none; }
.blockchain-lab.bl-covering { position: fixed; z-index: 1000; inset: 0; display: flex; flex-direction: column; width: 100%; height: 100%; max-height: none; margin: 0; padding: 0;
  border: 0; border-radius: 0; overflow: hidden auto; }
.blockchain-lab.bl-covering:focus-visible { outline: none; }
.blockchain-lab.bl-covering::backdrop { background: var(--bl-paper, #fff); }
.bl-covering > .bl-workbench { flex: 1 0 auto; height: 100px; min-height: 430px; }
.bl-covering > .bl-present-bar, .bl-covering > .bl-notes { flex: none; }
.bl-present-bar { display: flex; align-items: center; gap: 4px; min-height: 34px; padding: 0 8px; border-bottom: 1px solid var(--bl-line); background: var(--bl-raised); }
.bl-present-count { min-width: 52px; text-align: center; white-space: nowrap; color: var(--bl-faint); }
.bl-present-caption { flex: 1; min-width: 0; margin: 0 8px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.blockchain-lab .bl-present-bar button:disabled { color: var(--bl-faint); cursor: default; background: none; }
.blockchain-lab .bl-present-size { height: 26px; padding: 0 8px; border-color: var(--bl-line); white-space: nowrap; }
@container (max-width: 719px) {
  .bl-covering > .bl-workbench { height: auto; min-height: 0; }
  .bl-present-bar { flex-wrap: wrap; }
  .bl-present-caption { order: 1; flex-basis: 100%; padding-bottom: 4px; white-space: normal; }
  .bl-present-count { flex: 1; }
}
.jp-Notebook.bl-presented .jp-CodeCell .jp-Cell-inputWrapper { display: none; }
.jp-Notebook.bl-presented .jp-RenderedMarkdown { font-size: 150%; line-height: 1.5; }
`;
