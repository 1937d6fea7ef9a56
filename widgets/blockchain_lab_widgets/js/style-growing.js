// The rules of a growing curve.
export { CSS as PAPER } from "./style-paper.js";

export const GROWING = `
.bl-growing-head, .bl-growing-foot { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; min-height: 40px; padding: 4px 14px; }
.bl-growing-head { border-bottom: 1px solid var(--bl-line); }
.bl-growing-head > .bl-place { font-weight: 600; }
.bl-growing-foot { border-top: 1px solid var(--bl-line); }
.bl-growing-plot { display: block; width: 100%; }
.blockchain-lab .bl-growing-axes { margin: 0; padding: 0 14px 6px; font-size: 12px; line-height: 18px; text-align: center; }
.bl-growing-plot line { stroke: var(--bl-line); stroke-width: 1; }
.bl-growing-plot polyline { fill: none; stroke: var(--bl-tip-1); stroke-width: 2.5; stroke-linejoin: round; }
.bl-growing[data-phase="playing"] .bl-growing-plot polyline { stroke-dasharray: 7 3; }
.bl-growing-plot text { font-size: 12px; fill: var(--bl-ink); font-variant-numeric: tabular-nums; }
.blockchain-lab .bl-growing-press { font-weight: 600; background: var(--bl-paper); border: 1px solid var(--bl-edge); }
.bl-growing-bar { position: relative; flex: 0 0 230px; height: 12px; border: 1px solid var(--bl-edge); border-radius: 6px; background: var(--bl-paper); overflow: hidden; }
.bl-growing-bar > i { position: absolute; inset: 0 auto 0 0; width: calc(100% * var(--bl-done, 0)); background: var(--bl-known); }
.bl-growing-words { flex: 1 1 260px; min-width: 0; font-variant-numeric: tabular-nums; }
`;
