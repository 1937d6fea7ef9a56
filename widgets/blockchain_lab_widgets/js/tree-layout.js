// Where the block tree's boxes, runs and arrows go, in pixels. Pure: no element is touched here.
import { findColumns, findLanes } from "./tree-lanes.js";

export const BOX = { width: 56, height: 28 };
const GAP = 17; // between columns: room for an arrow
const MARGIN = 10;
const ABOVE = 18; // over a box: the label of a run
const BELOW = 8;
export const TAG = { height: 18, padding: 22, letter: 7.2 }; // letter: a generous width at 12 px
const NARROWEST_RUN = 84;
const BEHIND_END = [2, 1, 0]; // blocks shown behind the end of a branch: as many as there is room for

/** Tags under one box; more become a count. */
export const MOST_TAGS = 6;

/** @typedef {{text: string, peer: number|null}} Tag `peer` is null for a word such as "stale" */

/**
 * @param {object} tree of `plantTree`
 * @param {Uint8Array} main flags by order
 * @param {number[]} pointed orders that get a box of their own
 * @param {Map<number, Tag[]>} tags by order
 * @param {number} width of the pane; runs stretch to fill it
 * @returns {{boxes, runs, links, width, height}} boxes {order, x, y, width}; runs {key, orders, x, y, width};
 *   links {from, to, path points}, child to parent
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
  const lanes = findLanes(tree, main, columnOf);
  const looseColumn = tree.loose.length ? columns.length : -1;
  placeColumns(tree, columns, columnOf, tags, width, looseColumn);
  const tops = placeLanes(tree, lanes, tags);
  const placed = placeBlocks(tree, columns, columnOf, lanes, tops);
  placeLoose(tree, columns[looseColumn], tops, tags, placed);
  const right = columns.at(-1);
  return {
    ...placed,
    links: link(tree, placed),
    width: right ? right.x + right.width + MARGIN : 2 * MARGIN,
    height: Math.max(tops.at(-1), placed.bottom) + BELOW,
  };
}

/** How wide a tag's pill is. */
export function tagWidth(text) {
  return Math.ceil(text.length * TAG.letter) + TAG.padding;
}

function tagsOf(tags, order) {
  return (tags.get(order) ?? []).slice(0, MOST_TAGS);
}

function placeColumns(tree, columns, columnOf, tags, width, looseColumn) {
  for (const column of columns) column.width = column.from === column.to ? BOX.width : NARROWEST_RUN;
  if (looseColumn >= 0) columns.push({ from: null, to: null, width: BOX.width });
  for (const order of tags.keys()) {
    const { height } = tree.list[order];
    const column = columns[height === null ? looseColumn : columnOf[height]];
    if (!column) continue;
    for (const tag of tagsOf(tags, order)) column.width = Math.max(column.width, tagWidth(tag.text));
  }
  const runs = columns.filter(column => column.from !== column.to);
  const used = columns.reduce((sum, column) => sum + column.width + GAP, 2 * MARGIN - GAP);
  const blocks = runs.reduce((sum, run) => sum + run.to - run.from + 1, 0);
  const spare = Math.max(0, width - used);
  for (const run of runs) run.width += Math.floor(spare * (run.to - run.from + 1) / blocks);
  let x = MARGIN;
  for (const column of columns) {
    column.x = x;
    x += column.width + GAP;
  }
}

// tops[lane] is the upper edge of its boxes; one more stands behind the last.
function placeLanes(tree, lanes, tags) {
  const count = tree.orders.reduce((most, order) => Math.max(most, lanes[order]), 0) + 1;
  const rows = new Array(count).fill(1); // a run writes its length there
  for (const order of tags.keys()) {
    if (lanes[order] >= 0) rows[lanes[order]] = Math.max(rows[lanes[order]], tagsOf(tags, order).length);
  }
  const tops = [ABOVE];
  for (const tagged of rows) tops.push(tops.at(-1) + BOX.height + tagged * TAG.height + BELOW + ABOVE);
  return tops;
}

function placeBlocks(tree, columns, columnOf, lanes, tops) {
  const boxes = [];
  const runs = new Map();
  const spot = new Map(); // order -> its box or its run
  for (const order of tree.orders) {
    const index = columnOf[tree.list[order].height];
    const { from, to, x, width } = columns[index];
    const y = tops[lanes[order]];
    if (from === to) {
      const box = { order, x, y, width: BOX.width, columnWidth: width };
      boxes.push(box);
      spot.set(order, box);
      continue;
    }
    const key = `${index}/${lanes[order]}`;
    if (!runs.has(key)) runs.set(key, { orders: [], x, y, width });
    runs.get(key).orders.push(order);
    spot.set(order, runs.get(key));
  }
  for (const run of runs.values()) run.key = `run:${tree.list[run.orders[0]].hash}`;
  return { boxes, runs: [...runs.values()], spot, bottom: 0 };
}

// Orphans stand in a column of their own at the right, one under another: nobody knows where they belong.
function placeLoose(tree, column, tops, tags, placed) {
  let y = tops[0];
  for (const order of tree.loose) {
    const box = { order, x: column.x, y, width: BOX.width, columnWidth: column.width };
    placed.boxes.push(box);
    placed.spot.set(order, box);
    y += BOX.height + Math.max(1, tagsOf(tags, order).length) * TAG.height + BELOW + ABOVE;
    placed.bottom = y;
  }
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
