// The rules of sealed blocks. Whole: a full frame and a tick. Broken: a dashed frame and a cross.
export { CSS as PAPER } from "./style-paper.js";

export const SEALS = `
.bl-seals [hidden] { display: none !important; }
.bl-seals-head { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; min-height: 40px; padding: 4px 14px; border-bottom: 1px solid var(--bl-line); }
.bl-seals-head > .bl-place { font-weight: 600; }
.bl-seals-zeros { margin-left: auto; }
.bl-seals-rail { display: grid; grid-template-columns: repeat(auto-fit, minmax(198px, 1fr)); gap: 14px 26px; padding: 16px 14px; }
.bl-seal { --tone: var(--bl-tip-2); position: relative; display: flex; flex-direction: column; gap: 8px; min-width: 0; padding: 10px 12px 12px; border: 2px solid var(--tone); border-radius: 8px; background: color-mix(in srgb, var(--tone) 9%, var(--bl-paper)); }
.bl-seal[data-state="broken"] { --tone: var(--bl-alarm); border-style: dashed; }
.bl-seal[data-state="mining"] { --tone: var(--bl-edge); }
.bl-seal + .bl-seal::before { content: "←"; position: absolute; right: 100%; top: 50%; width: 26px; margin: -10px 1px 0 0; text-align: center; font-size: 14px; font-weight: 600; color: var(--bl-faint); }
.bl-seal-head { display: flex; align-items: center; gap: 6px; }
.bl-seal-head > b { margin-right: auto; font-weight: 600; }
.bl-seal-sign { width: 22px; height: 22px; line-height: 18px; text-align: center; border: 2px solid var(--tone); border-radius: 50%; font-weight: 700; background: color-mix(in srgb, var(--tone) 24%, var(--bl-paper)); }
.blockchain-lab .bl-seal-text { width: 100%; min-width: 0; height: 30px; padding: 0 8px; font: inherit; color: var(--bl-ink); background: var(--bl-paper); border: 1px solid var(--bl-edge); border-radius: 4px; }
.blockchain-lab .bl-seal-text:read-only { border-style: dotted; }
.blockchain-lab .bl-seal dl { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0; width: auto; margin: 0; font-size: 12px; line-height: 17px; }
.blockchain-lab .bl-seal dt { float: none; width: auto; margin: 0; padding: 0; font-weight: 400; color: var(--bl-faint); }
.blockchain-lab .bl-seal dd { float: none; width: auto; margin: 0 0 4px; padding: 0; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-family: var(--bl-mono); font-size: 12px; }
.bl-seal dd > b { font-weight: 700; text-decoration: underline; text-decoration-color: var(--tone); text-decoration-thickness: 2px; text-underline-offset: 3px; }
.blockchain-lab .bl-seal-mine { margin-top: auto; font-weight: 600; background: var(--bl-paper); border: 1px solid var(--bl-edge); }
.blockchain-lab .bl-seal-mine[aria-disabled="true"] { color: var(--bl-faint); border-style: dotted; cursor: default; }
.bl-seals-foot { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; min-height: 40px; padding: 6px 14px; border-top: 1px solid var(--bl-line); }
.bl-seals-bar { position: relative; flex: 0 0 230px; height: 12px; border: 1px solid var(--bl-edge); border-radius: 6px; background: var(--bl-paper); overflow: hidden; }
.bl-seals-bar > i { position: absolute; inset: 0 auto 0 0; width: calc(100% * var(--bl-times, 0)); background: var(--bl-known); }
.bl-seals-bar > s { position: absolute; top: 0; bottom: 0; left: calc(100% / 4.6); border-left: 2px solid var(--bl-ink); }
.bl-seals-words { flex: 1 1 300px; min-width: 0; }
@container (max-width: 470px) {
  .bl-seals-rail { gap: 26px 14px; }
  .bl-seal + .bl-seal::before { content: "↑"; right: auto; left: 0; top: -24px; width: 100%; margin: 0; }
  .bl-seals-zeros { margin-left: 0; }
}
`;
