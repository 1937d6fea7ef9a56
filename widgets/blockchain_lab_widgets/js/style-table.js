// How the table behind a graph looks.

export const CSS = `
.blockchain-lab .bl-table-button { height: 22px; padding: 0 6px; font-size: 12px; line-height: 16px; color: var(--bl-faint);
  border-color: var(--bl-line); background: var(--bl-paper); }
.blockchain-lab .bl-table-button:hover { color: var(--bl-ink); background: var(--bl-soft); }
.blockchain-lab .bl-table-button[aria-pressed="true"] { color: var(--bl-ink); background: var(--bl-soft); border-color: var(--bl-edge); }
.bl-legend > .bl-table-button { margin-left: auto; }
.bl-table { position: relative; overflow: auto; min-width: 0; min-height: 0; font-size: 12px; line-height: 16px; }
.blockchain-lab .bl-table table { width: 100%; margin: 0; border: 0; border-collapse: separate; border-spacing: 0; table-layout: auto;
  font-size: 12px; color: var(--bl-ink); background: transparent; }
.blockchain-lab .bl-table caption { padding: 6px 10px; text-align: left; color: var(--bl-ink); }
.bl-table caption span { color: var(--bl-faint); }
.blockchain-lab .bl-table :is(th, td) { padding: 3px 10px; text-align: left; vertical-align: top; font-weight: normal; white-space: normal;
  overflow-wrap: anywhere; border: 0; border-bottom: 1px solid var(--bl-line); max-width: 320px; min-width: 0; }
.blockchain-lab .bl-table .bl-number { text-align: right; white-space: nowrap; }
.blockchain-lab .bl-table thead th { position: sticky; top: 0; z-index: 1; padding: 0; background: var(--bl-raised); white-space: nowrap; }
.blockchain-lab .bl-table :is(tr, tr:hover, tr:nth-child(even)) { background: transparent; }
.blockchain-lab .bl-table tbody tr:hover { background: var(--bl-soft); }
.blockchain-lab .bl-table tbody tr.bl-selected > * { box-shadow: inset 0 2px var(--bl-selection), inset 0 -2px var(--bl-selection); }
.blockchain-lab .bl-table button { padding: 0; border: 0; text-align: inherit; overflow-wrap: anywhere; font-size: 12px; line-height: 16px; }
.blockchain-lab .bl-table thead button { width: 100%; padding: 3px 10px; color: var(--bl-faint); }
.blockchain-lab .bl-table thead button:hover { color: var(--bl-ink); }
.blockchain-lab .bl-table thead button::after { content: " \\2195"; opacity: .4; }
.blockchain-lab .bl-table [aria-sort="ascending"] button::after { content: " \\2191"; opacity: 1; }
.blockchain-lab .bl-table [aria-sort="descending"] button::after { content: " \\2193"; opacity: 1; }
.bl-table-hidden { margin: 0; padding: 6px 10px; color: var(--bl-faint); }
.bl-table-hidden:empty { display: none; }
`;
