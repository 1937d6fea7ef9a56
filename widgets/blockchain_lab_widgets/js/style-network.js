// The network's own rules.

export const CSS = `
.bl-network { position: relative; height: 360px; display: grid; grid-template: 30px minmax(0, 1fr) auto / minmax(0, 1fr); min-width: 0; }
.bl-network > .bl-empty { grid-row: 2; }
.bl-network-tools { gap: 4px; padding: 2px 6px 0; overflow: hidden; }
.blockchain-lab .bl-network-tools select, .blockchain-lab .bl-network-tools button { height: 24px; font-size: 12px; }
.blockchain-lab .bl-network-tools button { border-color: var(--bl-line); padding: 0 7px; }
.blockchain-lab .bl-network-tools [aria-pressed="true"] { border-color: var(--bl-focus); box-shadow: inset 0 0 0 1px var(--bl-focus); }
.bl-network .bl-zoom, .bl-network .bl-zoom-buttons { display: flex; gap: 2px; }
.bl-network .bl-zoom { margin-left: auto; }
.bl-network .bl-zoom .bl-button { min-width: 26px; padding: 0 4px; }
.bl-links { transition: opacity .15s; }
.bl-lit > .bl-links { opacity: .4; }
.bl-links .vis-network { outline: none; }
.bl-stage > canvas, .bl-peers, .bl-stage > .bl-lasso-sheet { pointer-events: none; }
.bl-peers { contain: strict; }
.bl-peer { position: absolute; width: var(--bl-size, 40px); height: var(--bl-size, 40px);
  margin: calc(var(--bl-size, 40px) / -2) 0 0 calc(var(--bl-size, 40px) / -2); border-radius: 50%; }
.blockchain-lab .bl-peer:focus-visible { outline-width: 3px; outline-offset: -1px; }
.blockchain-lab .bl-peer[aria-selected="true"]:not(:focus-visible) { outline: none; }
.bl-lasso { fill: color-mix(in srgb, var(--bl-focus) 14%, transparent); stroke: var(--bl-focus); stroke-width: 2; stroke-dasharray: 6 4; }
.bl-drawing { cursor: crosshair; touch-action: none; }
.bl-settling > .bl-stage::after { content: "Settling…"; left: 10px; top: 4px; height: auto; width: auto; position: absolute; font-size: 12px; color: var(--bl-faint); }
.bl-legend-network { flex-flow: column nowrap; }
.bl-legend-row { display: flex; gap: 0 10px; overflow: hidden; min-height: 18px; }
.bl-legend-marks { flex-wrap: wrap; align-content: start; height: 36px; }
@container (max-width: 479px) {
  .bl-legend-network .bl-legend-row { flex-wrap: wrap; height: auto; }
}
`;
