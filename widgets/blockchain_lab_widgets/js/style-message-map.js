// The message map's own rules. A word's dot and its light have the colour of its class; grey says that it was not used.

export const CSS = `
.bl-message-map { position: relative; display: flex; flex-direction: column; height: 440px; min-width: 0; font-size: 12px; }
.bl-message-map > * { flex: none; }
.bl-message-map [hidden] { display: none !important; }
.bl-message-map .bl-head { height: 32px; }
.bl-message-map > .bl-map-stage, .bl-message-map > .bl-table { flex: 1 1 0; min-height: 0; border-top: 1px solid var(--bl-line); }
.bl-map-stage { overflow: auto; }
.bl-map-stage > svg { display: block; }
.bl-message-map text { fill: var(--bl-ink); font-size: 12px; }
.bl-message-map .bl-title { fill: var(--bl-faint); }
.bl-word { cursor: pointer; outline: none; }
.bl-legend .bl-word { cursor: default; }
.bl-pill { fill: var(--bl-paper); stroke: var(--bl-edge); }
.bl-word .bl-dot { fill: var(--bl-class); stroke: var(--bl-edge); stroke-width: .75; }
.bl-word .bl-count { fill: var(--bl-faint); }
.bl-word.bl-unused .bl-pill { stroke: var(--bl-line); }
.bl-word.bl-unused text { fill: var(--bl-faint); }
.bl-word.bl-unused .bl-dot { fill: var(--bl-paper); stroke: var(--bl-class); stroke-width: 1.25; }
.bl-word.bl-history.bl-unused .bl-pill { stroke-dasharray: none; fill: color-mix(in srgb, var(--bl-soft) 45%, var(--bl-paper)); }
.bl-word.bl-faded .bl-pill { fill: color-mix(in srgb, var(--bl-class) 12%, var(--bl-paper)); stroke: var(--bl-class); }
.bl-word.bl-lit .bl-pill { fill: color-mix(in srgb, var(--bl-class) 28%, var(--bl-paper)); stroke: var(--bl-class); stroke-width: 2; }
.bl-word.bl-lit text, .bl-word.bl-faded text { fill: var(--bl-ink); }
.bl-word:hover .bl-pill, .bl-word.bl-hover .bl-pill { stroke: var(--bl-ink); }
.bl-word.bl-selected .bl-pill { stroke: var(--bl-selection); stroke-width: 2.5; }
.bl-word:focus-visible { outline: 2px solid var(--bl-focus); outline-offset: 1px; }
.bl-answer { pointer-events: none; }
.bl-way { fill: none; stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-head-mark { fill: var(--bl-edge); }
.bl-answer.bl-unused { opacity: .55; }
.bl-answer.bl-near .bl-way { stroke: var(--bl-ink); stroke-width: 1.5; }
.bl-answer.bl-near .bl-head-mark { fill: var(--bl-ink); }
.bl-answer.bl-faded .bl-way { stroke: var(--bl-class); stroke-width: 1.75; }
.bl-answer.bl-lit .bl-way { stroke: var(--bl-class); stroke-width: 3; }
.bl-answer:is(.bl-lit, .bl-faded) .bl-head-mark { fill: var(--bl-class); }
.bl-answer:is(.bl-lit, .bl-faded, .bl-near) { opacity: 1; }
.bl-message-map .bl-detail { display: flex; align-items: start; gap: 6px; padding: 5px 10px; border-top: 1px solid var(--bl-line); color: var(--bl-faint); }
.bl-map-text { flex: 1 1 0; min-width: 0; margin: 0; line-height: 16px; min-height: 32px; overflow-wrap: anywhere; }
.bl-map-text b { font-weight: 600; color: var(--bl-ink); }
.bl-message-map .bl-side { flex: none; min-width: 28px; color: var(--bl-ink); }
.bl-message-map .bl-side:disabled { color: var(--bl-faint); cursor: default; }
@container (max-width: 719px) { .bl-map-text { min-height: 48px; } }
@container (max-width: 479px) { .bl-map-text { min-height: 64px; } }
`;
