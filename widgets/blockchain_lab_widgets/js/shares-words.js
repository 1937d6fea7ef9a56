// Shares and blocks in words: for the bars, the line below, the table, and who hears the view. Pure.
import { countOf, formatCount } from "./describe.js";
import { listNames } from "./tree-words.js";
import { formatShare } from "./validators-words.js";

/** "eve", "12 others" */
export const nameBar = ({ name, count }) => (count > 1 ? `${formatCount(count)} others` : name);

/** "31.8 % of the blocks, 30.0 % of the resource" with what the numbers are. */
export function tellBar(bar, { blocks, units }) {
  const { blocks: own, expected, spread, isFair, stale } = bar;
  const share = units ? `holds ${formatCount(bar.units)} of ${formatCount(units)} (${formatShare(bar.units, units)})` : "holds a share that nobody tells";
  const made = blocks ? `made ${formatCount(own)} of ${countOf(blocks, "block")} (${formatShare(own, blocks)})` : "no block has been made yet";
  const hope = blocks && units ? `; expected ${expected.toFixed(1)} ± ${spread.toFixed(1)}${isFair ? "" : ": outside three standard errors"}` : "";
  return `${share}, ${made}${hope}${stale ? `; ${formatCount(stale)} more beside the branch` : ""}`;
}

/** "all within 3σ"; else who is not. */
export function tellFairness(bars, { units, blocks }) {
  if (!blocks || !units) return "";
  const unfair = bars.filter(({ isFair }) => !isFair);
  return unfair.length ? `outside 3σ: ${listNames(unfair.map(nameBar))}` : "all within 3σ";
}

/** The view in a sentence or two, for who does not see it. */
export function tellShares(viewer, bars, sums) {
  const names = bars.reduce((count, bar) => count + bar.count, 0);
  const most = [...bars].sort((a, b) => b.blocks - a.blocks)[0];
  const stale = sums.stale ? `, ${formatCount(sums.stale)} beside it` : "";
  return [
    `${countOf(sums.blocks, "block")} on the branch of ${viewer}${stale}, by ${countOf(names, "name")}.`,
    sums.blocks ? `Most are by ${nameBar(most)}, who ${tellBar(most, sums)}.` : "", sums.blocks && sums.units ? `Three standard errors: ${tellFairness(bars, sums)}.` : "",
  ].filter(Boolean).join(" ");
}
