// The panel behind the share button.

export const CSS = `
.bl-float-share { --bl-wide: 408px; }
.bl-share-choice { max-width: 196px; }
.bl-share-code { display: block; width: 100%; margin: 6px 0 0; padding: 4px 8px; resize: vertical; font: 12px/16px var(--bl-mono); white-space: pre;
  color: inherit; background: var(--bl-paper); border: 1px solid var(--bl-edge); border-radius: 4px; }
.bl-share-code[hidden] { display: none; }
.bl-share-status { margin: 8px 0 0; min-height: 16px; font-size: 12px; line-height: 16px; overflow-wrap: anywhere; }
`;
