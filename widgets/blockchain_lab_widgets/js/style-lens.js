// The strip of the lens, and what its peer does not know in views of elements.

export const CSS = `
.bl-lens { grid-column: 1 / -1; grid-row: 9; display: flex; align-items: center; gap: 0 10px; margin: 0 -8px; padding: 3px 8px; min-width: 0;
  background: var(--bl-soft); border-top: 1px solid var(--bl-line); }
.bl-lens > svg { flex: none; }
.bl-lens > [role="status"] { flex: none; max-width: 40%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-lens-words { display: flex; flex-wrap: wrap; gap: 0 18px; min-width: 0; font-size: 12px; line-height: 18px; }
.bl-lens > button { flex: none; margin-left: auto; }
.blockchain-lab .bl-lens > button { background: var(--bl-paper); }
.blockchain-lab .bl-side:disabled { color: var(--bl-faint); cursor: default; background: none; }
.bl-network-tools { container: bl-network-tools / inline-size; }
.bl-states { font-size: 12px; line-height: 24px; white-space: nowrap; min-width: 0; overflow: hidden; color: var(--bl-faint); }
@container bl-network-tools (max-width: 399px) { .bl-states { line-height: 13px; white-space: normal; max-width: 68px; } }
@container bl-network-tools (max-width: 334px) { .bl-states { display: none; } }

.bl-alone .bl-share, .bl-alone .bl-share + text { display: none; }
.bl-chart-arrow.bl-unseen { opacity: .6; }
.bl-chart-arrow.bl-unseen .bl-chart-shaft { stroke-dasharray: 1 5; stroke-linecap: round; }
.bl-chart-arrow.bl-unseen .bl-chart-end, .bl-chart-mark.bl-unseen .bl-chart-shape { fill: none !important; stroke: var(--bl-edge); stroke-width: 1; stroke-dasharray: 1 2; }
.bl-chart-labels .bl-unseen, .bl-chart-dots .bl-unseen { display: none; }
.bl-chart-head.bl-unseen text { fill: var(--bl-faint); }
.bl-chart-lanes .bl-unseen { stroke-dasharray: 1 5; }
@container (max-width: 799px) {
  .bl-lens { margin-bottom: -4px; }
}
@container (max-width: 639px) {
  .bl-lens { flex-wrap: wrap; }
  .bl-lens-words { order: 1; flex-basis: 100%; }
}
`;
