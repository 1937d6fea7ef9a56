// What nobody should have to ask for: texts that can be reached, a focus that can be seen, colours that may be taken away.

export const CSS = `
.blockchain-lab .bl-tooltip {
  position: absolute; inset: auto; z-index: 9; display: none; width: max-content; height: auto; max-width: min(300px, 90%); padding: 4px 8px; white-space: pre-line; cursor: text;
  font-size: 12px; line-height: 16px; color: var(--bl-ink); background: var(--bl-raised); border: 1px solid var(--bl-edge);
  border-radius: 4px; box-shadow: 0 2px 6px rgba(0, 0, 0, .25); overflow-wrap: anywhere;
}
@media (forced-colors: active) {
  .blockchain-lab { --bl-focus: Highlight; --bl-paper: Canvas; --bl-raised: Canvas; --bl-soft: Canvas; --bl-ink: CanvasText; --bl-line: GrayText; }
  .blockchain-lab svg, .blockchain-lab canvas, .bl-line > b.bl-lit, .bl-field.bl-lit { forced-color-adjust: none; }
  .blockchain-lab svg text { fill: CanvasText; }
  .blockchain-lab [aria-pressed="true"], .blockchain-lab [aria-selected="true"] { outline: 2px solid Highlight; outline-offset: -2px; }
}
@media (prefers-reduced-motion: reduce) { .blockchain-lab * { transition: none !important; animation: none !important; } }
`;
