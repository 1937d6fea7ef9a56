// How the notes at the foot of a widget look.

export const CSS = `
.bl-note { display: flex; align-items: baseline; gap: 12px; padding: 6px 12px; border-top: 1px solid var(--bl-line); }
.bl-note > span { flex: 1; min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.bl-note[role="alert"] { box-shadow: inset 4px 0 var(--bl-alarm); }
.blockchain-lab .bl-dismiss { padding: 0 8px; border-color: var(--bl-line); }
.bl-traceback { padding: 0 12px 6px; box-shadow: inset 4px 0 var(--bl-alarm); }
.bl-traceback > summary { width: fit-content; color: var(--bl-faint); cursor: pointer; }
.blockchain-lab .bl-traceback > pre { max-height: 240px; margin: 4px 0 0; padding: 8px; overflow: auto; font-size: 12px; line-height: 16px;
  color: var(--bl-ink); background: var(--bl-raised); border: 1px solid var(--bl-line); white-space: pre; }
.bl-note.bl-quiet { padding: 0; border: 0; box-shadow: none; }
.bl-quiet > *, details.bl-quiet { display: none; }
`;
