// A plot's own rules, wherever it stands, and those of the view "curves". A line is told by colour, dashes and its name.

const DASHES = ["none", "7 4", "2 3", "10 3 2 3", "14 4", "6 3 1.5 3 1.5 3", "4 2", "1.5 4"];
const dash = (pattern, slot) => `.bl-plot [data-slot="${slot}"] { --bl-dash: ${pattern}; }`;

export const CSS = `
.bl-plot { position: relative; min-width: 0; min-height: 0; height: 100%; font-size: 12px; }
.bl-plot > svg { display: block; position: absolute; inset: 0; touch-action: pan-y; cursor: crosshair; }
.bl-plot text { fill: var(--bl-ink); font-size: 12px; font-variant-numeric: tabular-nums; }
.bl-plot .bl-plot-unit { fill: var(--bl-faint); }
.bl-plot-grid { stroke: var(--bl-line); }
.bl-plot-axis { fill: none; stroke: var(--bl-edge); }
.bl-plot-clock { stroke: var(--bl-focus); stroke-width: 1.5; }
.bl-plot-band { fill: color-mix(in srgb, var(--bl-edge) 22%, transparent); stroke: none; pointer-events: none; }
.bl-plot-line { fill: none; stroke: var(--bl-own); stroke-width: 2; stroke-dasharray: var(--bl-dash); stroke-linejoin: round; }
.bl-plot-edge { fill: none; stroke: none; stroke-width: 6; stroke-linejoin: round; opacity: .4; }
.bl-plot-dots { fill: var(--bl-own); stroke: var(--bl-paper); stroke-width: .5; }
.bl-plot-lead { fill: none; stroke: var(--bl-own); stroke-width: 1; opacity: .5; }
.bl-plot-ahead path { fill: none; stroke: var(--bl-own); stroke-width: 1.5; stroke-dasharray: var(--bl-dash); opacity: .4; }
.bl-plot-series { outline: none; }
.bl-plot-line, .bl-plot-edge, .bl-plot-dots, .bl-plot-lead, .bl-plot-hair { pointer-events: none; }
.bl-plot-name { cursor: pointer; }
.bl-plot-name rect { fill: var(--bl-paper); fill-opacity: .8; stroke: none; }
.bl-plot-name:hover rect { fill: var(--bl-soft); }
.bl-some-lit .bl-plot-series:not(.bl-hover, .bl-selected) :is(.bl-plot-line, .bl-plot-dots) { opacity: .45; }
.bl-plot-series.bl-hover .bl-plot-line { stroke-width: 3; }
.bl-plot-top .bl-plot-edge { stroke: var(--bl-selection); }
.bl-plot-series.bl-selected .bl-plot-name rect { stroke: var(--bl-selection); stroke-width: 1.5; }
.bl-plot-series:focus-visible .bl-plot-name rect { stroke: var(--bl-focus); stroke-width: 2; }
.bl-plot-series:focus-visible .bl-plot-line { stroke-width: 3; }
.bl-plot-hair line { stroke: var(--bl-faint); stroke-dasharray: 3 3; }
.bl-plot-hair circle { fill: var(--bl-own); stroke: var(--bl-ink); }
.bl-plot-mark line { stroke: var(--bl-own); }
.bl-plot-mark path { fill: var(--bl-own); }
.bl-plot-mark text { paint-order: stroke; stroke: var(--bl-paper); stroke-width: 3px; }
.bl-sketch-touch { fill: transparent; cursor: crosshair; touch-action: none; }
.bl-sketch-line { fill: none; stroke: var(--bl-ink); stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; pointer-events: none; }
.bl-sketch-point { fill: var(--bl-paper); stroke: var(--bl-ink); stroke-width: 1.5; outline: none; pointer-events: none; }
.bl-sketch-point.bl-undrawn { fill: none; stroke: var(--bl-edge); stroke-dasharray: 2 2; }
.bl-sketch-point:focus-visible { stroke: var(--bl-focus); stroke-width: 3; }
.bl-sketch-label { paint-order: stroke; stroke: var(--bl-paper); stroke-width: 3px; stroke-linejoin: round; pointer-events: none; }
.bl-curves { position: relative; display: flex; flex-direction: column; height: 380px; min-width: 0; }
.bl-curves > * { flex: none; }
.bl-curves [hidden] { display: none !important; }
.bl-curves .bl-head { min-height: 32px; flex-wrap: wrap; gap: 2px 8px; padding-top: 3px; }
.bl-curves .bl-head select { min-width: 0; }
.bl-curves .bl-whole { display: inline-flex; align-items: center; gap: 4px; }
.bl-curves .bl-whole:has(:disabled) { color: var(--bl-faint); }
.blockchain-lab .bl-plot-save { margin-left: auto; height: 22px; padding: 0 6px; font-size: 12px; line-height: 16px; color: var(--bl-faint); border-color: var(--bl-line); }
.blockchain-lab .bl-plot-save:hover { color: var(--bl-ink); }
.bl-curves-stage { padding: 2px 8px 0; }
.bl-curves > .bl-curves-stage, .bl-curves > .bl-table { flex: 1 1 0; min-height: 0; }
.bl-curves > .bl-legend { height: auto; }
.bl-plot-median { stroke: var(--bl-ink); stroke-width: 2; }
.bl-curves .bl-detail { margin: 0; padding: 5px 10px; border-top: 1px solid var(--bl-line); line-height: 16px; min-height: 43px; font-size: 12px; color: var(--bl-faint); }
${DASHES.map(dash).join("\n")}
`;
