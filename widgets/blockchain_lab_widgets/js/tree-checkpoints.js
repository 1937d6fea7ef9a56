// Checkpoints in the block tree: what is known of them from the blocks that somebody holds. Pure.
//
// A block's own state says what is justified and final on its branch; so a checkpoint is final to a peer as soon as it
// holds a block that says so, whichever branch it follows.
import { FULL, UNKNOWN } from "./chain-fold.js";
import { countOf, formatCount } from "./describe.js";
import { readVote } from "./finality-index.js";

/** From the least to the most; of a block the last one that holds is shown. */
export const LEVELS = ["checkpoint", "justified", "finalised", "conflicting"];
const WORDS = { checkpoint: "", justified: ", justified", finalised: ", final", conflicting: ", final, and so is another one beside it" };

/**
 * @typedef {object} Mark of a block that is a checkpoint
 * @property {number} epoch
 * @property {"checkpoint"|"justified"|"finalised"|"conflicting"} level
 * @property {Link|null} link that justified it, the first that was told
 *
 * @typedef {{key, source: number, target: number, votes, total, rear_votes, rear_total}} Link of two orders; units that voted for it
 *
 * @typedef {{marks: Map<number, Mark>, links: Link[], isFinal: (order: number) => boolean}} Checkpoints by order
 */

/**
 * What `viewer` knows, or what anybody knows when it is null. O(blocks that speak of checkpoints + height).
 *
 * @param {import("./finality-index.js").FinalityIndex} finality
 * @param {import("./blocks.js").BlockIndex} index
 * @param {{of: (order: number) => number}} holding
 * @returns {Checkpoints|null} null when nobody speaks of any
 */
export function findCheckpoints(finality, index, holding, viewer) {
  if (!finality.speaking.size) return null;
  const found = { marks: new Map(), links: new Map() };
  const root = index.get(index.list[0]?.hash);
  if (root && holding.of(root.order) !== UNKNOWN) found.marks.set(root.order, { epoch: 0, level: 2, link: null });
  for (const by of finality.speaking) {
    const speaker = index.get(by);
    if (!speaker || holding.of(speaker.order) !== FULL) continue;
    for (const facts of finality.factsOf(by, viewer)) learn(found, facts, index);
  }
  const { marks, links } = found;
  const final = markFinal(marks, index.parents);
  const named = [...marks].map(([order, mark]) => [order, { ...mark, level: LEVELS[mark.level] }]);
  return { marks: new Map(named), links: [...links.values()], isFinal: order => final[order] === 1 };
}

function learn({ marks, links }, facts, index) {
  const level = ["checkpoint reached", "checkpoint justified", "checkpoint finalised"].indexOf(facts.topic);
  const { order } = index.get(facts.block) ?? {};
  if (level < 0 || order === undefined) return;
  const source = index.get(facts.source)?.order;
  const link = level === 1 && source !== undefined ? { ...facts, key: `${source}-${order}`, source, target: order } : null;
  if (link) links.set(link.key, link);
  const known = marks.get(order);
  marks.set(order, { epoch: facts.epoch, level: Math.max(level, known?.level ?? 0), link: known?.link ?? link });
}

/** Final blocks as flags; a final checkpoint that does not lie on the way to every other one is in conflict. O(height x ends). */
function markFinal(marks, parents) {
  const final = new Uint8Array(parents.length);
  const sure = [...marks].filter(([, { level }]) => level === 2).map(([order]) => order);
  const counts = new Uint16Array(parents.length); // how many ends have the block on their way
  const isInside = new Uint8Array(parents.length); // on the way to another one
  for (const order of sure) for (let at = parents[order]; at >= 0 && !isInside[at]; at = parents[at]) isInside[at] = 1;
  const ends = sure.filter(order => !isInside[order]);
  for (const order of ends) {
    for (let at = order; at >= 0; at = parents[at]) {
      final[at] = 1;
      counts[at] += 1;
    }
  }
  for (const order of sure) if (counts[order] < ends.length) marks.get(order).level = 3;
  return final;
}

/** Those that deserve a box of their own: of the last epochs, and whatever is in conflict. Orders. */
export function findNotable({ marks }, most = 6) {
  const few = [...marks].sort(([, a], [, b]) => b.epoch - a.epoch);
  const isOdd = ([, { level }]) => level === "conflicting";
  return [...few.slice(0, most), ...few.filter(isOdd).slice(0, most)].map(([order]) => order);
}

/** ", checkpoint of epoch 3, final"; ", final" of a block behind one; "" of any other. */
export function tellCheckpoint(checkpoints, order) {
  const mark = checkpoints?.marks.get(order);
  if (mark) return `, checkpoint of epoch ${formatCount(mark.epoch)}${WORDS[mark.level]}`;
  return checkpoints?.isFinal(order) ? ", final" : "";
}

/** "justified from B8: 98,169 of 101,181 units, and 98,169 of 101,181 of the rear set"; "" without a link. */
export function tellLink(checkpoints, order, list) {
  const link = checkpoints?.marks.get(order)?.link;
  if (!link) return "";
  const { source, votes, total, rear_votes: rear, rear_total: all } = link;
  const behind = all ? `, ${formatCount(rear)} of ${formatCount(all)} of the rear set` : "";
  return `justified from ${list[source].name}: ${formatCount(votes)} of ${countOf(total, "unit")}${behind}`;
}

/** "2 final, 1 only justified"; what is in conflict first. */
export function tellCheckpoints(checkpoints) {
  if (!checkpoints) return "";
  const count = level => [...checkpoints.marks.values()].filter(mark => mark.level === level).length;
  const [conflicting, finalised, justified] = ["conflicting", "finalised", "justified"].map(count);
  return [
    conflicting ? `${countOf(conflicting, "final checkpoint")} in conflict` : "",
    `${countOf(finalised, conflicting ? "other final one" : "final checkpoint")}`, justified ? `${formatCount(justified)} only justified` : "",
  ].filter(Boolean).join(", ");
}

/** The link that a selected vote asks for: {source, target} as orders; null for none. */
export function findVoted(selection, finality, index) {
  const vote = readVote(selection) && finality.findVote(selection);
  const [source, target] = vote ? [vote.source, vote.target].map(hash => index.get(hash)?.order) : [];
  return source === undefined || target === undefined ? null : { source, target };
}
