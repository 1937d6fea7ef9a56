// How a claim card looks: one row an era, bars on one scale.

export const CSS = `
.bl-claim-root { padding: 10px 14px 8px; margin-bottom: 8px; }
.bl-claim-chooser { padding: 0 0 8px; }
.blockchain-lab .bl-claim-name { margin: 0; font-size: 14px; line-height: 20px; font-weight: 700; }
.blockchain-lab .bl-claim-says { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 16px; margin: 0 0 6px; }
.bl-claim-row { display: grid; grid-template-columns: 18px 92px 84px minmax(120px, 5fr) minmax(0, 6fr); column-gap: 10px; align-items: center; padding: 4px 6px;
  border: 2px solid transparent; border-radius: 4px; cursor: pointer; }
.bl-claim-row:not(.bl-claim-axis):hover { background: var(--bl-soft); }
.bl-claim-row.bl-claim-unplayed, .bl-claim-row:has(:disabled) { cursor: default; background: none; }
.bl-claim-row.bl-claim-played { border-color: var(--bl-selection); }
.bl-claim-row input { margin: 0; accent-color: var(--bl-focus); }
.bl-claim-era { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-claim-value { text-align: right; white-space: nowrap; }
.bl-claim-scale { position: relative; height: 22px; margin-right: 16px; }
.bl-claim-scale i { position: absolute; top: -6px; bottom: -6px; width: 1px; background: var(--bl-line); }
.bl-claim-bar { position: absolute; left: 0; top: 3px; bottom: 3px; min-width: 2px; background: var(--bl-full); border: 1px solid var(--bl-edge); border-left-width: 2px; border-radius: 0 2px 2px 0; }
.bl-claim-unplayed .bl-claim-bar { border-style: dashed; border-left-style: solid; background: none; }
.bl-claim-words { display: grid; min-width: 0; overflow-wrap: anywhere; }
.bl-claim-root small { font-size: 12px; line-height: 16px; color: var(--bl-faint); }
.bl-claim-axis { padding: 0 6px; cursor: default; font-size: 12px; line-height: 16px; color: var(--bl-faint); }
.bl-claim-axis .bl-claim-scale { grid-column: 4; height: 16px; }
.bl-claim-axis .bl-claim-scale > span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.bl-claim-state { display: flex; align-items: center; gap: 10px; min-height: 28px; margin: 6px 0 0; padding-top: 4px; border-top: 1px solid var(--bl-line); }
.blockchain-lab .bl-claim-again { height: 26px; padding: 0 10px; border-color: var(--bl-edge); }
.bl-claim-again[hidden] { display: none; }
@container (max-width: 719px) {
  .bl-claim-row { grid-template-columns: 18px minmax(60px, auto) 84px minmax(60px, 1fr); }
  .bl-claim-words { grid-column: 2 / -1; }
  .bl-claim-axis .bl-claim-how { grid-column: 2 / -1; }
}
@container (max-width: 399px) {
  .bl-claim-row { grid-template-columns: 18px minmax(0, 1fr) auto; }
  .bl-claim-row .bl-claim-scale, .bl-claim-axis .bl-claim-scale { grid-column: 2 / -1; }
}
`;
