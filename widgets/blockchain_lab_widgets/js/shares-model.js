// Share of the resource against share of the blocks on one branch, name by name. Pure.
import { FULL } from "./chain-fold.js";

/** So many names have a bar of their own; the others share one. */
export const MOST_NAMES = 40;

const SIGMAS = 3;

/**
 * @typedef {object} Bar
 * @property {string} name
 * @property {number} units of the resource, for the next block
 * @property {number} blocks that it made on this branch
 * @property {number} stale blocks that it made beside it
 * @property {number} expected blocks: the sum of its chances, each behind the parent of a block
 * @property {number} spread three standard errors of independent draws, in blocks
 * @property {boolean} isFair within them
 * @property {number} count how many names it stands for
 */

/**
 * Who has a share or made a block, shares first, in the order in which they were told; of very many the largest ones. O(names + blocks).
 *
 * @param {import("./finality-branch.js").BranchState} state
 * @param {Map<string, number>} [stale] of `countStale`
 * @returns {Bar[]}
 */
export function listBars({ luck, shares }, stale = new Map()) {
  const names = [...new Set([...shares.keys(), ...luck.keys(), ...stale.keys()])];
  const bars = names.map(name => {
    const { blocks = 0, expected = 0, variance = 0 } = luck.get(name) ?? {};
    return finish({ name, units: shares.get(name) ?? 0, blocks, stale: stale.get(name) ?? 0, expected, variance, count: 1 });
  });
  if (bars.length <= MOST_NAMES + 1) return bars;
  bars.sort((a, b) => b.units - a.units);
  return [...bars.slice(0, MOST_NAMES), bundle(bars.slice(MOST_NAMES), luck)];
}

function finish({ variance, ...bar }) {
  const isSingle = bar.blocks <= 1 && bar.expected < 1; // one block of somebody tiny proves nothing
  const spread = SIGMAS * Math.sqrt(Math.max(0, variance));
  return { ...bar, spread, isFair: Math.abs(bar.blocks - bar.expected) <= spread + 1e-9 || isSingle };
}

// All together win with the sum of their chances.
function bundle(bars, luck) {
  const sum = key => bars.reduce((total, bar) => total + bar[key], 0);
  const among = [...luck.values()].reduce((total, { blocks }) => total + blocks, 0);
  const chance = among ? Math.min(1, sum("expected") / among) : 0;
  return finish({
    name: "", units: sum("units"), blocks: sum("blocks"), stale: sum("stale"), expected: sum("expected"),
    variance: among * chance * (1 - chance), count: bars.length,
  });
}

/** Blocks beside a branch that a peer holds, by who proposed them. O(blocks). */
export function countStale(index, finality, holding, head) {
  const counts = new Map();
  const isOwn = new Uint8Array(index.list.length);
  for (let at = index.get(head)?.order ?? -1; at >= 0; at = index.parents[at]) isOwn[at] = 1;
  for (const { order, hash } of index.list) {
    if (isOwn[order] || holding.of(order) !== FULL) continue;
    const proposer = finality.factsOf(hash).find(({ topic }) => topic === "block proposed")?.proposer;
    if (proposer !== undefined) counts.set(proposer, (counts.get(proposer) ?? 0) + 1);
  }
  return counts;
}

/** How many blocks, and units, there are in all. */
export function sumBars(bars) {
  const sum = key => bars.reduce((total, bar) => total + bar[key], 0);
  return { blocks: sum("blocks"), units: sum("units"), stale: sum("stale") };
}

/** The right end of the axis, as a part of one: whole tenths, so that all bars and bands end before it. */
export function findEnd(bars, { blocks, units }) {
  const ends = bars.flatMap(bar => [units ? bar.units / units : 0, blocks ? bar.blocks / blocks : 0, blocks ? Math.min(1, (bar.expected + bar.spread) / blocks) : 0]);
  return Math.min(1, Math.max(0.1, Math.ceil(10 * Math.max(0, ...ends) - 1e-9) / 10));
}
