// The views' own rules. Text is always ink on paper; colours with a meaning fill marks that have an outline.

export const CSS = `
.bl-network, .bl-tree, .bl-lanes { grid-template-columns: minmax(0, 1fr); }
.bl-network { position: relative; height: 360px; display: grid; grid-template-rows: minmax(0, 1fr) auto; min-width: 0; }
.bl-stage { position: relative; min-height: 0; overflow: hidden; }
.bl-stage > * { position: absolute; inset: 0; width: 100%; height: 100%; }
.bl-stage > canvas, .bl-peers { pointer-events: none; }
.bl-stage .vis-network { outline: none; }
.bl-peers { margin: 0; padding: 0; }
.bl-peer { position: absolute; width: 40px; height: 40px; margin: -20px 0 0 -20px; border-radius: 50%; }
.blockchain-lab .bl-peer:focus-visible { outline-width: 3px; outline-offset: -1px; }
.bl-legend { display: flex; flex-wrap: wrap; gap: 1px 12px; padding: 5px 10px 6px; border-top: 1px solid var(--bl-line);
  font-size: 12px; line-height: 18px; }
.bl-legend-network { position: relative; flex-direction: column; }
.bl-legend-row { display: flex; gap: 10px; overflow: hidden; min-height: 18px; }
.bl-legend-row:empty:not(:first-child) { display: none; }
.bl-legend > span, .bl-legend-row > span { display: inline-flex; flex: none; align-items: center; gap: 5px; white-space: nowrap; }
.bl-legend svg { flex: none; }
.bl-zoom { position: absolute; right: 6px; bottom: 4px; display: flex; gap: 2px; }
.bl-zoom .bl-button { background: var(--bl-paper); border-color: var(--bl-line); min-width: 26px; height: 21px; }

.bl-tree { position: relative; display: grid; grid-template-rows: 30px minmax(0, 1fr) auto; height: 300px; min-width: 0; }
.bl-head { display: flex; align-items: center; gap: 8px; padding: 2px 10px 0; font-size: 12px; white-space: nowrap; }
.bl-head .bl-summary { margin-left: auto; color: var(--bl-faint); overflow: hidden; text-overflow: ellipsis; }
.bl-scroll { overflow: auto; min-height: 0; position: relative; }
.bl-tree svg { display: block; }
.bl-tree text { fill: var(--bl-ink); font-size: 12px; }
.bl-tree g[tabindex] { cursor: pointer; outline: none; }
@keyframes bl-appear { from { opacity: 0; } }
.bl-tree .bl-boxes > g { animation: bl-appear .25s; }
.bl-tree .bl-moves { transition: transform .25s ease-out, opacity .25s; }
.bl-tree .bl-box { fill: var(--bl-full); stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-tree .bl-name { text-anchor: middle; }
.bl-tree .bl-halo { fill: none; stroke: none; }
.bl-tree .bl-header .bl-box { fill: var(--bl-paper); }
.bl-tree .bl-unknown .bl-box { fill: none; stroke-dasharray: 1.5 3; }
.bl-tree .bl-unknown .bl-name { fill: var(--bl-faint); }
.bl-tree .bl-stale .bl-box, .bl-tree .bl-orphan .bl-box { stroke-dasharray: 4 3; }
.bl-tree .bl-stale.bl-body .bl-box { fill: color-mix(in srgb, var(--bl-full) 50%, var(--bl-paper)); }
.bl-tree .bl-stale .bl-name { fill: var(--bl-faint); }
.bl-tree .bl-cross { stroke: var(--bl-alarm); stroke-width: 2; fill: none; }
.bl-tree .bl-stripe { stroke: none; }
.bl-tree .bl-hover .bl-halo { stroke: var(--bl-edge); stroke-width: 2; }
.bl-tree .bl-selected .bl-halo { stroke: var(--bl-selection); stroke-width: 2.5; }
.bl-tree g:focus-visible .bl-halo { stroke: var(--bl-focus); stroke-width: 3; }
.bl-tree .bl-link { fill: none; stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-tree .bl-link.bl-away { stroke-dasharray: 4 3; }
.bl-tree .bl-arrow { fill: var(--bl-edge); }
.bl-tree .bl-run-line { fill: var(--bl-paper); stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-tree .bl-run-known { fill: var(--bl-paper); stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-tree .bl-run-full { fill: color-mix(in srgb, var(--bl-edge) 70%, var(--bl-paper)); }
.bl-tree .bl-stale .bl-run-line { stroke-dasharray: 4 3; }
.bl-tree .bl-unknown .bl-run-line { stroke-dasharray: 1.5 3; }
.bl-tree .bl-mark { stroke: var(--bl-ink); stroke-width: 1; pointer-events: none; }
.bl-tree .bl-run-count { fill: var(--bl-faint); }
.bl-tree .bl-tag rect { fill: var(--bl-paper); stroke: var(--bl-edge); }
.bl-tree .bl-tag.bl-selected rect { stroke: var(--bl-selection); stroke-width: 2; }
.bl-tree .bl-word { fill: var(--bl-faint); font-style: italic; }

.bl-lanes { position: relative; display: grid; grid-template-rows: 30px minmax(0, 1fr) auto; height: 360px; min-width: 0; }
.bl-lanes .bl-stage { overflow: hidden auto; }
.bl-lanes canvas { position: static; height: auto; pointer-events: auto; display: block; }
`;
