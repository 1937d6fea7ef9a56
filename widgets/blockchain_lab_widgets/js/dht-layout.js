// Where the ids of a space go: a binary tree of them with the branches in use alone, bundles for what has no room. Pure.
import { BITS, bitsOf, countShared, hasPrefix } from "./dht-ids.js";

const LEAST = 32; // pixels of a leaf with its name
const WIDE = 64; // more than that is not needed
const STEP = { least: 8, most: 20 }; // pixels from level to level
const FEWEST = 6; // items, however narrow the picture is

/**
 * @typedef {object} Branch of the tree: the leaves `from` .. `to - 1`
 * @property {number} from
 * @property {number} to
 * @property {number} shared with how many bits all its ids begin
 * @property {Branch[]|null} halves null for one leaf
 */

/** The tree of sorted, distinct ids; null for none. O(n log n). */
export function growTree(ids, from = 0, to = ids.length) {
  if (from >= to) return null;
  if (to - from === 1) return { from, to, shared: BITS, halves: null };
  const shared = countShared(ids[from], ids[to - 1]);
  const isOne = at => bitsOf(ids[at], shared + 1).endsWith("1");
  let [low, high] = [from, to - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isOne(middle)) high = middle;
    else low = middle + 1;
  }
  return { from, to, shared, halves: [growTree(ids, from, low), growTree(ids, low, to)] };
}

/** How many items have room side by side. */
export function countItems(width) {
  return Math.max(FEWEST, Math.floor(width / LEAST));
}

/**
 * What is drawn of a tree: all of its leaves, or the branches that have room. A branch is opened the sooner, the more
 * its leaves weigh; of equal ones the largest.
 *
 * @param {number[]} weights by leaf
 * @returns {Branch[]} from left to right, at most `most`
 */
export function chooseItems(root, most, weights) {
  if (!root) return [];
  const heaviest = ({ from, to }) => {
    let found = 0;
    for (let at = from; at < to; at++) found = Math.max(found, weights[at]);
    return found;
  };
  let items = [{ branch: root, weight: heaviest(root) }];
  while (items.length < most) {
    const open = items.filter(({ branch }) => branch.halves);
    if (!open.length) break;
    const best = open.reduce((a, b) => (b.weight > a.weight || (b.weight === a.weight && sizeOf(b.branch) > sizeOf(a.branch)) ? b : a));
    items = items.flatMap(item => (item === best ? best.branch.halves.map(branch => ({ branch, weight: heaviest(branch) })) : [item]));
  }
  return items.map(({ branch }) => branch);
}

export const sizeOf = ({ from, to }) => to - from;

/**
 * A picture's places: items side by side on the lowest level, above them the forks.
 *
 * @returns {{items: {branch, x}[], forks: {branch, x, y, ends: {x, y, branch}[]}[], slot: number, depth: number}} `depth` pixels
 *   from the root to the items
 */
export function placeTree(root, branches, { left, width, height }) {
  const slot = Math.min(WIDE, width / Math.max(1, branches.length));
  const start = left + (width - slot * branches.length) / 2;
  const items = branches.map((branch, at) => ({ branch, x: start + slot * (at + 0.5) }));
  const byStart = new Map(items.map(item => [item.branch, item]));
  const measure = branch => (byStart.has(branch) ? 0 : 1 + Math.max(...branch.halves.map(measure)));
  const levels = root ? measure(root) : 0;
  const step = Math.max(STEP.least, Math.min(STEP.most, height / Math.max(1, levels)));
  const depth = levels * step;
  const forks = [];
  const place = (branch, level) => {
    const item = byStart.get(branch);
    if (item) return { x: item.x, y: depth, branch };
    const fork = { branch, x: 0, y: level * step, ends: [] };
    forks.push(fork);
    fork.ends = branch.halves.map(half => place(half, level + 1));
    fork.x = (fork.ends[0].x + fork.ends[1].x) / 2;
    return fork;
  };
  if (root) place(root, 0);
  return { items, forks, slot, depth };
}

/** In which item a leaf is. */
export function itemOf(branches, leaf) {
  return branches.findIndex(({ from, to }) => from <= leaf && leaf < to);
}

/**
 * Which items a bucket covers: neighbours under one bracket; buckets that share an item share the bracket.
 *
 * @param {string[]} prefixes of the buckets, in the order of their ranges
 * @returns {{first: number, last: number, prefixes: string[]}[]} numbers of items; buckets over nobody's range are left out
 */
export function placeBrackets(ids, branches, prefixes) {
  const found = [];
  branches.forEach(({ from, to }, at) => {
    const own = prefixes.filter(prefix => hasPrefix(ids[from], prefix) || hasPrefix(ids[to - 1], prefix) || (prefix > bitsOf(ids[from], BITS) && prefix < bitsOf(ids[to - 1], BITS)));
    const last = found.at(-1);
    if (last && own.length && last.prefixes.includes(own[0])) {
      last.last = at;
      last.prefixes.push(...own.slice(1));
    } else if (own.length) found.push({ first: at, last: at, prefixes: own });
  });
  return found;
}

/** Where a point of the space stands among the items: at the item that has it, else between two. In slots. */
export function placePoint(ids, branches, point) {
  const leaf = ids.findIndex(id => id >= point);
  if (leaf >= 0 && ids[leaf] === point) return itemOf(branches, leaf) + 0.5;
  const right = leaf < 0 ? branches.length : itemOf(branches, leaf);
  if (right < branches.length && branches[right].from < leaf) return right + 0.5; // within a bundle
  return right;
}
