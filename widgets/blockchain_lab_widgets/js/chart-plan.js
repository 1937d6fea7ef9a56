// One picture of the chart: which messages are drawn strongly, which as thin lines, what is written where. Pure.
import { getCauses } from "./causes.js";
import { rowOf } from "./chart-cone.js";
import { awayFrom, chooseLanes, clip, lineOf, placeLabels, placeLanes, placeTimes, spotsOf } from "./chart-layout.js";
import { labelOfMark, placeMarks, tellAction } from "./chart-marks.js";
import { formatTick, formatWait, tellArrow } from "./chart-words.js";

/** More arrows than these are spaghetti; the others around the cursor become thin lines, up to a bound. */
export const MOST = 60;
export const MOST_FAINT = 240;

/** More lanes than these are threads. */
export const MOST_LANES = 24;

/**
 * @param {object} scene
 * @param {import("./trace.js").Trace} scene.trace
 * @param {import("./chart-data.js").Arrows} scene.arrows
 * @param {import("./chart-axis.js").Timeline} scene.timeline
 * @param {import("./chart-cone.js").Cone|null} scene.cone shows only what belongs to it
 * @param {string|null} scene.selection of the store
 * @param {(arrow: number) => boolean} scene.passes the reader's filters
 * @param {{width, height, unit, top, margin}} scene.box of the plot: pixels a row, the row at its upper edge, and room that
 *   the lanes leave free at the right
 * @param {number} scene.anchor row around which messages are chosen
 * @param {Set<number>} scene.hidden lanes, and `scene.extra`: hosts that must have one
 */
export function makePlan(scene) {
  const { trace, arrows, timeline, cone, box: { width, height, unit, top, margin = 0 } } = scene;
  const yOf = event => (timeline.yOf(event) - top) * unit;
  const [first, last] = [timeline.eventAt(top), timeline.eventAt(top + height / unit)];
  const chain = getSteps(trace, rowOf(scene.selection, scene.branch));
  const near = rank(arrows.between(Math.floor(first), Math.ceil(last), scene.passes), scene, new Set(chain.map(({ to }) => to)));
  const hosts = chooseLanes(trace.peers.length, scene.hidden, scene.extra, near, MOST_LANES);
  const lanes = placeLanes(hosts, width - margin);
  const drawn = [];
  for (const arrow of near) {
    const line = lineOf(arrow, lanes, yOf, trace.lastEvent);
    const visible = line && clip(line, width, height);
    if (visible) drawn.push({ arrow, line, visible });
  }
  const isNear = ({ arrow }) => awayFrom(arrow, timeline, top + height / unit / 2) < height / unit;
  const strong = drawn.filter(each => cone || isNear(each)).slice(0, MOST);
  const chosen = new Set(strong);
  const faint = cone ? [] : drawn.filter(each => !chosen.has(each)).slice(0, MOST_FAINT);
  strong.sort((one, other) => one.arrow.sent - other.arrow.sent);
  const stops = timeline.between(top - 1, top + height / unit + 1).map(stop => ({ ...stop, y: yOf(stop.event) }));
  const marks = placeMarks(trace, stops, lanes.xOf, row => !cone || cone.has(row)).filter(({ y }) => y >= 0 && y <= height);
  const links = placeChain(chain, trace, lanes.xOf, yOf, width, height);
  const plan = { hosts, lanes, yOf, strong, faint, stops, marks, links };
  plan.labels = label(plan, scene);
  plan.times = placeTimes(stops, formatTick, formatWait).filter(({ y }) => y >= 6 && y <= height - 6);
  return plan;
}

// The most important first: what led to the selection, then what begins or ends near the anchor.
function rank(found, { timeline, anchor }, because) {
  const leads = arrow => because.has(arrow.sent) || because.has(arrow.end);
  const entries = found.map(arrow => ({ arrow, away: leads(arrow) ? -1 : awayFrom(arrow, timeline, anchor) }));
  return entries.sort((one, other) => one.away - other.away || one.arrow.sent - other.arrow.sent).map(({ arrow }) => arrow);
}

/** The steps from the origin to a record, one for each cause that is another event: `{from, to}` rows. */
export function getSteps(trace, row) {
  if (row >= trace.length) return [];
  const chain = getCauses(trace, row);
  const { event } = trace.columns;
  const steps = chain.slice(1).map(to => ({ from: trace.columns.cause[to], to }));
  return steps.filter(({ from, to }) => event[from] !== event[to]); // within one event: the same moment, the same lane
}

function placeChain(chain, trace, xOf, yOf, width, height) {
  const { event, peer } = trace.columns;
  return chain.map(({ from, to }, index) => {
    const line = { x0: xOf(peer[from]), y0: yOf(event[from]), x1: xOf(peer[to]), y1: yOf(event[to]) };
    const isPlaced = line.x0 !== undefined && line.x1 !== undefined;
    return { number: index + 1, from, to, line, visible: isPlaced ? clip(line, width, height) : null };
  }).filter(({ visible }) => visible);
}

/** Where a step's number stands: in the middle of what is seen of it. */
export function badgeOf({ visible: { x0, y0, x1, y1 } }) {
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}

// Numbers of the chain and marks have their place; then arrows get labels, nearest first; then marks.
function label({ strong, marks, links, lanes }, { trace, index, measure, selection, branch, timeline, anchor, box: { width, height } }) {
  const taken = links.map(badgeOf).map(({ x, y }) => ({ x: x - 9, y: y - 9, width: 18, height: 18 }));
  for (const { x, y, mark } of marks) if (x !== undefined && mark !== "timer") taken.push({ x: x - 6, y: y - 6, width: 12, height: 12 });
  const room = new Map(); // event and host -> pixels that marks take beside the lane
  for (const { record, x } of marks) if (x !== undefined) room.set(`${record.event} ${record.peer}`, x - lanes.xOf(record.peer) + 7);
  const row = rowOf(selection, branch);
  const away = ({ arrow }) => (arrow.sent === row || arrow.end === row ? -1 : awayFrom(arrow, timeline, anchor));
  const lines = marks.filter(({ mark }) => mark === "everywhere").map(({ key, record, y }) => ({
    key, text: tellAction(record.facts), spots: [{ x: width - 4, y: y - 8, left: true }, { x: width - 4, y: y + 8, left: true }],
  }));
  const texts = [...strong].sort((one, other) => away(one) - away(other)).map(({ arrow, line }) => ({
    key: arrow.key, text: tellArrow(arrow, trace, index),
    spots: spotsOf(line, height, room.get(`${arrow.ends} ${arrow.to}`) ?? 5),
  }));
  const names = marks.filter(({ mark }) => mark !== "everywhere").map(each => ({
    key: each.key, text: labelOfMark(each, index), spots: [{ x: each.x + 9, y: each.y, left: false }, { x: each.x - 9, y: each.y, left: true }],
  }));
  const wanted = [...lines, ...texts, ...names].filter(({ text }) => text);
  const places = placeLabels(wanted, measure, taken, width, height);
  return wanted.map((each, at) => ({ ...each, box: places[at] })).filter(({ box }) => box);
}
