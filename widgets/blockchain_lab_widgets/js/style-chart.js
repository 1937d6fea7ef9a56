// How the space-time chart looks. Text is ink on paper; colours with a meaning are strokes and marks.
import { CLASSES } from "./palette.js";

const byClass = CLASSES.map(name => `.bl-chart .bl-class-${name} { --bl-mine: var(--bl-class-${name}); }`).join("\n");

export const CSS = `
.bl-chart { position: relative; display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); height: 420px; min-width: 0; }
.bl-chart .bl-head { flex-wrap: wrap; gap: 3px 6px; padding: 4px 8px; border-bottom: 1px solid var(--bl-line); }
.bl-chart .bl-toggles { display: inline-flex; gap: 3px; }
.blockchain-lab .bl-toggle { display: inline-flex; align-items: center; gap: 3px; height: 22px; padding: 0 5px; font-size: 12px;
  border-color: var(--bl-line); color: var(--bl-faint); background: var(--bl-paper); }
.blockchain-lab .bl-toggle[aria-pressed="true"], .blockchain-lab .bl-toggle[aria-expanded] { color: var(--bl-ink); }
.blockchain-lab .bl-toggle[aria-pressed="true"] { background: var(--bl-soft); border-color: var(--bl-edge); }
.blockchain-lab .bl-toggle[aria-pressed="false"] { text-decoration: line-through; }
.bl-toggle[aria-pressed="false"] svg { opacity: .35; }
.blockchain-lab .bl-chart .bl-head select { height: 22px; font-size: 12px; max-width: 128px; }
.bl-chart-lane-choice { position: relative; }
.bl-chart-lane-list { position: absolute; z-index: 8; top: 24px; right: 0; display: flex; flex-direction: column; max-height: 260px; min-width: 130px;
  overflow: auto; padding: 6px; background: var(--bl-raised); border: 1px solid var(--bl-edge); border-radius: 4px; box-shadow: 0 2px 6px rgba(0, 0, 0, .25); }
.bl-chart-lane-list[hidden] { display: none; }
.bl-chart-lane-list label { display: flex; align-items: center; gap: 6px; padding: 1px 4px; }
.blockchain-lab .bl-chart-lane-list button { align-self: start; padding: 0 4px; text-decoration: underline; }
.bl-chart-foot { display: flex; align-items: center; gap: 8px; padding: 3px 8px; border-top: 1px solid var(--bl-line); font-size: 12px; line-height: 18px; }
.bl-chart-foot .bl-summary { flex: 1; min-width: 0; color: var(--bl-faint); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-chart-window { display: inline-flex; gap: 2px; }
.bl-chart-window .bl-table-button { order: -1; margin-right: 4px; }
.bl-chart-window .bl-button { min-width: 24px; height: 22px; border-color: var(--bl-line); }

.bl-chart-picture { display: block; user-select: none; }
.bl-chart text { fill: var(--bl-ink); font-size: 12px; }
.bl-plot { overflow: hidden; cursor: grab; touch-action: pan-y; }
.bl-plot.bl-over { cursor: pointer; }
.bl-chart-back { fill: transparent; }
.bl-chart-axis { fill: var(--bl-soft); fill-opacity: .35; cursor: pointer; touch-action: none; }
.bl-chart-times, .bl-chart-pin, .bl-chart-scale, .bl-chart-labels, .bl-chart-badges, .bl-chart-veil, .bl-chart-dots, .bl-chart-now, .bl-chart-lanes,
.bl-chart-faint, .bl-chart-lit, .bl-chart-chosen, .bl-chart-links { pointer-events: none; }
.bl-chart .bl-chart-scale, .bl-chart .bl-chart-wait { fill: var(--bl-faint); font-style: italic; }
.bl-chart-pin { fill: var(--bl-ink); }
.bl-chart-now { stroke: var(--bl-ink); stroke-width: 1.5; }
.bl-chart-veil { fill: var(--bl-paper); fill-opacity: .68; }
.bl-chart-lanes line { stroke: var(--bl-line); stroke-width: 2; }
.bl-chart-lanes line.bl-hover { stroke: var(--bl-edge); }
.bl-chart-lanes line.bl-selected { stroke: var(--bl-selection); }
.bl-chart-head { cursor: pointer; outline: none; }
.bl-chart-head rect { fill: transparent; }
.bl-chart-head:hover rect, .bl-chart-head.bl-hover rect { fill: var(--bl-soft); }
.bl-chart-head.bl-selected rect { stroke: var(--bl-selection); stroke-width: 2; }
.bl-chart-head:focus-visible rect { stroke: var(--bl-focus); stroke-width: 2; }

${byClass}
.bl-chart-faint { fill: none; stroke: var(--bl-mine); stroke-width: 1; opacity: .28; }
.bl-chart-arrow, .bl-chart-mark { outline: none; }
.bl-chart-arrow path { fill: none; stroke: var(--bl-mine); stroke-width: 1.5; }
.bl-chart-arrow .bl-chart-end { fill: var(--bl-mine); stroke-width: 1; stroke-linejoin: round; }
.bl-chart-arrow.bl-lost .bl-chart-end { fill: none; stroke: var(--bl-alarm); stroke-width: 2.5; }
.bl-chart-arrow.bl-late .bl-chart-shaft { stroke-dasharray: 9 3; }
.bl-chart-arrow.bl-copy .bl-chart-shaft { stroke-dasharray: 2 3; stroke-width: 2.5; }
.bl-chart-arrow.bl-flying .bl-chart-shaft { stroke-dasharray: 4 4; }
.bl-chart-arrow.bl-because .bl-chart-shaft { stroke-width: 3; }
.bl-chart .bl-chart-halo { fill: none; stroke: none; }
.bl-chart g:focus-visible > .bl-chart-halo { stroke: var(--bl-focus); stroke-width: 7; stroke-linecap: round; opacity: .55; }
.bl-chart-lit { fill: none; stroke: var(--bl-edge); stroke-width: 7; stroke-linecap: round; opacity: .45; }
.bl-chart-chosen { fill: none; stroke: var(--bl-selection); stroke-width: 6; stroke-linecap: round; opacity: .4; }
.bl-chart-chosen.bl-many { display: none; }
.bl-chart-arrow.bl-selected .bl-chart-shaft { stroke-width: 3; }
.bl-chart-links path { fill: none; stroke: var(--bl-selection); stroke-width: 5; stroke-linecap: round; opacity: .22; }
.bl-chart-badges circle { fill: var(--bl-ink); stroke: var(--bl-paper); stroke-width: 1.5; }
.bl-chart .bl-chart-badges text { fill: var(--bl-paper); text-anchor: middle; }
.bl-chart-labels text { stroke: var(--bl-paper); stroke-width: 3.5; stroke-linejoin: round; paint-order: stroke; }
.bl-chart-dots circle { fill: var(--bl-mine); stroke: var(--bl-paper); stroke-width: 1; }
.bl-chart-dots circle.bl-lost { fill: var(--bl-paper); stroke: var(--bl-mine); stroke-width: 2; }

.bl-chart-shape { fill: var(--bl-paper); stroke: var(--bl-ink); stroke-width: 1.5; }
.bl-mark-start .bl-chart-shape, .bl-mark-mine .bl-chart-shape { fill: var(--bl-ink); }
.bl-mark-revive .bl-chart-shape { fill: var(--bl-ink); }
.bl-mark-kill .bl-chart-shape { stroke: var(--bl-alarm); stroke-width: 3; fill: none; }
.bl-mark-timer .bl-chart-shape { fill: var(--bl-edge); stroke: none; }
.bl-mark-connect .bl-chart-shape { stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-mark-tip .bl-chart-shape { fill: var(--bl-full); stroke: var(--bl-ink); stroke-width: 1; }
.bl-mark-everywhere .bl-chart-shape { fill: none; stroke: var(--bl-alarm); stroke-width: 2; stroke-dasharray: 6 4; }
.bl-mark-hang-up .bl-chart-shape { fill: none; }
.bl-chart-mark.bl-hover .bl-chart-halo { stroke: var(--bl-edge); stroke-width: 6; opacity: .6; }
.bl-chart-mark.bl-selected .bl-chart-halo { stroke: var(--bl-selection); stroke-width: 6; opacity: .6; }
`;
