// The rules of the bytes view: fields, hexadecimal, the edit bar and what came of an edit.

export const CSS = `
.bl-bytes { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); height: 360px; min-width: 0; font-size: 12px; }
.bl-bytes [hidden] { display: none !important; }
.bl-bytes-shell { display: flex; flex-direction: column; min-height: 0; min-width: 0; overflow: hidden auto; }
.bl-bytes-shell > * { flex: none; }
.bl-bytes .bl-title { display: flex; align-items: center; gap: 6px; height: 34px; padding: 0 10px; border-bottom: 1px solid var(--bl-line); }
.bl-bytes .bl-words { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 14px; line-height: 20px; }
.bl-bytes .bl-words small { font-size: 12px; color: var(--bl-faint); margin-left: 8px; }
.bl-bytes .bl-title select { max-width: 140px; font-size: 12px; }
.blockchain-lab .bl-plain { height: 26px; padding: 0 8px; font-size: 12px; border-color: var(--bl-line); white-space: nowrap; }
.blockchain-lab .bl-plain[aria-pressed="true"] { background: color-mix(in srgb, var(--bl-focus) 18%, var(--bl-paper)); border-color: var(--bl-focus); }
.blockchain-lab .bl-plain:disabled, .blockchain-lab .bl-plain:disabled:hover { color: var(--bl-faint); background: none; opacity: .65; cursor: default; }
.blockchain-lab .bl-primary:not(:disabled) { border-color: var(--bl-focus); background: color-mix(in srgb, var(--bl-focus) 18%, var(--bl-paper)); font-weight: 600; }
.blockchain-lab .bl-checks { display: grid; grid-template-columns: auto minmax(0, 1fr); margin: 0; padding: 4px 10px; gap: 0 10px; line-height: 18px; border-bottom: 1px solid var(--bl-line); }
.bl-checks:empty { display: none; }
.bl-checks dt { color: var(--bl-faint); }
.bl-checks dd { display: flex; gap: 8px; min-width: 0; margin: 0; }
.bl-checks code { flex: none; overflow: hidden; text-overflow: ellipsis; font: 12px/18px var(--bl-mono);
  color: var(--bl-ink); background: none; padding: 0; white-space: nowrap; }
.bl-checks dd > span { flex: 0 1 auto; min-width: 0; overflow-wrap: anywhere; }
.bl-checks code.bl-long { flex: 0 1 auto; min-width: 96px; }
.bl-checks code.bl-long + span { flex: none; }
.bl-checks dd.bl-wrong { padding-left: 6px; margin-left: -9px; border-left: 3px solid var(--bl-alarm); }
.bl-bytes .bl-split { flex: 1 0 140px; }
@container (max-width: 479px) { .bl-bytes .bl-split { flex-basis: 280px; } }
.bl-bytes .bl-detail { min-height: 42px; padding: 4px 10px; border-top: 1px solid var(--bl-line); line-height: 16px; white-space: pre-line;
  overflow-wrap: anywhere; color: var(--bl-faint); }
.bl-editor { display: flex; flex-wrap: wrap; align-items: center; gap: 5px; padding: 5px 10px; border-top: 1px solid var(--bl-line); }
.bl-bits { display: inline-flex; align-items: center; gap: 1px; margin-right: auto; }
.bl-bits .bl-place { min-width: 58px; }
.blockchain-lab .bl-bit { width: 19px; height: 26px; padding: 0; font: 12px/20px var(--bl-mono); border-color: var(--bl-line); }
.blockchain-lab .bl-bit:nth-of-type(5) { margin-left: 5px; }
.blockchain-lab .bl-bit.bl-changed, .bl-line > b.bl-changed { box-shadow: inset 0 0 0 1.5px var(--bl-alarm); color: var(--bl-ink); }
.bl-field.bl-changed .bl-value, .bl-field.bl-changed .bl-parts { color: var(--bl-ink); text-decoration: underline 1.5px var(--bl-alarm); text-underline-offset: 3px; }
.bl-hex:focus-visible { outline-offset: -2px !important; }
.bl-editing .bl-line > b { cursor: text; }
.bl-hex:focus .bl-line > b.bl-caret, .bl-editing .bl-line > b.bl-caret { outline: 2px solid var(--bl-focus); outline-offset: -1px; }
.bl-outcome { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 4px 16px; max-height: 190px; overflow: auto; padding: 5px 10px 7px; border-bottom: 1px solid var(--bl-line); }
.bl-outcome h4 { margin: 0 0 2px; font-size: 12px; line-height: 18px; font-weight: 600; }
.bl-outcome ul { margin: 0; padding: 0; list-style: none; line-height: 18px; }
.blockchain-lab .bl-outcome li > * { display: flex; gap: 8px; width: 100%; padding: 1px 4px; text-align: left; line-height: 18px; border-radius: 3px; }
.bl-outcome .bl-at { flex: none; min-width: 58px; text-align: right; color: var(--bl-faint); }
.bl-outcome li > * > :last-child { overflow-wrap: anywhere; min-width: 0; }
.bl-outcome .bl-nothing { padding-left: 4px; color: var(--bl-faint); }
.bl-outcome .bl-plain { margin-top: 4px; }

.bl-split { display: grid; grid-template-columns: minmax(0, 1fr) auto; min-height: 0; }
.bl-window { position: relative; overflow: auto; min-height: 0; }
.bl-window > .bl-spacer { position: relative; overflow: hidden; }
.bl-hex { font: 12px/20px var(--bl-mono); border-left: 1px solid var(--bl-line); padding: 0 8px; overflow-y: scroll; }
.bl-line { position: absolute; left: 0; right: 0; height: 20px; white-space: pre; }
.bl-line > i { font-style: normal; color: var(--bl-faint); margin-right: 10px; }
.bl-line > b { font-weight: normal; display: inline-block; width: 23px; text-align: center; border-radius: 2px; cursor: default; }
.bl-line > b.bl-envelope { color: var(--bl-faint); }
.bl-line > b.bl-lit, .bl-field.bl-lit { background: color-mix(in srgb, var(--bl-focus) 26%, var(--bl-paper)); }
.bl-line > b.bl-lit { color: var(--bl-ink); }
.bl-line > b.bl-lit + b.bl-lit { border-radius: 0; }
.bl-field { position: absolute; left: 0; right: 0; height: 22px; display: flex; align-items: center; gap: 8px; padding-right: 8px;
  white-space: nowrap; line-height: 22px; cursor: default; }
.blockchain-lab .bl-field:focus-visible { outline-offset: -2px; }
.bl-field .bl-twist { flex: none; width: 14px; margin-right: -6px; color: var(--bl-faint); cursor: pointer; text-align: center; }
.bl-field .bl-value { margin-left: auto; overflow: hidden; text-overflow: ellipsis; font-family: var(--bl-mono); color: var(--bl-faint); }
.bl-field.bl-lit .bl-value { color: var(--bl-ink); }
.bl-field .bl-parts { color: var(--bl-faint); }
`;
