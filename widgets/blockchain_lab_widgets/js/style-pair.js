// Two runs drawn together: one under the other on the left, how they differ on the right.

export const CSS = `
.bl-pair { display: grid; height: 560px; grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr); }
.bl-pair-refused { height: auto; }
.bl-pair-head { display: flex; align-items: center; gap: 8px; min-height: 32px; padding: 1px 10px; border-bottom: 1px solid var(--bl-line); }
.bl-pair-words { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.blockchain-lab .bl-pair-head .bl-button { flex: none; height: 26px; padding: 0 8px; border-color: var(--bl-line); }
.blockchain-lab .bl-pair-head .bl-button[hidden] { display: none; }
.bl-pair-first { position: absolute; top: 2px; bottom: 2px; width: 3px; margin-left: -1.5px; pointer-events: none; background: var(--bl-ink);
  border-radius: 1px; left: calc(var(--bl-from) * var(--bl-way) + 7px); }
.bl-pair-first::before { content: ""; position: absolute; top: -1px; left: 3px; border: 4px solid transparent; border-left: 6px solid var(--bl-ink); border-right: 0; }
.bl-pair-first[hidden] { display: none; }
.bl-pair-body { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 6fr) minmax(0, 7fr); }
.bl-pair-fault { margin: 0; padding: 16px 12px; overflow-wrap: anywhere; }
.bl-pair-sides { display: grid; min-width: 0; min-height: 0; grid-template: calc(50% - 9px) calc(50% + 9px) / minmax(0, 1fr); border-right: 1px solid var(--bl-line); }
.bl-pair-side { position: relative; min-width: 0; min-height: 0; display: grid; }
.bl-pair-side + .bl-pair-side { border-top: 1px solid var(--bl-line); }
.bl-pair-title { position: absolute; z-index: 2; left: 10px; top: 5px; display: flex; align-items: center; gap: 6px; font-size: 12px; line-height: 18px; color: var(--bl-faint); }
.bl-pair-title b { font-size: 14px; color: var(--bl-ink); }
.bl-pair-side .bl-network { height: 100%; }
.blockchain-lab .bl-pair-side .bl-network-tools { padding-left: 172px; }
.blockchain-lab .bl-pair-side .bl-network-tools > :is(select, .bl-lasso-button) { display: none; }
.bl-pair-side .bl-legend-marks { height: 18px; flex-wrap: nowrap; }
.bl-pair-side:first-child .bl-legend-marks { display: none; }
.bl-pair .bl-tabbed { min-height: 0; }

.bl-pair-outcomes, .bl-pair-reached, .bl-pair-set-up { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); min-width: 0; min-height: 0; }
.bl-pair-reached { grid-template-rows: auto minmax(120px, 45%) minmax(0, 1fr); }
.bl-pair-reached > .bl-pair-curve { grid-row: 2; min-height: 0; padding: 4px 6px; }
.bl-pair-reached > .bl-table { grid-row: 3; }
.bl-pair-body [hidden] { display: none !important; }
.bl-pair-fields { display: flex; flex-wrap: wrap; gap: 4px; padding: 6px 10px; border-bottom: 1px solid var(--bl-line); }
.bl-pair-fields [aria-checked="true"] { border-color: var(--bl-focus); box-shadow: inset 0 0 0 1px var(--bl-focus); }
.bl-pair-count { margin-left: 6px; color: var(--bl-faint); }

.bl-pair-parting { display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); min-height: 0; font-size: 12px; }
.bl-pair-parting > .bl-head { padding: 4px 10px; }
.bl-pair-columns { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(0, 1fr); border-top: 1px solid var(--bl-line); }
.bl-pair-columns > section { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); min-width: 0; }
.bl-pair-columns > section + section { border-left: 1px solid var(--bl-line); }
.bl-pair-column-head { display: flex; align-items: center; gap: 4px; padding: 4px 8px; }
.bl-pair-column-head b { margin-right: auto; font-size: 14px; }
.bl-pair-records { overflow: auto; min-height: 0; }
.blockchain-lab .bl-pair-record { display: grid; grid-template: auto auto / 14px 15px minmax(0, 1fr); column-gap: 5px; width: 100%; padding: 3px 8px; text-align: left; font-size: 12px; line-height: 16px; border-radius: 0; }
.bl-pair-record .bl-pair-sign { font-weight: 700; text-align: center; }
.bl-pair-record .bl-at { grid-area: 1 / 3; color: var(--bl-faint); }
.bl-pair-record > :nth-child(3) { grid-area: 1 / 2; align-self: center; }
.bl-pair-record .bl-pair-what { grid-area: 2 / 2 / 3 / 4; overflow-wrap: anywhere; }
.blockchain-lab .bl-pair-shared { color: var(--bl-faint); }
.blockchain-lab .bl-pair-differs { border-color: var(--bl-ink); border-left-width: 3px; }
.blockchain-lab .bl-pair-record.bl-selected { box-shadow: inset 0 0 0 2px var(--bl-selection); }
.blockchain-lab .bl-pair-record:focus-visible { outline-offset: -2px; }
.bl-pair-nothing { margin: 0; padding: 6px 10px; font-weight: 700; }
.bl-pair-parting > .bl-detail { margin: 0; padding: 6px 10px; line-height: 16px; color: var(--bl-faint); border-top: 1px solid var(--bl-line); }

@container (max-width: 719px) {
  .bl-pair { height: auto; }
  .bl-pair-head { flex-wrap: wrap; padding-bottom: 4px; }
  .bl-pair-words { white-space: normal; flex-basis: 220px; }
  .bl-pair-body { grid-template: auto 420px / minmax(0, 1fr); }
  .bl-pair-sides { grid-template: 250px 268px / minmax(0, 1fr); border-right: 0; border-bottom: 1px solid var(--bl-line); }
}
@container (max-width: 479px) {
  .bl-pair-side .bl-network { grid-template-rows: 56px minmax(0, 1fr) auto; }
  .blockchain-lab .bl-pair-side .bl-network-tools { padding: 26px 6px 0; }
}
`;
