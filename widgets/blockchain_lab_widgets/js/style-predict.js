// How the card of a prediction looks. What was said is ink, what was so has the colour of a first line in a plot.

export const CSS = `
.bl-predict-root { padding: 12px 16px 10px; margin-bottom: 8px; box-shadow: inset 4px 0 var(--bl-focus); }
.blockchain-lab .bl-predict-asks { margin: 0 0 8px; font-size: 14px; line-height: 20px; font-weight: 700; overflow-wrap: anywhere; }
.bl-predict-root [hidden] { display: none; }
.bl-predict-foot { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 16px; min-height: 30px; margin-top: 8px; }
.blockchain-lab .bl-predict-words { flex: 1 1 320px; margin: 0; min-width: 0; overflow-wrap: anywhere; }
.bl-predict-root[data-stage="open"] .bl-predict-words, .bl-predict-root[data-stage="locked"] .bl-predict-words { color: var(--bl-faint); }
.bl-predict-verdict:not(:empty) { margin-right: 4px; }
.bl-predict-buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.blockchain-lab .bl-predict-button { height: 30px; padding: 0 14px; border-color: var(--bl-edge); }
.blockchain-lab .bl-predict-main { font-weight: 600; border: 2px solid var(--bl-focus); }
.blockchain-lab .bl-predict-button[aria-disabled="true"] { color: var(--bl-faint); border-color: var(--bl-line); cursor: default; }
.blockchain-lab .bl-predict-refused { margin: 6px 0 0; padding: 4px 10px; box-shadow: inset 4px 0 var(--bl-alarm); overflow-wrap: anywhere; }
.blockchain-lab .bl-predict-refused:empty { display: none; }

.bl-predict-number { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; }
.bl-predict-scale { position: relative; flex: 1 1 260px; min-width: 0; padding: 0 8px; }
.bl-predict-scale text { fill: var(--bl-faint); font-size: 12px; }
.bl-predict-scale :is(.bl-predict-said, .bl-predict-was) text { fill: var(--bl-ink); font-weight: 600; paint-order: stroke; stroke: var(--bl-paper); stroke-width: 4px; stroke-linejoin: round; }
.bl-predict-line { stroke: var(--bl-edge); stroke-width: 2; }
.bl-predict-tick { stroke: var(--bl-edge); }
.bl-predict-band { fill: color-mix(in srgb, var(--bl-edge) 26%, transparent); stroke: var(--bl-edge); stroke-dasharray: 2 3; }
.bl-predict-said path { fill: var(--bl-ink); }
.bl-predict-was path { fill: var(--bl-curve-0); stroke: var(--bl-ink); }
.bl-predict-number:has(.bl-predict-slider) .bl-predict-said path { visibility: hidden; }
.blockchain-lab .bl-predict-slider { position: absolute; left: 0; top: 18px; width: 100%; --bl-part: 0; }
.blockchain-lab .bl-predict-slider::-webkit-slider-runnable-track { background: none; }
.blockchain-lab .bl-predict-slider::-moz-range-track, .blockchain-lab .bl-predict-slider::-moz-range-progress { background: none; }
.blockchain-lab .bl-predict-slider.bl-unsaid::-webkit-slider-thumb { background: var(--bl-paper); border: 2px dashed var(--bl-edge); }
.blockchain-lab .bl-predict-slider.bl-unsaid::-moz-range-thumb { background: var(--bl-paper); border: 2px dashed var(--bl-edge); }
.bl-predict-field { white-space: nowrap; }

.blockchain-lab .bl-predict-choice { display: grid; gap: 2px; margin: 0; padding: 0; border: 0; }
.bl-predict-choice label { display: flex; align-items: center; gap: 8px; padding: 3px 6px; border-radius: 4px; cursor: pointer; overflow-wrap: anywhere; }
.bl-predict-choice label:hover { background: var(--bl-soft); }
.bl-predict-choice input { flex: none; margin: 0; accent-color: var(--bl-focus); }

.blockchain-lab .bl-predict-order { display: grid; gap: 2px; max-width: 420px; margin: 0; padding: 0; list-style: none; counter-reset: bl-place; touch-action: none; }
.bl-predict-order li { display: flex; align-items: center; gap: 2px; height: 28px; padding: 0 4px 0 8px; counter-increment: bl-place; border: 1px solid var(--bl-line); border-radius: 4px; background: var(--bl-raised); cursor: grab; }
.bl-predict-order li::before { content: counter(bl-place) "."; width: 26px; color: var(--bl-faint); }
.bl-predict-order li.bl-held { border-color: var(--bl-selection); cursor: grabbing; }
.bl-predict-thing { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.blockchain-lab .bl-predict-order button { width: 30px; height: 24px; font-size: 12px; }
.blockchain-lab .bl-predict-order button[aria-disabled="true"] { color: var(--bl-faint); opacity: .4; cursor: default; }

.bl-predict-columns { display: grid; grid-template-columns: minmax(0, max-content) minmax(48px, 130px) minmax(0, max-content); gap: 0 8px; }
.bl-predict-columns > div > b { display: block; line-height: 22px; font-size: 12px; font-weight: 400; color: var(--bl-faint); }
.blockchain-lab .bl-predict-columns ul { margin: 0; padding: 0; list-style: none; }
.bl-predict-columns li { display: flex; align-items: center; gap: 6px; height: 26px; padding: 0 6px; }
.bl-predict-columns li.bl-predict-it { font-weight: 600; }
.bl-predict-place { flex: none; min-width: 18px; font-size: 12px; color: var(--bl-faint); }
.bl-predict-it .bl-predict-place { color: var(--bl-ink); }
.bl-predict-right { stroke: var(--bl-ink); stroke-width: 2; }
.bl-predict-wrong { stroke: var(--bl-edge); stroke-width: 2; stroke-dasharray: 5 4; }

.bl-predict-curve { height: 230px; }
.bl-predict-area { fill: color-mix(in srgb, var(--bl-edge) 24%, transparent); stroke: none; pointer-events: none; }
.bl-predict-body .bl-table { height: 230px; border: 1px solid var(--bl-line); }
.blockchain-lab :is(.bl-predict-clear, .bl-predict-body .bl-table-button) { height: 24px; margin-left: 26px; padding: 0 8px; font-size: 12px; border-color: var(--bl-line); }
`;
