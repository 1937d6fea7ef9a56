// The rules of what explains: "Why?", the propagation tree and the list of events.

export const CSS = `
.bl-why, .bl-events { grid-template-columns: minmax(0, 1fr); }
.bl-why { display: grid; grid-template-rows: 32px minmax(0, 1fr) auto; height: 360px; min-width: 0; font-size: 12px; }
.bl-why .bl-detail { margin: 0; padding: 5px 10px; border-top: 1px solid var(--bl-line); line-height: 16px; color: var(--bl-faint); }
.bl-why .bl-question { margin: 0; padding: 6px 10px 4px; font-size: 14px; line-height: 20px; font-weight: 600; overflow-wrap: anywhere; }
.bl-why .bl-answer { margin: 0; padding: 0 10px 6px; line-height: 18px; color: var(--bl-faint); }
.bl-why [hidden] { display: none; }
.bl-choice { display: inline-flex; }
.blockchain-lab .bl-choice button { height: 24px; padding: 0 8px; line-height: 18px; border-color: var(--bl-line); border-radius: 0; }
.blockchain-lab .bl-choice button + button { margin-left: -1px; }
.blockchain-lab .bl-choice button:first-child { border-radius: 4px 0 0 4px; }
.blockchain-lab .bl-choice button:last-child { border-radius: 0 4px 4px 0; }
.blockchain-lab .bl-choice button[aria-pressed="true"] { background: color-mix(in srgb, var(--bl-focus) 18%, var(--bl-paper)); border-color: var(--bl-focus); position: relative; }
.bl-steps { margin: 0; padding: 0 0 6px; list-style: none; }
.bl-step { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: start; }
.blockchain-lab .bl-step-main { display: flex; align-items: start; gap: 8px; width: 100%; padding: 3px 4px 3px 10px; line-height: 18px; text-align: left; border-radius: 0; }
.blockchain-lab .bl-step-main:focus-visible { outline-offset: -2px; }
.bl-step .bl-number { flex: none; width: 22px; text-align: right; color: var(--bl-faint); }
.bl-step .bl-number:empty { display: none; }
.bl-step .bl-at { flex: none; width: 66px; text-align: right; }
.bl-step .bl-waited { flex: none; width: 62px; text-align: right; color: var(--bl-faint); }
.bl-step svg, .bl-step .bl-no-mark { flex: none; width: 15px; height: 18px; }
.bl-step .bl-what { min-width: 0; overflow-wrap: anywhere; }
.bl-step.bl-later .bl-step-main { color: var(--bl-faint); }
.bl-step.bl-later svg, .bl-event.bl-later svg { opacity: .5; }
.bl-step.bl-now { background: color-mix(in srgb, var(--bl-focus) 14%, var(--bl-paper)); }
.bl-step.bl-hover { background: var(--bl-soft); }
.bl-step.bl-selected { box-shadow: inset 0 0 0 2px var(--bl-selection); }
.blockchain-lab .bl-unfold { height: 20px; margin: 2px 8px 2px 2px; padding: 0 6px; line-height: 16px; border-color: var(--bl-line); color: var(--bl-faint); font-family: var(--bl-mono); }
.blockchain-lab .bl-unfold[aria-expanded="true"] { background: var(--bl-soft); color: var(--bl-ink); }
.bl-peek { grid-column: 1 / -1; margin: 0 8px 6px 42px; padding: 6px 10px; border: 1px solid var(--bl-line); border-radius: 4px; background: var(--bl-paper); }
.bl-peek dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 12px; margin: 0 0 4px; line-height: 18px; }
.bl-peek dt { color: var(--bl-faint); }
.bl-peek dd { margin: 0; font-family: var(--bl-mono); overflow-wrap: anywhere; }
.bl-peek code { display: block; font: 12px/18px var(--bl-mono); color: var(--bl-ink); background: none; padding: 0; overflow-wrap: break-word; }
.bl-peek p { display: flex; align-items: center; justify-content: space-between; gap: 10px; margin: 4px 0 0; color: var(--bl-faint); }
.blockchain-lab .bl-show-bytes { height: 24px; padding: 0 8px; border-color: var(--bl-line); color: var(--bl-ink); }
.blockchain-lab .bl-gap { width: calc(100% - 20px); margin: 2px 10px; padding: 2px; border: 1px dashed var(--bl-line); color: var(--bl-faint); }
.bl-hidden-count { padding: 4px 10px; color: var(--bl-faint); }

.bl-spread { display: flex; flex-direction: column; height: 360px; min-width: 0; font-size: 12px; }
.bl-spread [hidden] { display: none !important; }
.bl-spread > * { flex: none; }
.bl-spread .bl-head { height: 32px; }
.bl-spread-stage { flex: 1 1 0; border-top: 1px solid var(--bl-line); overflow: hidden auto; }
.bl-spread svg { display: block; }
.bl-spread text { fill: var(--bl-ink); font-size: 12px; }
.bl-spread .bl-detail { margin: 0; padding: 4px 10px 6px; line-height: 16px; color: var(--bl-faint); }
.bl-spread .bl-axis text, .bl-spread .bl-after { fill: var(--bl-faint); }
.bl-spread .bl-after, .bl-spread .bl-host { paint-order: stroke; stroke: var(--bl-paper); stroke-width: 3px; stroke-linejoin: round; }
.bl-spread .bl-tick { stroke: var(--bl-line); }
.bl-spread .bl-share { stroke: var(--bl-edge); stroke-dasharray: 2 4; }
.bl-spread .bl-clock { stroke: var(--bl-focus); stroke-width: 1.5; }
.bl-spread .bl-receipt { cursor: pointer; outline: none; }
.bl-spread .bl-touch { fill: transparent; }
.bl-spread .bl-receipt:hover .bl-touch, .bl-spread .bl-receipt.bl-hover .bl-touch { fill: color-mix(in srgb, var(--bl-soft) 60%, transparent); }
.bl-spread .bl-has { stroke: color-mix(in srgb, var(--bl-class-data) 30%, var(--bl-paper)); stroke-width: 2; }
.bl-spread .bl-edge { stroke: var(--bl-class-data); stroke-width: 2; }
.bl-spread .bl-full { fill: var(--bl-class-data); stroke: var(--bl-edge); }
.bl-spread .bl-header { fill: var(--bl-paper); stroke: var(--bl-class-announce); stroke-width: 2; }
.bl-spread .bl-header-line { stroke: var(--bl-class-announce); stroke-width: 1.5; }
.bl-spread .bl-used, .bl-spread .bl-unused { stroke: var(--bl-class-announce); opacity: .75; pointer-events: none; }
.bl-spread .bl-unused { stroke-dasharray: 3 4; opacity: .55; }
.bl-spread .bl-edge { pointer-events: none; }
.bl-spread .bl-halo { fill: none; stroke: none; }
.bl-spread .bl-receipt.bl-selected .bl-halo { stroke: var(--bl-selection); stroke-width: 2.5; }
.bl-spread .bl-receipt:focus-visible { outline: 2px solid var(--bl-focus); outline-offset: -3px; }
.bl-spread line.bl-later, .bl-spread .bl-later > :not(text, .bl-touch) { opacity: .35; }
.bl-spread .bl-detail b { font-weight: 600; color: var(--bl-ink); }
.bl-spread .bl-summary { margin: 0; }
.bl-spread .bl-head > button { margin-left: auto; }

.bl-events { display: grid; grid-template-rows: 34px minmax(0, 1fr); height: 360px; min-width: 0; font-size: 12px; }
.bl-event { position: absolute; left: 0; right: 0; height: 22px; display: flex; align-items: center; gap: 8px; padding: 0 10px;
  white-space: nowrap; line-height: 22px; cursor: pointer; }
.bl-event .bl-at { flex: none; width: 78px; text-align: right; color: var(--bl-faint); }
.bl-event .bl-who { flex: none; width: 128px; overflow: hidden; text-overflow: ellipsis; }
.bl-event .bl-what { overflow: hidden; text-overflow: ellipsis; }
.bl-event svg, .bl-event .bl-no-mark { flex: none; width: 15px; }
.bl-event:hover, .bl-event.bl-hover { background: var(--bl-soft); }
.bl-event.bl-kind-drop .bl-what { text-decoration: underline 1.5px var(--bl-alarm); text-underline-offset: 3px; }
.bl-events [hidden] { display: none; }
.bl-events .bl-head select { flex: 0 1 auto; min-width: 70px; max-width: 150px; }
.bl-events input[type="search"] { flex: 0 1 120px; min-width: 50px; height: 26px; padding: 0 6px; font: inherit; color: inherit; background: var(--bl-paper);
  border: 1px solid var(--bl-line); border-radius: 4px; }
.bl-event.bl-later { color: var(--bl-faint); }
.bl-event.bl-now { background: color-mix(in srgb, var(--bl-focus) 14%, var(--bl-paper)); }
.bl-event.bl-because { box-shadow: inset 3px 0 0 var(--bl-edge); }
.bl-event.bl-selected { box-shadow: inset 0 0 0 2px var(--bl-selection); }
.blockchain-lab .bl-event:focus-visible { outline-offset: -2px; }
`;
