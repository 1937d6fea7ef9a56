// The NAT view's own rules. Edge is what is open, the class of its message what moves, alarm what is blocked.

export const CSS = `
.bl-nat { container-type: inline-size; position: relative; display: flex; flex-direction: column; height: 440px; min-width: 0; font-size: 12px; }
.bl-nat > * { flex: none; }
.bl-nat [hidden] { display: none !important; }
.bl-nat-empty :is(.bl-detail, .bl-legend, .bl-lefts) { display: none; }
.bl-nat > .bl-table tbody :is(td, th, button) { overflow-wrap: normal; white-space: nowrap; }
.bl-nat > .bl-table tbody td:nth-child(5) { white-space: normal; }
.bl-nat .bl-head { height: 32px; }
.bl-nat .bl-head > span:first-child { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--bl-faint); }
.bl-nat > .bl-nat-body, .bl-nat > .bl-table { flex: 1 1 0; min-height: 0; }
.bl-nat-body { display: flex; flex-direction: column; min-width: 0; }
.bl-nat-stage { display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; flex: 1 1 0; min-height: 60px; overflow: hidden auto; }
.bl-nat-stage[data-beside="2"] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.bl-nat-stage > .bl-empty, .bl-nat-others { grid-column: 1 / -1; }
.bl-nat-box { padding: 2px 10px 6px; }
.bl-nat-box + .bl-nat-box { border-top: 1px solid var(--bl-line); }
.bl-nat-stage[data-beside="2"] > .bl-nat-box:nth-child(2) { border-top: 0; }
.bl-nat-stage[data-beside="2"] > .bl-nat-box:nth-child(even) { border-left: 1px solid var(--bl-line); }
.bl-nat-head { display: flex; align-items: center; gap: 8px; height: 24px; min-width: 0; }
.bl-nat-head b { flex: none; font-weight: 600; }
.bl-nat-own { min-width: 0; margin-left: auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--bl-faint); }
.bl-nat-rules { margin: 0 0 4px; line-height: 16px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--bl-faint); }
.bl-nat-plan { position: relative; min-width: 0; }
.bl-nat-wires { position: absolute; left: 0; top: 0; overflow: visible; pointer-events: none; }
.blockchain-lab .bl-nat-mark { display: inline-flex; align-items: center; gap: 4px; min-width: 0; height: 22px; padding: 0 5px; line-height: 16px; border-color: var(--bl-edge); background: var(--bl-paper); border-radius: 11px; }
.bl-nat-plan > .bl-nat-mark { position: absolute; }
.bl-nat-plan > .bl-nat-mark, .bl-nat-plan > .bl-nat-text { box-sizing: border-box; }
.blockchain-lab .bl-nat-title { flex: none; max-width: 45%; font-weight: 600; border-radius: 4px; }
.bl-nat-label { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-nat-more { flex: 0 1000 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--bl-faint); }
.bl-nat-left { flex: 0 1 auto; overflow: hidden; margin-left: auto; color: var(--bl-faint); white-space: nowrap; }
.bl-nat-sign { flex: none; }
.bl-nat-sign path { fill: none; stroke: var(--bl-ink); stroke-width: 1.25; }
.blockchain-lab .bl-nat-door { border-radius: 4px; }
.bl-nat-door .bl-nat-label { flex: none; font-weight: 600; }
.bl-nat-time { flex: 1 1000 20px; min-width: 0; max-width: 64px; margin-left: auto; }
.bl-nat-time + .bl-nat-left { margin-left: 0; }
.bl-nat-all { fill: var(--bl-full); }
.bl-nat-time rect:last-child, .bl-nat-rest { fill: var(--bl-edge); }
.blockchain-lab .bl-nat-leased { border: 3px double var(--bl-edge); padding: 0 3px; }
.bl-nat-text { position: absolute; display: block; padding: 0 6px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 24px; color: var(--bl-faint); }
.bl-nat-anybody { line-height: 28px; color: var(--bl-ink); }
.bl-nat-closed { text-align: center; }
.bl-nat-case { fill: var(--bl-soft); stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-nat-closed, .bl-nat-plan .bl-nat-hidden { color: var(--bl-ink); }
.bl-nat-wire { fill: none; stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-nat-wire.bl-nat-none { stroke: none; }
.bl-nat-way { fill: none; stroke: var(--bl-class-connection); stroke-width: 3; }
.bl-nat-arrow { fill: var(--bl-class-connection); }
.bl-nat-cross { fill: none; stroke: var(--bl-alarm); stroke-width: 3; }
.blockchain-lab .bl-nat-now { border-color: var(--bl-ink); }
.blockchain-lab .bl-nat-stale, .blockchain-lab .bl-nat-knock { border-style: dashed; color: var(--bl-faint); }
.blockchain-lab .bl-nat-knock { border-color: var(--bl-alarm); }
.bl-nat-key { display: inline-block; width: 20px; height: 12px; border: 1px solid var(--bl-edge); border-radius: 6px; }
.bl-nat-key.bl-nat-stale, .bl-nat-key.bl-nat-knock { border-style: dashed; }
.bl-nat-key.bl-nat-knock { border-color: var(--bl-alarm); }
.blockchain-lab .bl-nat-mark.bl-hover { background: var(--bl-soft); }
.bl-nat-mark:is(:hover, .bl-hover) * { color: var(--bl-ink); }
.blockchain-lab .bl-nat-mark.bl-selected { border-color: var(--bl-selection); box-shadow: inset 0 0 0 1px var(--bl-selection); }
.blockchain-lab .bl-nat-mark:focus-visible { outline-offset: 0; }
.bl-nat-others { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; padding: 6px 10px; border-top: 1px solid var(--bl-line); color: var(--bl-faint); }
.bl-nat-other { color: var(--bl-ink); }
.bl-nat-attempts { display: flex; flex-wrap: wrap; gap: 0 24px; padding: 4px 10px 0; border-top: 1px solid var(--bl-line); }
.bl-nat-attempt { display: flex; flex-wrap: wrap; align-items: center; gap: 0 6px; min-width: 0; line-height: 20px; }
.bl-nat-rung { white-space: nowrap; padding: 0 6px; border: 1px solid var(--bl-line); border-radius: 9px; line-height: 18px; }
.bl-nat-rung b { font-weight: 600; }
.bl-nat-failed { border-style: dashed; color: var(--bl-faint); }
.bl-nat-works { border-color: var(--bl-ink); font-weight: 600; }
.bl-nat-body > .bl-lefts { flex: none; padding: 4px 6px; border-top: 1px solid var(--bl-line); }
.bl-nat-attempts:not([hidden]) + .bl-lefts { border-top: 0; }
.bl-nat .bl-left svg { flex: none; margin-top: 3px; }
.bl-nat-passed path { fill: none; stroke: var(--bl-faint); stroke-width: 1.75; }
.bl-nat-blocked path { stroke: var(--bl-alarm); }
.blockchain-lab .bl-nat-current { color: var(--bl-ink); font-weight: 600; background: var(--bl-soft); }
.bl-nat .bl-left span:nth-child(2) { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-nat .bl-detail { margin: 0; padding: 5px 10px; border-top: 1px solid var(--bl-line); line-height: 16px; min-height: 43px; max-height: 75px; overflow: hidden auto; color: var(--bl-faint); }
.bl-nat .bl-detail b { font-weight: 600; color: var(--bl-ink); overflow-wrap: anywhere; }
@container (max-width: 479px) { .bl-nat .bl-detail { min-height: 59px; } }
@container (max-width: 399px) { .bl-nat-time, .bl-nat-more, .bl-nat-own { display: none; } }
`;
