// What can be drawn of a run, each as the model of a plot: heights, finality, spreading, round trips, bytes, pools, lines. Pure.
import { MOST_LINES, chooseLines } from "./curves-choose.js";
import { coverageOf, waitFor } from "./curves-history.js";
import { findStep, findUnit } from "./curve-scale.js";
import { formatCount } from "./describe.js";
import { nameOfTx } from "./messages-at.js";
import { CLASSES } from "./palette.js";

export const PERCENTS = [50, 90, 99];
const PLURAL = { block: "blocks", tx: "transactions", item: "items" };
const COUNT = { kind: "count", isWhole: true };
const MIDDLE = "median"; // the name of the line through the middle
const MOST_PAIRS = 2; // peers with two lines each

/**
 * @typedef {object} Scene what a kind of curve gives: `model` for the plot, `picks` what a line stands for in the selection
 *   grammar, `values` [key, value] of all that have one, `outliers` keys, `label(key)`, `noun` of a key
 *
 * @typedef {object} Asked
 * @property {CurvesHistory} history
 * @property {object} trace
 * @property {number} rows records up to the cursor
 * @property {number} clock µs
 * @property {boolean} isWhole what lies ahead is wanted, faint
 * @property {number[]} chosen hosts that are selected
 * @property {number[]} pointed hosts at which the pointer is, and their neighbours
 * @property {string} what of the kind: a thing, a kind of thing; "" for the usual
 * @property {number} lens host through whose eyes all is seen; -1 for none
 * @property {(name: string) => string} nameOf a thing's short name
 * @property {Slots} slots
 */

const hasAny = group => group.byName.size > 0;
const hasChanged = group => [...group.byName.values()].some(series => series.length > 1 || series.last > 0);

/** By name: `title` in the choice, `isThere(history)`: has the run any, `draw(asked)` -> Scene. */
export const KINDS = {
  coverage: { title: "Coverage", isThere: ({ things }) => things.size > 0, draw: drawCoverage },
  percentiles: { title: "Propagation times", isThere: ({ things }) => [...things.values()].some(({ learned }) => learned.length > 1), draw: drawPercentiles },
  heights: { title: "Heights", isThere: ({ groups }) => hasAny(groups.heights), draw: asked => drawPeers(asked, "heights", "height") },
  finality: { title: "Finality", isThere: ({ groups }) => hasAny(groups.finalised), draw: drawFinality },
  trips: { title: "Round trips", isThere: ({ groups }) => hasAny(groups.trips), draw: drawTrips },
  bytes: { title: "Bytes sent", isThere: ({ groups }) => hasAny(groups.bytes), draw: drawBytes },
  pools: { title: "Mempools", isThere: ({ groups }) => hasChanged(groups.pools), draw: asked => drawPeers(asked, "pools", "transactions waiting") },
  queues: { title: "Waiting lines", isThere: ({ groups }) => hasAny(groups.queues), draw: asked => drawPeers(asked, "queues", "pieces waiting") },
};

/** What is drawn when nobody has chosen: the first of these that the run has. */
export const USUAL = ["finality", "heights", "coverage", "queues", "bytes"];

const frameOf = ({ trace, clock, isWhole }) => ({
  from: 0, to: Math.max(trace.timeOf(trace.lastEvent), clock), shown: clock, cursor: clock, isAhead: isWhole, marks: [], band: null,
});

/** Through one peer's eyes only its own lines are seen. */
const isSeen = ({ lens }, host) => lens < 0 || lens === host;

/** [name, value] of all that have one after so many records; peers by their number, others as they came. */
function listValues({ byName }, rows) {
  const values = [...byName].map(([name, series]) => [name, series.valueAt(rows)]).filter(([, value]) => value !== null);
  return typeof values[0]?.[0] === "number" ? values.sort(([a], [b]) => a - b) : values;
}

/** Series of a group as lines, those ahead too where they are wanted. */
function lineOf(series, { rows, isWhole }, rest) {
  const read = end => (rest.shape === "dots" ? series.samplesAt(end) : series.at(end));
  return { points: read(rows), ahead: isWhole ? read(Infinity) : undefined, ...rest };
}

/** The middle of a group as a line, and the band around it. */
function middleOf(group, { rows, isWhole }, noun) {
  const all = group.band.at(isWhole ? Infinity : rows);
  const label = `all ${formatCount(group.byName.size)} ${noun}`;
  return {
    band: { label, points: all.map(([at, least, , most]) => [at, least, most]) },
    line: { name: MIDDLE, label: MIDDLE, colour: "--bl-ink", slot: 0, points: group.band.at(rows).map(([at, , middle]) => [at, middle]), ahead: isWhole ? all.map(([at, , middle]) => [at, middle]) : undefined },
  };
}

