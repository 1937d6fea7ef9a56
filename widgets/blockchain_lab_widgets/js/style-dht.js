// The DHT view's own rules. Full is known, hollow is not; arrows have the colour of messages about addresses.

export const CSS = `
.bl-dht { container-type: inline-size; position: relative; display: flex; flex-direction: column; height: 460px; min-width: 0; font-size: 12px; }
.bl-dht > * { flex: none; }
.bl-dht [hidden] { display: none !important; }
.bl-dht .bl-head { height: 32px; }
.bl-dht .bl-head label { display: inline-flex; align-items: center; gap: 4px; min-width: 0; color: var(--bl-faint); }
.bl-dht .bl-head select { min-width: 0; max-width: 100%; color: var(--bl-ink); }
.bl-dht .bl-dht-what { flex: 0 1 auto; overflow: hidden; }
.bl-dht > .bl-dht-stage, .bl-dht > .bl-table { flex: 1 1 0; min-height: 0; }
.bl-dht-stage { overflow: hidden auto; }
.bl-dht-stage.bl-beside { display: grid; grid-template-columns: 58% minmax(0, 1fr); }
.bl-dht-picture > svg { display: block; }
.bl-dht text { fill: var(--bl-ink); font-size: 12px; }
.bl-dht .bl-short, .bl-dht .bl-bit, .bl-dht .bl-hop, .bl-dht .bl-fill, .bl-asker text, .bl-goal text { fill: var(--bl-faint); }
.bl-edge-of-tree { fill: none; stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-edge-of-tree.bl-own { stroke: var(--bl-ink); stroke-width: 3; }
.bl-id, .bl-bracket, .bl-step { cursor: pointer; outline: none; }
.bl-legend .bl-step { cursor: default; }
.bl-dht .bl-touch { fill: transparent; }
.bl-id-mark .bl-ball { fill: var(--bl-paper); stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-id-mark.bl-contact .bl-ball, .bl-heap.bl-contact { fill: var(--bl-known); }
.bl-id-mark.bl-own .bl-ball { fill: var(--bl-ink); }
.bl-id-mark .bl-ring { fill: none; stroke: var(--bl-ink); stroke-width: 1.5; }
.bl-id-mark .bl-dot { fill: var(--bl-known); }
.bl-id-mark.bl-off .bl-ball { stroke-dasharray: 3 2; fill-opacity: .35; }
.bl-heap { fill: var(--bl-paper); stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-key { fill: var(--bl-paper); stroke: var(--bl-class-data); stroke-width: 1.5; }
.bl-key.bl-wanted { fill: var(--bl-class-data); stroke: var(--bl-edge); }
.bl-bracket .bl-arm { fill: none; stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-bracket.bl-selected .bl-arm { stroke: var(--bl-selection); stroke-width: 2.5; }
.bl-dht :is(.bl-id, .bl-bracket).bl-hover .bl-touch, .bl-dht :is(.bl-id, .bl-bracket):hover .bl-touch { fill: var(--bl-soft); }
.bl-id.bl-selected .bl-touch { fill: none; stroke: var(--bl-selection); stroke-width: 2; rx: 4px; }
.bl-dht :is(.bl-id, .bl-bracket, .bl-step):focus-visible { outline: 2px solid var(--bl-focus); outline-offset: 1px; border-radius: 4px; }
.bl-goal-line { fill: none; stroke: var(--bl-class-data); stroke-width: 1.5; stroke-dasharray: 2 4; }
.bl-goal-mark { fill: var(--bl-class-data); stroke: var(--bl-edge); }
.bl-dht .bl-goal text { fill: var(--bl-ink); }
.bl-told-arrow path { fill: none; stroke: var(--bl-class-addresses); stroke-width: 2; }
.bl-told-arrow .bl-tip { fill: var(--bl-class-addresses); stroke: none; }
.bl-ring-line { fill: none; stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-ring-ticks { fill: none; stroke: var(--bl-edge); stroke-width: 1; }
.bl-finger { fill: none; stroke: var(--bl-known); stroke-width: 1.5; }
.bl-owned { fill: none; stroke: var(--bl-ink); stroke-width: 5; }
.bl-behind { fill: none; stroke: var(--bl-known); stroke-width: 3; }
.bl-goal-way { fill: none; stroke: var(--bl-class-data); stroke-width: 2; }
.bl-told-arrow.bl-last path:first-child { stroke-dasharray: 4 3; }
.bl-asker circle { fill: var(--bl-ink); }
.bl-step .bl-ball { fill: color-mix(in srgb, var(--bl-class-addresses) 35%, var(--bl-paper)); stroke: var(--bl-class-addresses); stroke-width: 2.5; }
.bl-step.bl-asked .bl-ball { fill: var(--bl-paper); stroke-width: 1.75; stroke-dasharray: 3 2; }
.bl-step.bl-silent .bl-ball { fill: var(--bl-paper); stroke: var(--bl-alarm); }
.bl-step.bl-holder .bl-ball { fill: var(--bl-paper); stroke: var(--bl-class-data); stroke-width: 2.5; }
.bl-step.bl-selected .bl-ball, .bl-step.bl-hover .bl-ball, .bl-step:hover .bl-ball { stroke: var(--bl-selection); stroke-width: 2.5; }
.bl-dht-lists { display: grid; grid-template-columns: minmax(0, 1fr); gap: 4px 16px; padding: 4px 8px 8px; border-top: 1px solid var(--bl-line); }
.bl-dht-list { min-width: 0; }
.bl-dht-list h4 { margin: 4px 0 2px; font-size: 12px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-dht-list h4 span { font-weight: 400; color: var(--bl-faint); }
.bl-dht-row { display: grid; grid-template-columns: 72px minmax(0, 1fr); gap: 6px; align-items: start; line-height: 22px; }
.bl-dht-label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--bl-faint); }
.bl-dht-label.bl-bits { direction: rtl; text-align: left; }
.bl-chips { display: flex; flex-wrap: wrap; gap: 0 2px; align-items: center; min-width: 0; }
.bl-chips b { flex: none; min-width: 30px; font-weight: 400; }
.bl-bar-between { padding: 0 4px 0 8px; color: var(--bl-faint); }
.blockchain-lab .bl-chip { display: inline-flex; align-items: center; gap: 4px; max-width: 100px; height: 22px; padding: 0 4px; line-height: 18px; }
.blockchain-lab .bl-chip:disabled { cursor: default; }
.bl-chip span { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-chip svg { flex: none; }
.bl-chip i { font-style: normal; color: var(--bl-faint); }
.blockchain-lab .bl-chip.bl-hover { background: var(--bl-soft); }
.blockchain-lab .bl-chip.bl-selected { border-color: var(--bl-selection); }
.bl-dht-progress { margin: 0; color: var(--bl-ink); line-height: 18px; }
.bl-met { display: grid; grid-template-columns: 16px minmax(56px, 88px) 44px 42px minmax(0, 1fr); gap: 4px; align-items: center; line-height: 22px; color: var(--bl-faint); }
.bl-of-ring .bl-met { grid-template-columns: 16px minmax(40px, 84px) 44px minmax(0, 1fr); }
.bl-dht .bl-known-of { fill: var(--bl-known); stroke: var(--bl-edge); }
.bl-met.bl-needed { color: var(--bl-ink); }
.bl-met.bl-silent { text-decoration: line-through; }
.bl-dht .bl-detail { margin: 0; padding: 5px 10px; border-top: 1px solid var(--bl-line); line-height: 16px; min-height: 43px; color: var(--bl-faint); }
.bl-dht .bl-detail b { font-weight: 600; color: var(--bl-ink); }
@container (min-width: 520px) { .bl-dht-lists { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
@container (min-width: 520px) { .bl-beside > .bl-dht-lists { grid-template-columns: minmax(0, 1fr); align-content: start; border-top: 0; border-left: 1px solid var(--bl-line); } }
@container (max-width: 479px) { .bl-dht .bl-detail { min-height: 75px; } }
`;
