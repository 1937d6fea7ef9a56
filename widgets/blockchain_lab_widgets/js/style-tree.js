// The block tree's own rules. A state is a shape or a pattern first: strip, dash, dots, cross, round corners.

export const CSS = `
.bl-tree { position: relative; display: flex; flex-direction: column; height: 380px; min-width: 0; }
.bl-tree > * { flex: none; }
.bl-tree > .bl-scroll, .bl-tree > .bl-table { flex: 1 1 0; min-height: 0; }
.bl-tree [hidden] { display: none; }
.bl-tree .bl-head { height: 30px; }
.bl-tree .bl-head label:not([hidden]) { display: inline-flex; align-items: center; gap: 6px; }
.blockchain-lab .bl-side { height: 24px; padding: 0 8px; border-color: var(--bl-line); }
.blockchain-lab .bl-side[aria-pressed="true"] { background: color-mix(in srgb, var(--bl-focus) 16%, var(--bl-paper)); border-color: var(--bl-focus); }
.bl-tree .bl-head .bl-news { color: var(--bl-ink); font-weight: 600; }
.bl-chooser { position: relative; }
.bl-chooser summary { padding: 0 8px; border: 1px solid var(--bl-line); border-radius: 4px; line-height: 22px; cursor: pointer; }
.bl-chooser fieldset { position: absolute; z-index: 8; top: 26px; left: 0; margin: 0; padding: 6px 10px; max-height: 190px; overflow: auto;
  background: var(--bl-raised); border: 1px solid var(--bl-edge); border-radius: 4px; box-shadow: 0 2px 6px rgba(0, 0, 0, .25); }
.bl-chooser fieldset label:not([hidden]) { display: flex; gap: 6px; line-height: 24px; }

.bl-tips { display: flex; flex-wrap: wrap; gap: 2px 4px; padding: 3px 6px 1px; font-size: 12px; line-height: 16px; }
.bl-tips:empty, .bl-comparing .bl-tips { display: none; }
.blockchain-lab .bl-tip { display: inline-flex; align-items: center; gap: 5px; padding: 2px 8px 2px 5px; border-color: var(--bl-line);
  border-radius: 12px; white-space: nowrap; max-width: 100%; overflow: hidden; }
.bl-tip i { display: inline-flex; flex: none; }
.bl-tip b { font-weight: 600; }
.bl-tip span { color: var(--bl-faint); overflow: hidden; text-overflow: ellipsis; }
.blockchain-lab .bl-tip.bl-hover { border-color: var(--bl-edge); }
.blockchain-lab .bl-tip.bl-selected { border-color: var(--bl-selection); box-shadow: inset 0 0 0 1px var(--bl-selection); }
.bl-tips-rest { padding: 3px 4px; color: var(--bl-faint); }

.bl-card { padding: 6px 10px; border-top: 1px solid var(--bl-line); font-size: 12px; line-height: 18px; overflow-wrap: anywhere; }
.bl-card-head { display: flex; align-items: baseline; gap: 8px; }
.bl-card-head > :is(b, .bl-card-acts) { flex: none; }
.bl-card-head b { font-size: 14px; }
.bl-card-acts { display: flex; gap: 4px; margin-left: auto; }
.bl-card-acts .bl-button { height: 22px; padding: 0 8px; border-color: var(--bl-line); }
.bl-card-acts .bl-button:disabled { color: var(--bl-faint); cursor: default; }
.bl-card-acts .bl-button:last-child { min-width: 22px; padding: 0; border-color: transparent; }
.blockchain-lab .bl-card-event { padding: 0; border: 0; text-decoration: underline; text-underline-offset: 2px; }
.bl-card-hash { font: 12px/18px var(--bl-mono); user-select: all; }

.bl-compare, .bl-comparing .bl-scroll > svg { display: none; }
.bl-comparing .bl-compare { display: block; width: max-content; min-width: 100%; }
.bl-compare section { padding-bottom: 2px; }
.bl-compare section { width: max-content; min-width: 100%; }
.bl-compare section + section { border-top: 1px solid var(--bl-line); }
.blockchain-lab .bl-compare-name { position: sticky; left: 4px; display: flex; align-items: baseline; gap: 6px; width: max-content; margin: 2px 4px 0;
  padding: 0 6px; font-size: 12px; line-height: 18px; text-align: left; }
.bl-compare-name i { display: inline-flex; flex: none; align-self: center; }
.bl-compare-name span { color: var(--bl-faint); }
.blockchain-lab .bl-compare-name.bl-hover { border-color: var(--bl-edge); }
.blockchain-lab .bl-compare-name.bl-selected { border-color: var(--bl-selection); }

.bl-tree svg { display: block; }
.bl-tree text { fill: var(--bl-ink); font-size: 12px; }
.bl-tree g[tabindex] { cursor: pointer; outline: none; }
@keyframes bl-appear { from { opacity: 0; } }
.bl-tree .bl-boxes > g { animation: bl-appear .25s; }
.bl-tree .bl-moves { transition: transform .25s ease-out, opacity .25s; }
.bl-tree .bl-box { fill: var(--bl-full); stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-tree .bl-name { text-anchor: middle; }
.bl-turning .bl-box, .bl-turning .bl-name { transition: fill 1s; }
.bl-tree .bl-way { fill: none; stroke: var(--bl-focus); stroke-width: 5; stroke-linejoin: round; stroke-linecap: round; stroke-dasharray: 1; }
.bl-tree .bl-halo { fill: none; stroke: none; }
.bl-tree .bl-strip { fill: none; }
.bl-tree .bl-header .bl-box { fill: var(--bl-paper); }
.bl-tree .bl-header .bl-strip { fill: color-mix(in srgb, var(--bl-edge) 55%, var(--bl-paper)); }
.bl-tree .bl-unknown .bl-box { fill: none; stroke-dasharray: 1.5 3; }
.bl-tree .bl-unknown .bl-name { fill: var(--bl-faint); }
.bl-tree .bl-stale .bl-box { stroke-dasharray: 4 3; }
.bl-tree .bl-stale.bl-body .bl-box { fill: color-mix(in srgb, var(--bl-full) 50%, var(--bl-paper)); }
.bl-tree .bl-stale .bl-name { fill: var(--bl-faint); }
.bl-tree .bl-orphan .bl-box { fill: var(--bl-paper); stroke-dasharray: 4 3; rx: 14px; }
.bl-tree .bl-orphan .bl-halo { rx: 17px; }
.bl-legend .bl-orphan .bl-box { rx: 5px; }
.bl-tree .bl-invalid .bl-box { fill: var(--bl-paper); }
.bl-tree .bl-cross { stroke: var(--bl-alarm); stroke-width: 2; fill: none; }
.bl-tree .bl-stripe { stroke: none; }
.bl-tree .bl-back { fill: none; stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-tree .bl-hover .bl-halo { stroke: var(--bl-edge); stroke-width: 2; }
.bl-tree .bl-about .bl-halo { stroke: var(--bl-selection); stroke-width: 2; stroke-dasharray: 2 3; }
.bl-tree .bl-selected .bl-halo { stroke: var(--bl-selection); stroke-width: 2.5; }
.bl-tree g:focus-visible .bl-halo { stroke: var(--bl-focus); stroke-width: 3; }
.bl-tree .bl-link { fill: none; stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-tree .bl-link.bl-trunk { stroke-width: 2.5; }
.bl-tree .bl-link.bl-away { stroke-dasharray: 4 3; }
.bl-tree .bl-arrow { fill: var(--bl-edge); }
.bl-tree .bl-run-line { fill: var(--bl-paper); stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-tree .bl-run-known { fill: var(--bl-paper); stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-tree .bl-run-full { fill: color-mix(in srgb, var(--bl-edge) 70%, var(--bl-paper)); }
.bl-tree .bl-stale .bl-run-line { stroke-dasharray: 4 3; }
.bl-tree .bl-unknown .bl-run-line { stroke-dasharray: 1.5 3; }
.bl-tree .bl-run-tick { fill: var(--bl-selection); pointer-events: none; }
.bl-tree .bl-mark { stroke: var(--bl-ink); stroke-width: 1; pointer-events: none; }
.bl-tree .bl-run-count { fill: var(--bl-faint); }
.bl-tree .bl-tag rect { fill: var(--bl-paper); stroke: var(--bl-edge); }
.bl-tree .bl-tag.bl-hover rect { stroke: var(--bl-ink); }
.bl-tree .bl-tag.bl-selected rect { stroke: var(--bl-selection); stroke-width: 2; }
.bl-tree .bl-tag:focus-visible rect { stroke: var(--bl-focus); stroke-width: 3; }
.bl-tree .bl-word { fill: var(--bl-faint); font-style: italic; }

.bl-badge > path { fill: var(--bl-paper); stroke: var(--bl-ink); stroke-width: 1.5; }
.bl-badge.bl-justified > .bl-sign { fill: var(--bl-ink); }
.bl-badge.bl-finalised > path { fill: var(--bl-ink); }
.bl-badge.bl-finalised > .bl-sign { fill: none; stroke: var(--bl-paper); stroke-width: 2; }
.bl-badge.bl-conflicting > path { fill: var(--bl-alarm); stroke: var(--bl-paper); }
.bl-badge.bl-conflicting > .bl-sign { fill: none; stroke: var(--bl-paper); stroke-width: 2; }
.bl-tree :is(.bl-at-justified, .bl-at-finalised) .bl-box { stroke: var(--bl-ink); stroke-width: 2; }
.bl-tree .bl-at-conflicting .bl-box { stroke: var(--bl-alarm); stroke-width: 3; }
.bl-tree .bl-borders line { stroke: var(--bl-edge); stroke-width: 1; stroke-dasharray: 1 4; }
.bl-tree .bl-borders text { fill: var(--bl-faint); }
.bl-arc-line { fill: none; stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-tree .bl-many .bl-arc:not(.bl-lit, .bl-vote) { visibility: hidden; }
.bl-tree .bl-arc.bl-lit .bl-arc-line, .bl-tree .bl-vote .bl-arc-line { stroke: var(--bl-selection); stroke-width: 2; }
.bl-tree .bl-vote .bl-arc-line { stroke-dasharray: 4 3; }
.bl-tree :is(.bl-lit, .bl-vote) .bl-arrow { fill: var(--bl-selection); }

@container (max-width: 479px) {
  .bl-tree .bl-head { flex-wrap: wrap; height: auto; row-gap: 2px; }
  .bl-card-head { flex-wrap: wrap; }
}
`;
