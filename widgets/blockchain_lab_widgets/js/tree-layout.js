// Where the block tree's boxes, runs, tags and arrows go, in pixels. Pure: no element is touched here.
import { findColumns, findLanes } from "./tree-lanes.js";
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
 * @param {Uint8Array} main flags by order
 * @param {number[]} pointed orders that get a box of their own
 * @param {Map<number, Tag[]>} tags by order
 * @param {number} width of the pane; runs stretch to fill it
 * @returns {{boxes, runs, tags, links, spot, width, height}} boxes {order, x, y, width}; runs {key, orders, x, y,
 *   width}; tags {tag, order, x, y, width, mark} where `mark` is the place on a run's bar, or null; links {child,
 *   parent, x1, y1, x2, y2}; `spot`: order -> its box or its run
 */
export function layoutTree(tree, main, pointed, tags, width) {
  let layout = null;
  for (const behind of BEHIND_END) {
    layout = layoutOnce(tree, main, findColumns(tree, pointed, behind), tags, width);
    if (layout.width <= width) break;
  }
  return layout;
}

function layoutOnce(tree, main, columns, tags, width) {
  const columnOf = new Int32Array((columns.at(-1)?.to ?? 0) + 1);
  columns.forEach(({ from, to }, column) => columnOf.fill(column, from, to + 1));
  if (tree.loose.length) columns.push({ from: null, to: null });
  const columnAt = order => columns.at(tree.list[order].height === null ? -1 : columnOf[tree.list[order].height]);
  const lanes = findLanes(tree, main, columnOf);
  placeColumns(tree, columns, columnAt, tags, width);
  const placed = placeBlocks(tree, columnAt, lanes);
  const tagged = placeTags(tags, placed.spot, tree.list);
  const bottom = placeDown(tree, placed, tagged);
  const right = columns.at(-1);
  return {
    boxes: placed.boxes, runs: placed.runs, spot: placed.spot, tags: tagged, links: link(tree, placed),
    width: right ? right.x + right.width + MARGIN : 2 * MARGIN,
    height: bottom + BELOW,
  };
}

/** Several heights in one column? Then its blocks are drawn as runs. */
const isRun = ({ from, to }) => from !== to;

// From left to right: a box's column is as wide as its widest tag, runs share what is left by their length.
function placeColumns(tree, columns, columnAt, tags, width) {
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

// Boxes and runs with their place from left to right, and their lane; orphans on lanes of their own column.
function placeBlocks(tree, columnAt, lanes) {
  const boxes = [];
  const runs = new Map();
  const spot = new Map();
  const addBox = (order, lane) => {
    const { x, width } = columnAt(order);
    const box = { order, lane, x: x + (width - BOX.width) / 2, y: 0, width: BOX.width };
    boxes.push(box);
    spot.set(order, box);
  };
  for (const order of tree.orders) {
    const column = columnAt(order);
    if (!isRun(column)) {
      addBox(order, lanes[order]);
      continue;
    }
    const key = `${column.from}/${lanes[order]}`;
    const { x, width } = column;
    const name = `run:${tree.list[order].hash}`; // of its first block: stays the same while its end grows
    if (!runs.has(key)) runs.set(key, { key: name, orders: [], lane: lanes[order], x, y: 0, width });
    runs.get(key).orders.push(order);
    spot.set(order, runs.get(key));
  }
  tree.loose.forEach((order, lane) => addBox(order, lane));
  return { boxes, runs: [...runs.values()], spot };
}

// From top to bottom: a lane is as high as its blocks with all their tags. Returns the lower edge.
function placeDown(tree, { boxes, runs, spot }, tagged) {
  const rows = []; // lane -> rows of tags under it
  for (const { lane } of [...boxes, ...runs]) rows[lane] ??= 1; // one at least: a run writes its length there
  for (const tag of tagged) rows[spot.get(tag.order).lane] = Math.max(rows[spot.get(tag.order).lane], tag.row + 1);
  const tops = [];
  let bottom = ABOVE;
  for (let lane = 0; lane < rows.length; lane++) {
    tops[lane] = bottom;
    bottom += BOX.height + (rows[lane] ?? 1) * TAG_HEIGHT + BELOW + ABOVE;
  }
  for (const block of [...boxes, ...runs]) block.y = tops[block.lane];
  for (const tag of tagged) tag.y = tops[spot.get(tag.order).lane] + BOX.height + 4 + tag.row * TAG_HEIGHT;
  return bottom - ABOVE;
}

function link(tree, { boxes, runs, spot }) {
  const links = [];
  const add = (child, order) => {
    const parent = tree.parents[order];
    if (parent < 0) return;
    const to = spot.get(parent);
    links.push({
      key: tree.list[order].hash, child: order, parent,
      x1: child.x, y1: child.y + BOX.height / 2, x2: to.x + to.width, y2: to.y + BOX.height / 2,
    });
  };
  for (const box of boxes) add(box, box.order);
  for (const run of runs) add(run, run.orders[0]);
  return links;
}
