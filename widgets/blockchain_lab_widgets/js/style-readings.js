// The rules of the readings view. What is misread is hatched, dashed, and named so; colour says nothing here.

const HATCH = "repeating-linear-gradient(135deg, transparent 0 4px, color-mix(in srgb, var(--bl-edge) 30%, transparent) 4px 5.5px)";

export const CSS = `
.bl-readings { container-type: inline-size; position: relative; display: flex; flex-direction: column; height: 480px; min-width: 0; font-size: 12px; line-height: 16px; }
.bl-readings > * { flex: none; }
.bl-readings [hidden] { display: none !important; }
.bl-readings .bl-head { height: 32px; }
.bl-readings > .bl-readings-stage, .bl-readings > .bl-table { flex: 1 1 0; min-height: 76px; border-top: 1px solid var(--bl-line); }
.bl-reading { display: grid; grid-template-columns: 84px minmax(0, 1fr) minmax(0, 1fr); gap: 10px; align-items: center; height: 23px; padding: 0 10px; border: 1px solid transparent; cursor: pointer; }
.bl-reading > :not(.bl-hidden) { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-reading > b { font-weight: 600; }
.bl-reading > * { line-height: 21px; }
.bl-reading > .bl-says { padding-left: 20px; background: ${HATCH} 1px 0 / 10px 100% no-repeat; border-left: 1px dashed var(--bl-edge); }
.bl-reading.bl-same > .bl-says { color: var(--bl-faint); background: none; }
.bl-reading-heads { position: sticky; top: 0; z-index: 1; height: 22px; color: var(--bl-faint); background: var(--bl-paper); cursor: default; }
.bl-reading-heads > .bl-says { background: none; }
.bl-rows > .bl-reading:hover { background: color-mix(in srgb, var(--bl-soft) 60%, transparent); }
.bl-rows > .bl-reading.bl-selected { border-color: var(--bl-selection); }
.bl-rows > .bl-reading:focus-visible { outline-offset: -2px; }
.bl-reading-card { overflow: hidden auto; max-height: 62%; padding: 6px 10px; border-top: 1px solid var(--bl-line); }
.bl-reading-card:focus-visible { outline-offset: -2px; }
.bl-reading-sides { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
.bl-reading-side { min-width: 0; padding: 5px 8px 6px; border: 1.5px solid var(--bl-edge); border-radius: 4px; }
.bl-reading-side.bl-says { padding-left: 22px; border-style: dashed; background: ${HATCH} 0 0 / 12px 100% no-repeat; }
.bl-reading-side p { margin: 1px 0 0; }
.bl-reading-side .bl-source { color: var(--bl-faint); }
.bl-verdict { display: block; font-weight: 600; }
.bl-reading-strip { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 3px 8px; align-items: center; margin-top: 7px; }
.bl-reading-strip > span { grid-column: 1; color: var(--bl-faint); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.bl-reading-strip b { font-weight: 600; color: var(--bl-ink); }
.bl-strip-lane { grid-column: 2; position: relative; height: 18px; }
.bl-strip-lane > * { position: absolute; top: 0; bottom: 0; overflow: hidden; white-space: nowrap; text-align: center; line-height: 16px; }
.bl-strip-over > .bl-strip-span { border: 1.5px solid var(--bl-ink); border-bottom: 0; border-radius: 3px 3px 0 0; background: color-mix(in srgb, var(--bl-soft) 55%, var(--bl-paper)); background-clip: padding-box; }
.bl-strip-under > .bl-strip-span { border: 1.5px dashed var(--bl-edge); border-top: 0; border-radius: 0 0 3px 3px; background: ${HATCH}; }
.bl-strip-cells { height: 22px; }
.bl-strip-cell { line-height: 20px; border: 1px solid var(--bl-edge); background: var(--bl-paper); }
.bl-strip-cell[data-name] { cursor: pointer; }
.bl-strip-cell.bl-is-final { background: var(--bl-full); }
.bl-strip-cell.bl-is-ghost { border-style: dotted; color: var(--bl-faint); background: none; }
.bl-strip-lane > .bl-strip-cell.bl-is-dot { overflow: visible; width: 12px !important; height: 12px; top: 5px; margin-left: -6px; border-radius: 6px; background: var(--bl-edge); }
.bl-strip-cell.bl-hover { box-shadow: inset 0 0 0 2px var(--bl-edge); }
.bl-strip-cell.bl-selected { z-index: 1; box-shadow: 0 0 0 2px var(--bl-selection); overflow: visible; }
.bl-strip-marks { height: 16px; }
.bl-reading-strip .bl-strip-mark { text-align: left; color: var(--bl-faint); }
.bl-strip-mark:last-child { overflow: visible; }
.bl-strip-mark svg { vertical-align: -2px; margin-right: 2px; overflow: visible; }
.bl-reading-here { margin: 6px 0 0; }
@container (max-width: 480px) {
  .bl-reading { grid-template-columns: 76px minmax(0, 1fr) minmax(0, 1fr); gap: 5px; padding: 0 6px; }
  .bl-reading-strip { grid-template-columns: minmax(0, 1fr); }
  .bl-reading-strip > :is(span, .bl-strip-lane) { grid-column: 1; }
  .bl-reading-strip > span:empty { display: none; }
}
@container (max-width: 360px) {
  .bl-reading-sides { grid-template-columns: 1fr; }
}
`;
