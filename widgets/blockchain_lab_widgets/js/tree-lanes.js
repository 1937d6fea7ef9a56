// The shape of the block tree: which blocks are shown one by one, which run together, who lies on which lane.
//
// Works on positions in the block index ("orders") and typed arrays, so that thousands of blocks take
// about a millisecond. Knows no pixels.

/** Shorter runs are shown block by block. */
const SHORTEST_RUN = 4;

/**
 * The blocks that are there, as a tree.
 *
 * @param {import("./blocks.js").BlockIndex} index
 * @param {(order: number) => boolean} isThere at the cursor
 */
export function plantTree(index, isThere) {
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
  return { list, parents, first, children, orders, loose };
}

/** The orders from a block back to the oldest there, as flags. O(height). */
export function markPath(tree, order) {
  const marked = new Uint8Array(tree.list.length);
  for (let at = order ?? -1; at >= 0; at = tree.parents[at]) marked[at] = 1;
  return marked;
}

/** Heights whose blocks are worth a box each: the start, forks, ends, and those that somebody points at. */
function findHeights(tree, pointed, behindEnd) {
  const { list, orders, parents, children } = tree;
  const shown = new Set([0]);
  for (const order of orders) {
    const { height } = list[order];
    if (children[order] > 1) shown.add(height).add(height + 1);
    if (children[order] === 0) for (let behind = 0; behind <= behindEnd; behind++) shown.add(height - behind);
    if (parents[order] < 0) shown.add(height);
  }
  for (const order of pointed) if (list[order]?.height != null) shown.add(list[order].height);
  return shown;
}

/**
 * Columns from left to right: one height each, or a run of heights in which nothing forks or ends.
 *
 * @param {number[]} pointed orders of tips and of the selection
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

/**
 * A lane for every block: the main chain on lane 0, each side branch straight on the first lane that is free
 * from its fork to its end.
 *
 * @param {Uint8Array} main flags by order
 * @param {Int32Array} columnOf height -> column
 */
export function findLanes(tree, main, columnOf) {
  const { list, orders, parents, first } = tree;
  const lanes = new Int32Array(list.length).fill(-1);
  const end = new Int32Array(list.length); // last column of the straight branch through a block
  const straight = order => parents[order] >= 0 && !main[parents[order]] && first[parents[order]] === order;
  for (let i = orders.length - 1; i >= 0; i--) {
    const order = orders[i];
    end[order] = Math.max(end[order], columnOf[list[order].height]);
    if (straight(order)) end[parents[order]] = Math.max(end[parents[order]], end[order]);
  }
  const taken = []; // lane -> [first column, last column] of its branches
  for (const order of orders) {
    if (main[order]) lanes[order] = 0;
    else if (straight(order)) lanes[order] = lanes[parents[order]];
    else lanes[order] = takeLane(taken, columnOf[list[order].height], end[order]);
  }
  return lanes;
}

function takeLane(taken, from, to) {
  let lane = 1;
  while (taken[lane]?.some(([begin, end]) => begin <= to && from <= end)) lane += 1;
  (taken[lane] ??= []).push([from, to]);
  return lane;
}
