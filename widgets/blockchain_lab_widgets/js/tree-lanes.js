// The shape of the block tree: stretches without a fork, which heights are shown one by one, who lies on which lane.
//
// Works on positions in the block index ("orders") and typed arrays. Planting walks all blocks and is done only when
// a block appears; all that follows walks stretches, of which even a long chain has few. Knows no pixels.

/** Shorter runs are shown block by block. */
const SHORTEST_RUN = 4;

/** In `stretchOf`: not in the picture, and drawn apart because nobody knows its height. */
export const NOWHERE = -1;
const LOOSE = -2;

/**
 * @typedef {object} Stretch blocks one behind the other, with no fork between them
 * @property {number} id place in the list; parents stand before their children
 * @property {number} parent id of the stretch that it hangs on, -1 for none
 * @property {Int32Array} orders oldest block first
 * @property {number} low height of its first block
 * @property {number} high height of its last one
 * @property {boolean} isMain on the straight lane?
 * @property {boolean} isStraight goes on where its parent lies, beside the main chain?
 * @property {boolean} isEnd nothing hangs on it
 */

/**
 * The blocks that are there, as a tree. O(blocks).
 *
 * @param {import("./blocks.js").BlockIndex} index
 * @param {(order: number) => boolean} isThere at the cursor
 * @param {Uint8Array} main flags by order: the straight lane
 */
export function plantTree(index, isThere, main) {
  const { list } = index;
  const parents = new Int32Array(list.length).fill(-1);
  const first = new Int32Array(list.length).fill(-1); // first child: goes on straight beside the main chain
  const children = new Int32Array(list.length);
  const orders = index.byHeight.filter(isThere);
  const loose = index.unplaced.filter(isThere); // orphans: nobody knows where they belong
  for (const order of orders) {
    const parent = index.parents[order];
    if (parent < 0 || !isThere(parent)) continue;
    parents[order] = parent;
    children[parent] += 1;
    if (first[parent] < 0) first[parent] = order;
  }
  const tree = { list, parents, children, orders, loose, main };
  Object.assign(tree, findStretches(tree, first));
  for (const order of loose) tree.stretchOf[order] = LOOSE;
  return tree;
}

function findStretches({ list, parents, children, orders, main }, first) {
  const stretches = [];
  const stretchOf = new Int32Array(list.length).fill(NOWHERE);
  for (const order of orders) {
    const parent = parents[order];
    const before = parent < 0 ? null : stretches[stretchOf[parent]];
    if (before && children[parent] === 1 && main[parent] === main[order]) {
      stretchOf[order] = before.id;
      before.orders.push(order);
      continue;
    }
    const id = stretches.length;
    const isStraight = before !== null && !before.isMain && first[parent] === order;
    stretches.push({ id, parent: before?.id ?? -1, orders: [order], isMain: main[order] === 1, isStraight });
    stretchOf[order] = id;
  }
  for (const stretch of stretches) {
    const own = stretch.orders = Int32Array.from(stretch.orders); // parts of it cost nothing
    stretch.low = list[own[0]].height;
    stretch.high = list[own.at(-1)].height;
    stretch.isEnd = children[own.at(-1)] === 0;
  }
  return { stretches, stretchOf };
}

/** The orders from a block back to the oldest, as flags. O(height). */
export function markPath(parents, order) {
  const marked = new Uint8Array(parents.length);
  for (let at = order ?? -1; at >= 0; at = parents[at]) marked[at] = 1;
  return marked;
}

/**
 * The ways from some blocks back to the oldest: how high each stretch is walked. O(stretches on the way).
 *
 * @returns {(order: number) => boolean} does a block lie on one of them?
 */
export function waysTo({ list, stretches, stretchOf }, orders) {
  const tops = new Map(); // stretch -> height
  for (const order of orders) {
    let top = list[order]?.height ?? -1;
    for (let at = stretchOf[order] ?? -1; at >= 0; at = stretches[at].parent) {
      if ((tops.get(at) ?? -1) >= top) break;
      tops.set(at, top);
      top = stretches[at].low - 1;
    }
  }
  return order => (tops.get(stretchOf[order]) ?? -1) >= list[order].height;
}

/** Heights whose blocks are worth a box each: the start, forks, ends, and those that somebody points at. */
function findHeights({ list, stretches, orders }, pointed, behindEnd) {
  const shown = new Set(orders.length ? [list[orders[0]].height] : []);
  for (const { parent, low, high, isEnd } of stretches) {
    if (parent >= 0) shown.add(low).add(low - 1);
    else shown.add(low);
    if (isEnd) for (let behind = 0; behind <= behindEnd; behind++) shown.add(high - behind);
  }
  for (const order of pointed) if (list[order]?.height != null) shown.add(list[order].height);
  return shown;
}

/**
 * Columns from left to right: one height each, or a run of heights in which nothing forks or ends.
 *
 * @param {Iterable<number>} pointed orders of blocks that get a box
 * @param {number} behindEnd how many blocks before the end of a branch are shown one by one
 * @returns {{from: number, to: number}[]} heights, both inclusive
 */
export function findColumns(tree, pointed, behindEnd) {
  const { list, orders } = tree;
  const top = orders.length ? list[orders.at(-1)].height : -1;
  const bottom = orders.length ? list[orders[0]].height : 0;
  const shown = [...findHeights(tree, pointed, behindEnd)].filter(height => height >= bottom && height <= top);
  shown.sort((a, b) => a - b);
  const columns = [];
  const addBetween = (from, to) => {
    if (to - from + 1 >= SHORTEST_RUN) columns.push({ from, to });
    else for (let height = from; height <= to; height++) columns.push({ from: height, to: height });
  };
  let next = bottom;
  for (const height of shown) {
    if (height > next) addBetween(next, height - 1);
    columns.push({ from: height, to: height });
    next = height + 1;
  }
  if (next <= top) addBetween(next, top);
  return columns;
}

/** The column of every height; columns are ascending and without gaps. O(log columns) each. */
export function columnFinder(columns) {
  return height => {
    let [low, high] = [0, columns.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (columns[middle].to < height) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/**
 * A lane for every stretch: the main chain on lane 0, each side branch straight on the first lane that is free
 * from its fork to its end.
 *
 * @param {(height: number) => number} columnOf
 * @returns {number[]} by the stretch's id
 */
export function findLanes({ stretches }, columnOf) {
  const ends = stretches.map(({ high }) => columnOf(high)); // last column of the straight branch through it
  for (let id = stretches.length - 1; id >= 0; id--) {
    const { isStraight, parent } = stretches[id];
    if (isStraight) ends[parent] = Math.max(ends[parent], ends[id]);
  }
  const taken = []; // lane -> [first column, last column] of its branches
  const lanes = [];
  for (const { id, isMain, isStraight, parent, low } of stretches) {
    if (isMain) lanes[id] = 0;
    else if (isStraight) lanes[id] = lanes[parent];
    else lanes[id] = takeLane(taken, columnOf(low), ends[id]);
  }
  return lanes;
}

function takeLane(taken, from, to) {
  let lane = 1;
  while (taken[lane]?.some(([begin, end]) => begin <= to && from <= end)) lane += 1;
  (taken[lane] ??= []).push([from, to]);
  return lane;
}
