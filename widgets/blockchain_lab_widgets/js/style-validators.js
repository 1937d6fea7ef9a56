// The rules of the validators view and of the shares view. Votes have the colour of announcements and blocks that of data,
// as their messages have; a full sign says that a block carries the vote.

export const CSS = `
.bl-validators, .bl-shares { container-type: inline-size; position: relative; display: flex; flex-direction: column; height: 440px; min-width: 0; font-size: 12px; }
:is(.bl-validators, .bl-shares) > * { flex: none; }
:is(.bl-validators, .bl-shares) [hidden] { display: none !important; }
:is(.bl-validators, .bl-shares) .bl-head { height: 32px; }
.bl-validators > .bl-validators-stage, .bl-validators > .bl-table { flex: 1 1 0; min-height: 0; border-top: 1px solid var(--bl-line); }
.bl-finality { padding: 2px 8px 6px; }
.bl-final-line { display: flex; align-items: center; gap: 8px; padding-bottom: 4px; }
.bl-final-strip { display: flex; flex-wrap: wrap; gap: 4px; line-height: 16px; }
.bl-link-words { margin-left: auto; color: var(--bl-faint); white-space: nowrap; }
.bl-final-strip svg { flex: none; }
.bl-tally { display: grid; grid-template-columns: 66px minmax(60px, 1fr) max-content; gap: 8px; align-items: center; line-height: 18px; }
.bl-tally-name { color: var(--bl-faint); white-space: nowrap; }
.bl-tally-words { text-align: right; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.bl-measure { display: block; width: 100%; overflow: visible; }
.bl-track { fill: var(--bl-paper); stroke: var(--bl-edge); }
.bl-part { fill: var(--bl-class-announce); stroke: var(--bl-edge); }
.bl-account .bl-part { fill: var(--bl-alarm); }
.bl-needed { stroke: var(--bl-ink); stroke-width: 2; }
.bl-validator { display: grid; grid-template-columns: minmax(52px, 1fr) minmax(120px, 2fr) 70px 40px 60px 60px minmax(30px, 2fr); gap: 6px; align-items: center;
  height: 26px; padding: 0 8px; border: 1px solid transparent; cursor: pointer; }
.bl-validator > :not(.bl-hidden) { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-validator b { font-weight: 600; }
.bl-validator-heads { position: sticky; top: 0; z-index: 1; height: 22px; color: var(--bl-faint); background: var(--bl-paper); cursor: default; }
.bl-deposit { display: grid; grid-template-columns: minmax(0, 1fr) 66px; gap: 6px; align-items: center; }
.bl-deposit svg { width: 100%; }
.bl-deposit > span { text-align: right; overflow: hidden; text-overflow: ellipsis; }
.bl-validators .bl-bar { fill: color-mix(in srgb, var(--bl-edge) 55%, var(--bl-paper)); stroke: var(--bl-edge); }
.bl-validators .bl-lost { fill: var(--bl-paper); stroke: var(--bl-edge); stroke-dasharray: 2 2; }
.bl-sets i { display: inline-block; width: 17px; line-height: 16px; margin-right: 2px; text-align: center; font-style: normal; color: transparent; border: 1px dotted var(--bl-line); border-radius: 3px; }
.bl-sets i.bl-in { color: var(--bl-ink); border: 1px solid var(--bl-edge); background: var(--bl-soft); }
.bl-vote-cell:first-letter, .bl-sign-of-vote { color: var(--bl-ink); }
.bl-vote-cell.bl-missing, .bl-vote-cell.bl-elsewhere, .bl-vote-cell.bl-heard { color: var(--bl-faint); }
.bl-vote-cell[data-vote]:hover, .bl-vote-cell.bl-hover { text-decoration: underline; text-underline-offset: 2px; }
.bl-vote-cell.bl-selected { font-weight: 600; text-decoration: underline; text-underline-offset: 2px; }
.bl-state { color: var(--bl-faint); }
.bl-slashed .bl-state { color: var(--bl-ink); font-weight: 600; }
.bl-slashed > b { text-decoration: line-through; text-decoration-color: var(--bl-alarm); text-decoration-thickness: 2px; }
.bl-outside > * { color: var(--bl-faint); }
.bl-rows .bl-validator:hover, .bl-rows .bl-validator.bl-hover { background: color-mix(in srgb, var(--bl-soft) 60%, transparent); }
.bl-rows .bl-validator.bl-selected { border-color: var(--bl-selection); }
.bl-rows .bl-validator.bl-about { border: 1px dashed var(--bl-selection); }
.bl-rows .bl-validator:focus-visible { outline-offset: -2px; }
.blockchain-lab .bl-more-rows { margin: 4px 8px; }
:is(.bl-validators, .bl-shares) .bl-detail { margin: 0; padding: 5px 10px; border-top: 1px solid var(--bl-line); line-height: 20px; min-height: 51px; color: var(--bl-faint); }
:is(.bl-validators, .bl-shares) .bl-detail b { font-weight: 600; color: var(--bl-ink); }
.blockchain-lab .bl-detail-votes button { height: 20px; margin-right: 4px; padding: 0 6px; line-height: 16px; color: var(--bl-ink); }
.bl-shares > .bl-shares-stage, .bl-shares > .bl-table { flex: 1 1 0; min-height: 0; border-top: 1px solid var(--bl-line); }
.bl-rows > div { position: relative; }
.bl-bar-row { display: grid; grid-template-columns: minmax(52px, 1fr) minmax(80px, 6fr) 64px; gap: 10px; align-items: center; padding: 2px 8px; border: 1px solid transparent; cursor: pointer; }
.bl-bar-row > b { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
.bl-bar-axis { position: sticky; top: 0; z-index: 1; background: var(--bl-paper); cursor: default; }
.bl-shares text { fill: var(--bl-faint); font-size: 12px; }
.bl-bar-words { line-height: 16px; text-align: right; white-space: nowrap; }
.bl-bar-words span { display: block; }
.bl-bar-words span:first-child { color: var(--bl-faint); }
.bl-shares .bl-resource { fill: color-mix(in srgb, var(--bl-edge) 55%, var(--bl-paper)); stroke: var(--bl-edge); }
.bl-shares .bl-blocks { fill: var(--bl-class-data); stroke: var(--bl-edge); }
.bl-shares .bl-band { fill: color-mix(in srgb, var(--bl-soft) 60%, transparent); stroke: var(--bl-edge); stroke-dasharray: 2 3; }
.bl-shares .bl-middle { stroke: var(--bl-ink); stroke-width: 1.5; }
.bl-unfair .bl-bar-words span:last-child { font-weight: 600; }
.bl-shares .bl-unfair .bl-blocks { stroke: var(--bl-alarm); stroke-width: 2.5; }
.bl-rows .bl-bar-row:hover, .bl-rows .bl-bar-row.bl-hover { background: color-mix(in srgb, var(--bl-soft) 45%, transparent); }
.bl-rows .bl-bar-row.bl-selected { border-color: var(--bl-selection); }
.bl-rows .bl-bar-row:focus-visible { outline-offset: -2px; }
@container (max-width: 560px) {
  .bl-validator { grid-template-columns: minmax(44px, 1fr) minmax(104px, 2fr) 40px 52px 52px minmax(20px, 1.4fr); }
  .bl-validator > :nth-child(3) { display: none; }
}
@container (max-width: 400px) {
  .bl-validator { grid-template-columns: minmax(34px, 1fr) minmax(92px, 2fr) 50px 50px; }
  .bl-validator > :is(:nth-child(4), :nth-child(7)) { display: none; }
  .bl-tally { grid-template-columns: 1fr max-content; gap: 0; }
  .bl-tally .bl-measure { grid-column: 1 / -1; order: 3; }
  .bl-deposit { grid-template-columns: minmax(0, 1fr) 64px; gap: 3px; }
  .bl-link-words { display: none; }
}
`;
