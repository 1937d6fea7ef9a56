// Several peers' trees one below another, on one horizontal scale: what each has of the tree that they share. Pure.
import { UNKNOWN } from "./chain-fold.js";
import { countOf, formatCount } from "./describe.js";
import { columnFinder, findColumns, findLanes, waysTo } from "./tree-lanes.js";
import { compareWork, listNames } from "./tree-words.js";

/** So many trees are shown at once. */
export const MOST_TREES = 6;

export const SMALL = { height: 20, lane: 27, run: 10 };
const NARROWEST = 44;
const LETTER = 7.2;
const GAP = 13;
const MARGIN = 10;
const NARROWEST_RUN = 60;

/**
 * Which peers to show when the reader has not said: one of every local state first, then others.
 *
 * @param {number[][]} groups of `groupByState`
 * @param {number[]} before what is shown now: it stays as long as it, too, begins with all the different states
 */
export function choosePeers(groups, before = []) {
  const [firsts, others] = [groups.map(([first]) => first), groups.flatMap(([, ...rest]) => rest)];
  const wanted = [...firsts, ...others.sort((a, b) => a - b)].slice(0, MOST_TREES);
  const heads = before.slice(0, Math.min(groups.length, MOST_TREES)).map(peer => groups.findIndex(group => group.includes(peer)));
  const isGood = before.length === wanted.length && new Set(heads).size === heads.length && !heads.includes(-1);
  return isGood ? before : wanted;
}

/**
 * One layout for all trees: they differ in what is filled, never in place.
 *
 * @param {object} tree of `plantTree`, everybody's
 * @param {number[]} pointed orders that get a box of their own
 * @returns {{boxes, runs, links, width, height}} boxes {order, x, y, width}; runs {key, orders, x, y, width}; links
 *   {key, child, x1, y1, x2, y2}
 */
export function layoutSmall(tree, pointed, width) {
  const columns = findColumns(tree, pointed, 0);
  const columnOf = columnFinder([...columns]);
  const lanes = findLanes(tree, columnOf);
  if (tree.loose.length) columns.push({ from: null, to: null });
  placeColumns(tree, columns, columnOf, width);
  const [boxes, runs, ends] = [[], [], []];
  const yOf = lane => 4 + lane * SMALL.lane;
  const links = [];
  for (const { id, parent, orders, low, high } of tree.stretches) {
    let before = parent < 0 ? null : ends[parent];
    for (let at = columnOf(low); at <= columnOf(high); at++) {
      const { from, to, x, width: room } = columns[at];
      const mark = { x, y: yOf(lanes[id]), width: room };
      const child = orders[from - low];
      if (from === to) boxes.push({ ...mark, order: child });
      else runs.push({ ...mark, key: `run:${tree.list[child].hash}`, orders: orders.subarray(from - low, to - low + 1) });
      if (before) links.push({ key: tree.list[child].hash, child, x1: x, y1: middleOf(mark), x2: before.x + before.width, y2: middleOf(before) });
      before = mark;
    }
    ends[id] = before;
  }
  tree.loose.forEach((order, lane) => boxes.push({ order, x: columns.at(-1).x, y: yOf(lane), width: columns.at(-1).width }));
  const right = columns.at(-1);
  const lowest = Math.max(0, ...lanes, tree.loose.length - 1);
  return { boxes, runs, links, width: right ? right.x + right.width + MARGIN : 2 * MARGIN, height: yOf(lowest) + SMALL.height + 5 };
}

const middleOf = ({ y }) => y + SMALL.height / 2;

function placeColumns({ list, stretches, loose }, columns, columnOf, width) {
  for (const column of columns) column.width = column.from === column.to ? NARROWEST : NARROWEST_RUN;
  const widen = (order, column) => { column.width = Math.max(column.width, Math.ceil(list[order].name.length * LETTER) + 18); };
  for (const { low, high, orders } of stretches) {
    for (let at = columnOf(low); at <= columnOf(high); at++) if (columns[at].from === columns[at].to) widen(orders[columns[at].from - low], columns[at]);
  }
  for (const order of loose) widen(order, columns.at(-1));
  const runs = columns.filter(({ from, to }) => from !== to);
  const spare = Math.max(0, width - columns.reduce((sum, column) => sum + column.width + GAP, 2 * MARGIN - GAP));
  const blocks = runs.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  for (const run of runs) run.width += Math.floor((spare * (run.to - run.from + 1)) / blocks);
  let x = MARGIN;
  for (const column of columns) {
    column.x = x;
    x += column.width + GAP;
  }
}

/**
 * What is to be told of one peer's tree.
 *
 * @returns {{peer, tip: number, best: number, isActive, isStale, words: string, twins: number[]}} `tip` and `best` are orders
 */
export function describeLocal(state, model, index, groups, peer, peers) {
  const [tip, best] = [state.tips[peer], state.best[peer]].map(hash => index.get(hash)?.order ?? -1);
  const isActive = waysTo(model.tree, [tip]);
  const isFollowed = waysTo(model.tree, [tip, best]);
  const holding = state.of[peer];
  const isStale = order => holding.of(order) !== UNKNOWN && model.list[order].height !== null && !isFollowed(order);
  const twins = (groups.find(group => group.includes(peer)) ?? []).filter(other => other !== peer);
  const top = index.get(model.fills.keys().next().value);
  const own = model.list[tip];
  const lacks = state.all.known - holding.known;
  const words = state.off[peer] ? ["off"] : state.tips[peer] === null ? ["what it holds is not known"] : [
    own ? `tip ${own.name}, height ${formatCount(own.height ?? 0)}` : "no tip",
    own?.work && top?.work ? (own === top ? "most work" : compareWork(own.work, top.work)) : "",
    holding.known > holding.full ? `${formatCount(holding.known - holding.full)} without body` : "",
    lacks ? `lacks ${countOf(lacks, "block")}` : "",
    twins.length ? `same as ${listNames(twins.map(other => peers[other]))}` : "",
  ];
  return { peer, tip, best, isActive, isStale, twins, words: words.filter(Boolean).join(", ") };
}
