// The rules of the bytes view: fields, hexadecimal, the edit bar and what came of an edit.

export const CSS = `
.bl-bytes { display: grid; grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr) auto; height: 360px; min-width: 0; font-size: 12px; }
.bl-bytes .bl-title { padding: 6px 10px; border-bottom: 1px solid var(--bl-line); font-size: 14px; line-height: 20px;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-bytes .bl-title small { font-size: 12px; color: var(--bl-faint); margin-left: 8px; }
.bl-bytes .bl-detail { min-height: 42px; padding: 4px 10px; border-top: 1px solid var(--bl-line); line-height: 16px; white-space: pre-line;
  overflow-wrap: anywhere; color: var(--bl-faint); }
.bl-bytes [hidden] { display: none; }
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
