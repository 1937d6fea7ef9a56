// Rules of menus and of the view in which one acts.

export const CSS = `
.bl-menu { position: absolute; z-index: 20; display: flex; flex-direction: column; min-width: 180px; max-width: 300px; padding: 4px 0;
  overflow: hidden auto; background: var(--bl-raised); border: 1px solid var(--bl-edge); border-radius: 6px;
  box-shadow: 0 4px 14px rgba(0, 0, 0, .28); }
.bl-menu-title { flex: none; padding: 2px 12px 4px; font-size: 12px; color: var(--bl-faint); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-menu-back { margin-right: 6px; }
.bl-menu-why { display: block; padding: 0 12px 2px; font-size: 12px; line-height: 16px; color: var(--bl-faint); }
.bl-menu-line { height: 1px; margin: 4px 0; background: var(--bl-line); }
.blockchain-lab .bl-menu-item { display: grid; grid-template-columns: 1fr auto; column-gap: 16px; width: 100%; padding: 3px 12px; border: 0; border-radius: 0; text-align: left; }
.bl-menu-long .bl-menu-item { content-visibility: auto; contain-intrinsic-size: auto 160px auto 20px; }
.blockchain-lab .bl-menu-item:focus { outline: none; background: var(--bl-soft); }
.bl-menu-item small { grid-row: 2; font-size: 12px; line-height: 16px; }
.blockchain-lab .bl-menu-item[aria-disabled] { color: var(--bl-faint); cursor: default; }
.bl-menu-item[aria-haspopup]::after { content: "›" / ""; }

.bl-acting { container: bl-acting / inline-size; height: 440px; overflow: auto; padding: 4px 12px 12px; }
.bl-act-note { margin: 4px 0 0; color: var(--bl-faint); }
.bl-act-columns { display: grid; gap: 12px 28px; align-items: start; padding-top: 4px; }
.bl-act-section { min-width: 0; }
.bl-act-title { padding: 2px 0 4px; font-size: 12px; line-height: 18px; color: var(--bl-faint); }
.bl-act-sentence { margin: 0; padding: 4px 0; font-size: 12px; line-height: 18px; color: var(--bl-faint); }
.bl-act-on { display: grid; grid-template-columns: minmax(104px, 128px) minmax(0, 1fr); gap: 12px; }
.bl-act-whom { min-width: 0; }
.bl-act-find { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; padding-bottom: 4px; }
.bl-act-find[hidden] { display: none; }
.bl-act-find input { flex: 0 1 150px; min-width: 80px; height: 26px; padding: 0 6px; font: inherit; color: inherit; background: var(--bl-paper);
  border: 1px solid var(--bl-line); border-radius: 4px; }
.bl-act-targets { max-height: 204px; border-radius: 4px; }
.bl-act-targets [role="option"] { position: absolute; left: 0; right: 0; height: 24px; display: flex; align-items: baseline; justify-content: space-between; gap: 8px; padding: 2px 8px; border-radius: 4px; cursor: default; }
.bl-act-targets [role="option"] > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-act-targets [role="option"]:hover { background: var(--bl-soft); }
.bl-act-targets [role="option"][aria-selected="true"] { background: color-mix(in srgb, var(--bl-focus) 22%, var(--bl-paper)); }
.bl-act-targets small, .bl-act-find small, .bl-act-group > small, .bl-offer small, .bl-flight small, .bl-knob small { font-size: 12px; line-height: 16px; color: var(--bl-faint); }
.bl-act-targets :hover > small, .bl-flight-name:hover small { color: inherit; }
.bl-act-offers { display: grid; gap: 8px; align-content: start; }
.bl-act-group { display: flex; flex-wrap: wrap; gap: 4px; align-items: start; }
.bl-act-group > small { flex-basis: 100%; }
.blockchain-lab .bl-offer { display: grid; min-height: 28px; align-content: center; padding: 3px 10px; text-align: left; background: var(--bl-soft); }
.blockchain-lab .bl-offer:hover { background: var(--bl-firm); }
.blockchain-lab .bl-offer[aria-disabled] { color: var(--bl-faint); background: transparent; border-color: var(--bl-line); cursor: default; }
[aria-busy="true"] .bl-offer, [aria-busy="true"] .bl-act-targets { cursor: progress; }
.bl-act-parting fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
.bl-act-sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 16px; }
.bl-act-side > div { display: grid; grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 0 12px; max-height: 156px; overflow: hidden auto; }
.bl-act-side legend { padding: 0 0 2px; font-size: 12px; line-height: 16px; color: var(--bl-faint); }
.bl-act-side label { display: flex; align-items: center; gap: 6px; min-width: 0; line-height: 24px; }
.bl-act-side label span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-acting input[type="checkbox"] { margin: 0; width: 14px; height: 14px; accent-color: var(--bl-focus); }
.bl-act-flights ul { margin: 0; padding: 0; list-style: none; }
.bl-flight { display: flex; align-items: center; gap: 4px; padding: 1px 0; }
.blockchain-lab .bl-flight-name { display: flex; flex: 1; align-items: baseline; gap: 10px; min-width: 0; padding: 3px 6px; margin-left: -6px; text-align: left; white-space: nowrap; }
.bl-flight-name span { overflow: hidden; text-overflow: ellipsis; }
.bl-flight-name small { margin-left: auto; }
.bl-flight .bl-offer { flex: none; }
.blockchain-lab .bl-act-more { padding: 3px 6px; margin-left: -6px; font-size: 12px; line-height: 18px; color: var(--bl-faint); }
.bl-knobs { display: grid; gap: 10px; }
.bl-knob { display: grid; grid-template: "name hint hint" auto "slider number unit" 28px / minmax(80px, 1fr) auto auto; gap: 0 8px; align-items: center; }
.bl-knob-name { grid-area: name; }
.bl-knob-slider { --bl-thumb: 16px; appearance: none; grid-area: slider; width: 100%; height: 24px; margin: 0; background: none; cursor: pointer; }
.bl-knob-slider::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: linear-gradient(var(--bl-focus), var(--bl-focus))
  0 / calc(var(--bl-part) * (100% - var(--bl-thumb)) + 8px) no-repeat, var(--bl-firm); }
.bl-knob-slider::-webkit-slider-thumb { appearance: none; width: var(--bl-thumb); height: var(--bl-thumb); margin-top: -6px; border: 2px solid var(--bl-paper);
  border-radius: 50%; background: var(--bl-focus); }
.bl-knob-slider::-moz-range-track { height: 4px; border-radius: 2px; background: var(--bl-firm); }
.bl-knob-slider::-moz-range-progress { height: 4px; border-radius: 2px; background: var(--bl-focus); }
.bl-knob-slider::-moz-range-thumb { box-sizing: border-box; width: var(--bl-thumb); height: var(--bl-thumb); border: 2px solid var(--bl-paper);
  border-radius: 50%; background: var(--bl-focus); }
.bl-knob-slider:disabled { opacity: .5; cursor: default; }
.bl-knob-number { grid-area: number; width: 92px; height: 26px; padding: 0 4px; font: inherit; color: inherit; text-align: right; background: var(--bl-paper);
  border: 1px solid var(--bl-line); border-radius: 4px; font-variant-numeric: tabular-nums; }
.bl-knob-unit { grid-area: unit; min-width: 52px; }
.bl-knob-hint { grid-area: hint; justify-self: end; }
.bl-panel .bl-acting { height: 100%; }
@container bl-acting (min-width: 760px) { .bl-act-columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
@container bl-acting (max-width: 420px) { .bl-act-on { grid-template-columns: minmax(0, 1fr); } .bl-act-targets { max-height: 120px; } }

.bl-below { border-top: 1px solid var(--bl-line); }
.bl-below:focus { outline: none; }
.bl-below-head { display: flex; align-items: center; justify-content: space-between; padding: 2px 6px 2px 10px; }
`;
