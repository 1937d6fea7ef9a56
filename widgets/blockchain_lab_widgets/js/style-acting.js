// Rules of menus and of the view in which one acts.

export const CSS = `
.bl-menu { position: absolute; z-index: 20; display: flex; flex-direction: column; min-width: 180px; max-width: 300px; padding: 4px 0;
  overflow: hidden auto; background: var(--bl-raised); border: 1px solid var(--bl-edge); border-radius: 6px;
  box-shadow: 0 4px 14px rgba(0, 0, 0, .28); }
.bl-menu-title { flex: none; padding: 2px 12px 4px; font-size: 12px; color: var(--bl-faint); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-menu-back { margin-right: 6px; }
.bl-menu-line { height: 1px; margin: 4px 0; background: var(--bl-line); }
.blockchain-lab .bl-menu-item { display: grid; grid-template-columns: 1fr auto; column-gap: 16px; width: 100%; padding: 3px 12px; border: 0; border-radius: 0; text-align: left; }
.blockchain-lab .bl-menu-item:focus { outline: none; background: var(--bl-soft); }
.bl-menu-item small { grid-row: 2; font-size: 12px; line-height: 16px; }
.blockchain-lab .bl-menu-item[aria-disabled] { color: var(--bl-faint); cursor: default; }
.bl-menu-item[aria-haspopup]::after { content: "›"; }

.bl-below { border-top: 1px solid var(--bl-line); }
.bl-below:focus { outline: none; }
.bl-below-head { display: flex; align-items: center; justify-content: space-between; padding: 2px 6px 2px 10px; }
`;
