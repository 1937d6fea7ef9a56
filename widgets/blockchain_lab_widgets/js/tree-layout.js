// Where the block tree's boxes, runs, tags and arrows go, in pixels. Pure: no element is touched here.
import { columnFinder, findColumns, findLanes } from "./tree-lanes.js";
import { MOST_TAGS, placeTags, tagWidth } from "./tree-tags.js";

export const BOX = { width: 56, height: 28 };
export const TAG_HEIGHT = 18;
const GAP = 17; // between columns: room for an arrow
const MARGIN = 10;
const ABOVE = 18; // over a box: the label of a run
const BELOW = 8;
const NARROWEST_RUN = 72;
const BEHIND_END = [2, 1, 0]; // blocks shown behind the end of a branch: as many as there is room for

/**
 * @param {object} tree of `plantTree`
 * @param {number[]} pointed orders that get a box of their own
 * @param {Map<number, Tag[]>} tags by order
 * @param {number} width of the pane; runs stretch to fill it
 * @param {{over: number, lanes: number}} head pixels that stay free over all, and over each side branch
 * @returns {{boxes, runs, tags, links, spotOf, width, height}} boxes {order, x, y, width}; runs {key, orders, x, y,
 *   width}; tags {tag, order, x, y, width, mark} where `mark` is the place on a run's bar, or null; links {key, child,
 *   x1, y1, x2, y2}; `spotOf(order)`: its box or its run
 */
export function layoutTree(tree, pointed, tags, width, head = { over: 0, lanes: 0 }) {
  let layout = null;
  for (const behind of BEHIND_END) {
    layout = layoutOnce(tree, findColumns(tree, pointed, behind), tags, width, head);
    if (layout.width <= width) break;
  }
  return layout;
}

function layoutOnce(tree, columns, tags, width, head) {
  const columnOf = columnFinder([...columns]);
  const lanes = findLanes(tree, columnOf);
  if (tree.loose.length) columns.push({ from: null, to: null });
  const columnAt = order => columns.at(tree.list[order].height === null ? -1 : columnOf(tree.list[order].height));
  placeColumns(columns, columnAt, tags, width);
  const placed = placeBlocks(tree, columns, columnOf, lanes);
  const tagged = placeTags(tags, placed.spotOf, tree.list);
  const bottom = placeDown(placed, tagged, head);
  const right = columns.at(-1);
  return {
    boxes: placed.boxes, runs: placed.runs, spotOf: placed.spotOf, tags: tagged, links: link(tree, placed),
    width: right ? right.x + right.width + MARGIN : 2 * MARGIN,
    height: bottom + BELOW,
  };
}

/** Several heights in one column? Then its blocks are drawn as runs. */
const isRun = ({ from, to }) => from !== to;

// From left to right: a box's column is as wide as its widest tag, runs share what is left by their length.
function placeColumns(columns, columnAt, tags, width) {
  for (const column of columns) column.width = isRun(column) ? NARROWEST_RUN : BOX.width;
  for (const [order, list] of tags) {
    const column = columnAt(order);
    if (!column || isRun(column)) continue;
    for (const tag of list.slice(0, MOST_TAGS)) column.width = Math.max(column.width, tagWidth(tag.text));
  }
  const runs = columns.filter(isRun);
  const used = columns.reduce((sum, column) => sum + column.width + GAP, 2 * MARGIN - GAP);
  const blocks = runs.reduce((sum, run) => sum + run.to - run.from + 1, 0);
  const spare = Math.max(0, width - used);
  for (const run of runs) run.width += Math.floor((spare * (run.to - run.from + 1)) / blocks);
  let x = MARGIN;
  for (const column of columns) {
    column.x = x;
    x += column.width + GAP;
  }
}

// Boxes and runs with their place from left to right, and their lane; orphans on lanes of their own column. O(shown).
function placeBlocks(tree, columns, columnOf, lanes) {
  const [boxes, runs, spots] = [[], [], new Map()];
  const addBox = (order, lane, { x, width }) => {
    const box = { order, lane, x: x + (width - BOX.width) / 2, y: 0, width: BOX.width };
    boxes.push(box);
    spots.set(order, box);
  };
  for (const { id, orders, low, high } of tree.stretches) {
    const own = runs.length;
    for (let at = columnOf(low); at <= columnOf(high); at++) {
      const { from, to, x, width } = columns[at];
      const part = orders.subarray(from - low, to - low + 1);
      if (from === to) addBox(part[0], lanes[id], columns[at]);
      // Its first block names it: so it stays the same while its end grows.
      else runs.push({ key: `run:${tree.list[part[0]].hash}`, orders: part, lane: lanes[id], x, y: 0, width });
    }
    if (runs.length > own) spots.set(`in ${id}`, runs.slice(own));
  }
  tree.loose.forEach((order, lane) => addBox(order, lane, columns.at(-1)));
  const { list, stretchOf } = tree;
  const ends = ({ orders }, order) => list[orders[0]].height <= list[order].height && list[order].height <= list[orders.at(-1)].height;
  const runWith = order => spots.get(`in ${stretchOf[order]}`)?.find(run => ends(run, order));
  return { boxes, runs, spotOf: order => spots.get(order) ?? runWith(order) };
}

// From top to bottom: a lane lies under those before it, as near as their tags and labels let it. Returns the lower edge.
function placeDown({ boxes, runs }, tagged, head) {
  const above = ABOVE + head.over;
  const lanes = []; // lane -> what takes room on it, measured from the upper edge of its boxes
  const add = (lane, { x, width }, above, below) => (lanes[lane] ??= []).push({ x, right: x + width, above, below });
  for (const box of boxes) add(box.lane, box, box.lane ? head.lanes : 0, BOX.height);
  for (const run of runs) add(run.lane, run, Math.max(ABOVE - BELOW, run.lane ? head.lanes : 0), BOX.height + TAG_HEIGHT); // its name over it, its length under it
  for (const { tag, ...tagAt } of tagged) add(tagAt.lane, tagAt, 0, BOX.height + 4 + (tagAt.row + 1) * TAG_HEIGHT);
  const tops = [];
  const placed = [];
  for (let lane = 0; lane < lanes.length; lane++) {
    const own = lanes[lane] ?? [];
    let top = lane ? tops[lane - 1] + BOX.height + BELOW : above;
    for (const part of own) {
      for (const other of placed) {
        if (part.x < other.right && other.x < part.right) top = Math.max(top, other.bottom + BELOW + part.above);
      }
    }
    tops[lane] = top;
    for (const part of own) placed.push({ ...part, bottom: top + part.below });
  }
  for (const block of [...boxes, ...runs]) block.y = tops[block.lane];
  for (const tag of tagged) tag.y = tops[tag.lane] + BOX.height + 4 + tag.row * TAG_HEIGHT;
  return Math.max(above, ...placed.map(({ bottom }) => bottom));
}

function link(tree, { boxes, runs, spotOf }) {
  const links = [];
  const add = (child, order) => {
    const parent = tree.parents[order];
    if (parent < 0) return;
    const to = spotOf(parent);
    links.push({
      key: tree.list[order].hash, child: order,
      x1: child.x, y1: child.y + BOX.height / 2, x2: to.x + to.width, y2: to.y + BOX.height / 2,
    });
  };
  for (const box of boxes) add(box, box.order);
  for (const run of runs) add(run, run.orders[0]);
  return links;
}
