// The bar, the strip of futures, and the panels that float over a view.

export const CSS = `
.bl-transport {
  display: grid; align-items: center; column-gap: 6px; padding: 0 8px; min-width: 0;
  grid-template: "steps kinds scrub readout speed extras" 39px "futures futures picture words words words" auto
    / auto auto minmax(0, 1fr) auto auto auto;
}
.bl-transport:not(:only-child) { border-bottom: 1px solid var(--bl-line); }
.bl-play-steps, .bl-kinds, .bl-extras { display: flex; align-items: center; gap: 2px; }
.bl-play-steps { grid-area: steps; }
.bl-play-steps .bl-button-play { min-width: 36px; border-color: var(--bl-line); }
.bl-kinds { grid-area: kinds; gap: 0; }
.bl-kind { width: 112px; text-overflow: ellipsis; }
.bl-speed { grid-area: speed; }
.bl-extras { grid-area: extras; }
.bl-extras [aria-expanded="true"] { background: var(--bl-soft); }
.bl-readout { grid-area: readout; display: flex; gap: 10px; white-space: nowrap; }
.bl-readout > * { text-align: right; }
.bl-readout .bl-time { box-sizing: content-box; padding-left: 14px; position: relative; }
.bl-time.bl-jump::before { content: "»"; position: absolute; left: 0; }
.bl-readout .bl-place { color: var(--bl-faint); }

.bl-scrub { grid-area: scrub; position: relative; height: 26px; --bl-thumb: 14px; --bl-way: (100% - var(--bl-thumb)); }
.bl-scrubber { appearance: none; position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; background: none; cursor: pointer; touch-action: none; }
.bl-scrubber::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: linear-gradient(var(--bl-focus), var(--bl-focus)) 0 / calc(var(--bl-part) * var(--bl-way) + 7px) no-repeat, var(--bl-firm); }
.bl-scrubber::-moz-range-track { height: 4px; border-radius: 2px; background: var(--bl-firm); }
.bl-scrubber::-moz-range-progress { height: 4px; border-radius: 2px; background: var(--bl-focus); }
.bl-scrubber::-webkit-slider-thumb { appearance: none; width: var(--bl-thumb); height: var(--bl-thumb); margin-top: -5px; border: 2px solid var(--bl-paper); border-radius: 50%; background: var(--bl-focus); }
.bl-scrubber::-moz-range-thumb { box-sizing: border-box; width: var(--bl-thumb); height: var(--bl-thumb); border: 2px solid var(--bl-paper); border-radius: 50%; background: var(--bl-focus); }
.bl-loop {
  position: absolute; top: 4px; bottom: 4px; pointer-events: none; border: 1px solid var(--bl-focus); border-width: 0 2px; border-radius: 3px;
  left: calc(var(--bl-from) * var(--bl-way) + 7px); width: max(4px, calc((var(--bl-to) - var(--bl-from)) * var(--bl-way)));
  background: color-mix(in srgb, var(--bl-focus) 22%, transparent);
}
.bl-loop[hidden], .bl-transport > [hidden] { display: none; }

.bl-futures { grid-area: futures; display: flex; align-items: center; gap: 2px; padding: 1px 0 4px; color: var(--bl-faint); }
.bl-futures > svg { margin: 0 5px 0 7px; flex: none; }
.blockchain-lab .bl-future { min-width: 24px; height: 24px; padding: 0 3px; font-size: 12px; line-height: 16px; color: var(--bl-ink); }
.blockchain-lab .bl-future[aria-current] { border-color: var(--bl-ink); font-weight: 600; }
.blockchain-lab .bl-futures-rest { width: 56px; height: 24px; margin-left: 2px; font-size: 12px; }
.bl-futures-picture { grid-area: picture; position: relative; margin: 0 7px; padding: 3px 0 6px; cursor: pointer; }
.bl-futures-picture svg { display: block; width: 100%; }
.bl-futures-picture path { fill: none; stroke: var(--bl-edge); stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.bl-futures-picture .bl-futures-way { stroke: var(--bl-ink); stroke-width: 2.5; }
.bl-futures-picture .bl-hover { stroke: var(--bl-focus); stroke-width: 3; }
.bl-futures-cursor { position: absolute; top: 0; bottom: 2px; width: 1px; background: var(--bl-focus); left: calc(var(--bl-part, 0) * 100%); pointer-events: none; }
.bl-futures-words { grid-area: words; width: 0; min-width: 100%; padding-bottom: 4px; font-size: 12px; line-height: 16px; color: var(--bl-faint);
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }

.bl-float {
  position: absolute; z-index: 8; right: 8px; top: calc(var(--bl-below) + 4px); width: min(var(--bl-wide, 340px), 100% - 16px);
  max-height: min(100% - var(--bl-below) - 12px, 540px); overflow: auto; padding: 8px 12px 12px; color: var(--bl-ink); background: var(--bl-raised);
  border: 1px solid var(--bl-edge); border-radius: 6px; box-shadow: 0 4px 16px rgba(0, 0, 0, .3); overscroll-behavior: contain;
}
.blockchain-lab .bl-float:focus { outline: none; }
.bl-bar-root > .bl-float { position: static; width: auto; max-height: 460px; margin: 0 8px 8px; box-shadow: none; }
.bl-float-head { position: sticky; top: -8px; z-index: 1; padding-top: 2px; background: var(--bl-raised); display: flex; align-items: center; justify-content: space-between; margin-right: -6px; }
.bl-more-row { margin: 0; padding: 6px 0 0; border: 0; min-width: 0; }
.bl-more-row legend { float: left; width: 64px; padding: 0; line-height: 28px; }
.bl-more-controls { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; min-height: 28px; margin-left: 64px; }
.bl-more-controls label { display: inline-flex; align-items: center; gap: 6px; margin-right: 8px; }
.bl-more-controls input[type="radio"] { margin: 0; accent-color: var(--bl-focus); }
.bl-more-field { width: 108px; height: 28px; padding: 0 8px; font: inherit; color: inherit; background: var(--bl-paper); border: 1px solid var(--bl-edge); border-radius: 4px; }
.bl-more-field[aria-invalid] { border-color: var(--bl-alarm); }
.bl-float .bl-more-button { padding: 0 10px; border-color: var(--bl-edge); }
.bl-float .bl-more-button:disabled { color: var(--bl-faint); border-color: var(--bl-line); cursor: default; background: none; }
.bl-more-hint { margin: 2px 0 0 64px; font-size: 12px; line-height: 16px; color: var(--bl-faint); }
.bl-more-hint.bl-more-wrong { color: var(--bl-ink); }
.bl-more-hint.bl-more-wrong::before { content: "! "; font-weight: 700; color: var(--bl-ink); }

.bl-float-help { --bl-wide: 640px; }
.bl-help-parts { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 24px; }
.bl-help-parts h3 { margin: 8px 0 4px; font-size: 14px; line-height: 20px; font-weight: 600; }
.blockchain-lab .bl-help-list { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 10px; margin: 0; font-size: 12px; line-height: 18px; }
.bl-help-list dt { display: flex; gap: 3px; align-items: center; white-space: nowrap; min-height: 18px; align-self: start; }
.bl-help-list dd { margin: 0; }
.bl-help-list kbd { font: inherit; padding: 0 5px; border: 1px solid var(--bl-edge); border-radius: 3px; background: var(--bl-paper); }
.bl-help-list svg { overflow: visible; }
.bl-help-class { display: inline-flex; align-items: center; gap: 4px; margin-right: 10px; white-space: nowrap; }

@container (max-width: 799px) {
  .bl-transport {
    padding: 4px 8px; row-gap: 0;
    grid-template: "scrub scrub scrub scrub scrub" 28px "picture picture picture picture picture" auto
      "steps kinds readout speed extras" 34px "futures futures words words words" auto / auto auto minmax(0, 1fr) auto auto;
  }
  .bl-readout { justify-content: end; }
  .bl-futures { padding: 2px 0; }
}
@container (max-width: 639px) {
  .bl-transport {
    grid-template: "scrub scrub scrub" 28px "picture picture picture" auto "steps readout extras" 34px "kinds . speed" 34px
      "futures futures futures" auto "words words words" auto / auto minmax(0, 1fr) auto;
  }
  .bl-futures { flex-wrap: wrap; }
  .bl-help-parts { grid-template-columns: minmax(0, 1fr); }
}
@container (max-width: 429px) {
  .bl-transport {
    grid-template: "scrub scrub" 28px "picture picture" auto "steps extras" 34px "readout speed" 34px "kinds kinds" 34px
      "futures futures" auto "words words" auto / auto minmax(0, 1fr);
  }
  .bl-readout { justify-content: start; }
  .bl-extras, .bl-speed { justify-self: end; }
  .bl-more-row legend { float: none; }
  .bl-more-controls, .bl-more-hint { margin-left: 0; }
}
`;