/** A line for each peer, or the middle, the range and those who are far from it. */
function drawPeers(asked, key, title) {
  const { history, trace: { peers }, rows, chosen, pointed, slots } = asked;
  const group = history.groups[key];
  const isShown = series => key !== "pools" || series.length > 1 || series.last > 0;
  const values = listValues(group, rows).filter(([host]) => isShown(group.byName.get(host)) && isSeen(asked, host));
  const { keys, isBanded, outliers } = chooseLines(values, chosen, pointed);
  const slot = slots.give(keys.map(String));
  const series = keys.map(host => lineOf(group.byName.get(host), asked, { name: `peer:${peers[host]}`, label: peers[host], slot: slot.get(String(host)) }));
  const middle = isBanded ? middleOf(group, asked, "peers") : null;
  const model = { ...frameOf(asked), y: { ...COUNT, title }, series: middle ? [middle.line, ...series] : series, band: middle?.band ?? null };
  return { model, picks: name => (name === MIDDLE ? null : name),  values, outliers, label: host => peers[host], noun: "peer" };
}

/** Two lines each for the selected peer and for one that is behind; of all, their medians, and the range of what is final. */
function drawFinality(asked) {
  const { history: { groups }, trace: { peers }, rows, chosen, pointed, slots } = asked;
  const values = listValues(groups.finalised, rows).filter(([host]) => isSeen(asked, host));
  const isFew = values.length <= MOST_PAIRS;
  const wanted = isFew ? values.map(([host]) => host) : [...chosen, ...pointed, ...findSlow(values)];
  const hosts = [...new Set(wanted)].filter(host => values.some(([key]) => key === host)).slice(0, MOST_PAIRS);
  const slot = slots.give(hosts.flatMap(host => [`j${host}`, `f${host}`]));
  const series = hosts.flatMap(host => [
    lineOf(groups.justified.byName.get(host), asked, { name: `justified of ${peers[host]}`, label: `${peers[host]} justified`, slot: slot.get(`j${host}`) }),
    lineOf(groups.finalised.byName.get(host), asked, { name: `peer:${peers[host]}`, label: `${peers[host]} final`, slot: slot.get(`f${host}`) }),
  ]);
  const middle = isFew ? null : middleOf(groups.finalised, asked, "peers, final");
  const above = isFew ? null : middleOf(groups.justified, asked, "peers, justified").line;
  if (middle) series.unshift({ ...above, name: "median justified", label: "median justified", slot: 1 }, { ...middle.line, name: "median final", label: "median final" });
  const picks = name => (name.startsWith("peer:") ? name : name.startsWith("justified of ") ? `peer:${name.slice(13)}` : null);
  return { model: { ...frameOf(asked), y: { ...COUNT, title: "epoch" }, series, band: middle?.band ?? null }, picks, values, outliers: [], label: host => peers[host], noun: "peer" };
}

/** Whoever is behind all others with what is final, at most one. */
function findSlow(values) {
  const least = Math.min(...values.map(([, value]) => value));
  return values.some(([, value]) => value > least) ? values.filter(([, value]) => value === least).slice(0, 1).map(([host]) => host) : [];
}

const endsOf = pair => pair.split(" ").map(Number);

/** How long answers to pings took, by who asked whom. */
function drawTrips(asked) {
  const { history: { groups: { trips } }, trace: { peers }, rows, chosen, pointed, slots } = asked;
  const values = listValues(trips, rows).filter(([pair]) => isSeen(asked, endsOf(pair)[0]));
  const about = hosts => values.map(([pair]) => pair).filter(pair => (hosts.length === 2 ? endsOf(pair).every(host => hosts.includes(host)) : hosts.includes(endsOf(pair)[0])));
  const { keys, isBanded, outliers } = chooseLines(values, about(chosen), about(pointed));
  const slot = slots.give(keys);
  const label = pair => endsOf(pair).map(host => peers[host]).join(" → ");
  const series = keys.map(pair => lineOf(trips.byName.get(pair), asked, { name: pair, label: label(pair), shape: "dots", slot: slot.get(pair) }));
  const middle = isBanded ? middleOf(trips, asked, "pairs") : null;
  const picks = name => (name === MIDDLE ? null : `link:${endsOf(name).sort((a, b) => a - b).join("-")}`);
  return { model: { ...frameOf(asked), y: { title: "round trip", kind: "time" }, series: middle ? [middle.line, ...series] : series, band: middle?.band ?? null }, picks, values, outliers, label, noun: "pair" };
}

/** Bytes that all have sent, by class of message; beyond eight names the largest. */
function drawBytes(asked) {
  const { history: { groups: { bytes } }, rows, slots } = asked;
  const values = listValues(bytes, rows);
  const largest = values.length <= MOST_LINES ? values : [...values].sort(([, a], [, b]) => b - a).slice(0, MOST_LINES);
  const keys = largest.map(([name]) => name);
  const slot = slots.give(keys);
  const series = keys.map(name => lineOf(bytes.byName.get(name), asked, { name, label: name, slot: slot.get(name), colour: CLASSES.includes(name) ? `--bl-class-${name}` : undefined }));
  return { model: { ...frameOf(asked), y: { title: "sent by all", kind: "bytes", least: 0 }, series }, picks: () => null,  values, outliers: [], label: name => name };
}

