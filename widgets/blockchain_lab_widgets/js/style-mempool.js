// The mempool's own rules. Colour is strength of pay in the one colour of data; an outline makes each bar seen.
// The line below has room for what is usual, so that the picture stays when something is chosen; so in the message map.

export const CSS = `
.bl-mempool, .bl-message-map { container-type: inline-size; }
.bl-mempool { position: relative; display: flex; flex-direction: column; height: 380px; min-width: 0; font-size: 12px; }
.bl-mempool > * { flex: none; }
.bl-mempool [hidden] { display: none !important; }
.bl-mempool .bl-head { height: 32px; }
.bl-mempool .bl-head > span:first-child { min-width: 0; overflow: hidden; text-overflow: ellipsis; color: var(--bl-faint); }
.bl-mempool .bl-side:disabled { color: var(--bl-faint); cursor: default; }
.bl-pool-heads { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); border-bottom: 1px solid var(--bl-line); padding-bottom: 3px; }
.bl-pool-head, .bl-lefts { container-type: inline-size; }
.bl-pool-head { display: flex; align-items: center; gap: 6px; min-width: 0; padding: 0 4px 0 8px; }
.bl-pool-head select { flex: none; max-width: 62%; font-weight: 600; }
.bl-pool-head .bl-button { margin-left: auto; min-width: 22px; height: 22px; flex: none; }
.bl-pool-words { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--bl-faint); }
.bl-mempool > .bl-pools, .bl-mempool > .bl-table { flex: 1 1 0; min-height: 0; }
.bl-pools { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); overflow: hidden auto; }
.bl-pool { min-width: 0; padding-top: 6px; }
.bl-pool + .bl-pool { border-left: 1px solid var(--bl-line); }
.bl-pool > svg { display: block; }
.bl-pool .bl-empty { margin: 0; padding: 8px; }
.bl-mempool text { fill: var(--bl-ink); font-size: 12px; paint-order: stroke; stroke: var(--bl-paper); stroke-width: 3px; stroke-linejoin: round; }
.bl-waiting { cursor: pointer; outline: none; }
.bl-waiting .bl-touch { fill: transparent; }
.bl-mempool .bl-bar { fill: color-mix(in srgb, var(--bl-class-data) var(--bl-strength, 40%), var(--bl-paper)); stroke: var(--bl-edge); }
.bl-mempool .bl-seams, .bl-mempool .bl-seam { stroke: var(--bl-paper); opacity: .8; pointer-events: none; }
.bl-mempool .bl-rival { fill: var(--bl-alarm); stroke: var(--bl-edge); }
.bl-waiting:hover .bl-touch, .bl-waiting.bl-hover .bl-touch { fill: color-mix(in srgb, var(--bl-soft) 60%, transparent); }
.bl-waiting.bl-selected .bl-bar { stroke: var(--bl-selection); stroke-width: 2.5; }
.bl-waiting.bl-same-coin .bl-bar { stroke: var(--bl-alarm); stroke-width: 2.5; }
.bl-waiting:focus-visible { outline: 2px solid var(--bl-focus); outline-offset: -2px; }
.bl-mempool .bl-block-line line { stroke: var(--bl-focus); stroke-width: 1.5; }
.bl-mempool .bl-block-line text { fill: var(--bl-faint); }
.bl-mempool .bl-break { fill: none; stroke: var(--bl-edge); stroke-width: 1.5; }
.bl-lefts { padding: 2px 4px 4px; }
.blockchain-lab .bl-left { display: flex; gap: 6px; width: 100%; height: 20px; padding: 0 4px; line-height: 18px; text-align: left; color: var(--bl-faint); }
.bl-left span:first-child { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-left .bl-at { margin-left: auto; flex: none; }
.blockchain-lab .bl-left.bl-hover { background: var(--bl-soft); }
.blockchain-lab .bl-left.bl-selected { border-color: var(--bl-selection); color: var(--bl-ink); }
.blockchain-lab .bl-left:focus-visible { outline-offset: -2px; }
.bl-mempool .bl-detail { margin: 0; padding: 5px 10px; border-top: 1px solid var(--bl-line); line-height: 16px; min-height: 43px; color: var(--bl-faint); }
.bl-mempool .bl-detail b { font-weight: 600; color: var(--bl-ink); }
@container (max-width: 150px) { .bl-pool-words, .bl-left .bl-at { display: none; } }
@container (max-width: 719px) { .bl-mempool .bl-detail { min-height: 59px; } }
@container (max-width: 479px) { .bl-mempool .bl-detail { min-height: 75px; } }
`;
