// The views' own rules. Text is always ink on paper; colours with a meaning fill marks that have an outline.

export const CSS = `
.bl-lanes { grid-template-columns: minmax(0, 1fr); }
.bl-stage { position: relative; min-height: 0; overflow: hidden; }
.bl-stage > * { position: absolute; inset: 0; width: 100%; height: 100%; }
.bl-legend { display: flex; flex-wrap: wrap; gap: 1px 12px; padding: 5px 10px 6px; border-top: 1px solid var(--bl-line);
  font-size: 12px; line-height: 18px; }
.bl-legend > span, .bl-legend-row > span { display: inline-flex; flex: none; align-items: center; gap: 5px; white-space: nowrap; }
.bl-legend svg { flex: none; }

.bl-head { display: flex; align-items: center; gap: 8px; padding: 2px 10px 0; font-size: 12px; white-space: nowrap; }
.bl-head .bl-summary { margin-left: auto; color: var(--bl-faint); overflow: hidden; text-overflow: ellipsis; }
.bl-scroll { overflow: auto; min-height: 0; position: relative; }

.bl-lanes { position: relative; display: grid; grid-template-rows: 30px minmax(0, 1fr) auto; height: 360px; min-width: 0; }
.bl-lanes .bl-stage { overflow: hidden auto; }
.bl-lanes canvas { position: static; height: auto; pointer-events: auto; display: block; }
`;