// --- spreading -----------------------------------------------------------------------------------------------

/** "B3", "tx 3f2a", "item 3f2a" */
export function nameOfThing(name, index) {
  const id = name.slice(name.indexOf(":") + 1);
  return name.startsWith("block:") ? index.nameOf(id) : name.startsWith("tx:") ? nameOfTx(id) : `item ${id.slice(0, 4)}`;
}

/** What began to spread last, of what more than one peer has; else what began last. Null before anything has. */
export function findLatestThing({ things }, rows) {
  let found = null;
  let alone = null;
  for (const thing of things.values()) {
    if (thing.learned[0].row >= rows) continue;
    if (!alone || thing.learned[0].row > alone.learned[0].row) alone = thing;
    if (thing.learned[1]?.row < rows && (!found || thing.learned[0].row > found.learned[0].row)) found = thing;
  }
  return found ?? alone;
}

/** How many peers have a thing, from its first moment on: an axis as long as its spreading, so far. */
function drawCoverage(asked) {
  const { history, trace: { peers }, rows, clock, isWhole, what, nameOf } = asked;
  const wanted = history.things.get(what);
  const thing = wanted?.learned[0].row < rows || isWhole && wanted ? wanted : findLatestThing(history, rows);
  const y = { ...COUNT, title: "peers that have it", least: 0, most: peers.length };
  if (!thing) return { model: { ...frameOf(asked), y, series: [] }, picks: name => name,  values: [], outliers: [], label: nameOf, thing: null };
  const points = coverageOf(thing, rows);
  const all = coverageOf(thing, Infinity);
  const from = thing.learned[0].at;
  const lasts = ((isWhole ? all : points).at(-1)?.[0] ?? from) - from;
  const room = Math.max(lasts * 1.1, 1000);
  const to = from + Math.ceil(room / findStep(room, 4, findUnit(room, "time"))) * findStep(room, 4, findUnit(room, "time"));
  const marks = markShares(PERCENTS.map(percent => [percent, waitFor(thing, percent, peers.length, rows)]), from);
  const series = [{ name: thing.name, label: nameOf(thing.name), points, ahead: isWhole ? all : undefined, slot: 0 }];
  return {
    model: { from, to, shown: Math.max(clock, from), cursor: clock >= from && clock <= to ? clock : null, isAhead: isWhole, marks, band: null, y, series },
    picks: name => (name.startsWith("item:") ? null : name),  values: [[thing.name, points.at(-1)?.[1] ?? 0]], outliers: [], label: nameOf, thing,
  };
}

/** A mark for each percentage that is reached; those reached at one moment share one. */
function markShares(waits, from) {
  const reached = new Map();
  for (const [percent, wait] of waits) if (wait !== null) reached.set(wait, [...(reached.get(wait) ?? []), `${percent} %`]);
  return [...reached].map(([wait, names]) => ({ at: from + wait, label: names.join(", ") }));
}

/** The kinds of things that a run has, in the plural, by their kind. */
export function listSorts({ things }) {
  const found = new Set([...things.values()].filter(({ learned }) => learned.length > 1).map(({ kind }) => kind));
  return Object.entries(PLURAL).filter(([kind]) => found.has(kind));
}

/** For each thing, at the time when it began: how long until half, nine tenths and nearly all peers had it. */
function drawPercentiles(asked) {
  const { history, trace: { peers }, rows, isWhole, what, slots } = asked;
  const sorts = listSorts(history);
  const sort = sorts.find(([kind]) => kind === what)?.[0] ?? sorts[0]?.[0];
  const things = [...history.things.values()].filter(({ kind, learned }) => kind === sort && (isWhole || learned[0].row < rows));
  const pointsAt = (percent, end) => things.map(thing => [thing.learned[0].at, waitFor(thing, percent, peers.length, end)]).filter(([, wait]) => wait !== null);
  const slot = slots.give(PERCENTS.map(percent => `${percent} %`));
  const series = PERCENTS.map(percent => ({
    name: `${percent} %`, label: `${percent} % of peers`, shape: "dots", slot: slot.get(`${percent} %`), points: pointsAt(percent, rows), ahead: isWhole ? pointsAt(percent, Infinity) : undefined,
  }));
  const known = things.filter(({ learned }) => learned[0].row < rows);
  return {
    model: { ...frameOf(asked), y: { title: `until peers have it, by ${{ block: "block", tx: "transaction", item: "item" }[sort]}`, kind: "time", least: 0 }, series },
    picks: () => null,  outliers: [], label: String, things: known,
    values: known.map(({ name, learned: [{ at }] }) => [name, at]),
  };
}
