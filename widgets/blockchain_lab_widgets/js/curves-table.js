// The table behind the curves: all that has a value now, also what the plot has no room to name. Pure.
import { waitFor } from "./curves-history.js";
import { PERCENTS } from "./curves-kinds.js";
import { formatValue } from "./curve-scale.js";
import { formatTime } from "./describe.js";

const timed = title => ({ title, format: formatTime });
const lasting = title => ({ title, format: value => formatValue(value, "time") });
const counted = (title, kind) => ({ title, format: value => formatValue(value, kind) });

/** What the columns are called, by kind of curve. */
export const COLUMNS = {
  coverage: ["Peer", timed("Had it at"), lasting("After the first")],
  percentiles: ["Thing", timed("Began at"), ...PERCENTS.map(percent => lasting(`${percent} % after`)), "Peers"],
  heights: ["Peer", "Height", timed("Since"), "Changes"],
  finality: ["Peer", "Final epoch", "Justified epoch", timed("Since")],
  trips: ["Pair", lasting("Last"), lasting("Shortest"), lasting("Longest"), "Answers"],
  bytes: ["Class", counted("Sent", "bytes"), "Share"],
  pools: ["Peer", "Waiting", timed("Since"), "Most until now"],
  queues: ["Peer", "Waiting", timed("Since"), "Most until now"],
};

const READ = { coverage: listLearners, percentiles: listThings, heights: listChanges, finality: listEpochs, trips: listTrips, bytes: listBytes, pools: asWaiting("pools"), queues: asWaiting("queues") };

/** @returns {{name, cells}[]} as table.js takes them */
export function listRows(kind, scene, asked) {
  return READ[kind](scene, asked);
}

function listLearners({ thing }, { trace: { peers }, rows }) {
  const learned = (thing?.learned ?? []).filter(({ row }) => row < rows);
  return learned.map(({ host, at }) => ({ name: `peer:${peers[host]}`, cells: [peers[host], at, at - learned[0].at] }));
}

function listThings({ things }, { trace: { peers }, rows, nameOf }) {
  return things.map(thing => ({
    name: thing.kind === "item" ? null : thing.name,
    cells: [nameOf(thing.name), thing.learned[0].at, ...PERCENTS.map(percent => waitFor(thing, percent, peers.length, rows)), thing.learned.filter(({ row }) => row < rows).length],
  }));
}

function listChanges({ values }, { history: { groups }, trace: { peers }, rows }) {
  return values.map(([host, value]) => {
    const points = groups.heights.byName.get(host).at(rows);
    return { name: `peer:${peers[host]}`, cells: [peers[host], value, points.at(-1)[0], points.length - 1] };
  });
}

/** Of whom something waits at: transactions, or pieces. */
function asWaiting(kind) {
  return ({ values }, { history: { groups }, trace: { peers }, rows }) => values.map(([host, value]) => {
    const points = groups[kind].byName.get(host).at(rows);
    return { name: `peer:${peers[host]}`, cells: [peers[host], value, points.at(-1)[0], points.reduce((most, [, size]) => Math.max(most, size), 0)] };
  });
}

function listEpochs({ values }, { history: { groups }, trace: { peers }, rows }) {
  return values.map(([host, value]) => ({
    name: `peer:${peers[host]}`, cells: [peers[host], value, groups.justified.byName.get(host).valueAt(rows), groups.finalised.byName.get(host).at(rows).at(-1)[0]],
  }));
}

function listTrips({ values, label, picks }, { history: { groups }, rows }) {
  return values.map(([pair, last]) => {
    const waits = groups.trips.byName.get(pair).samplesAt(rows).map(([, wait]) => wait);
    return { name: picks(pair), cells: [label(pair), last, waits.reduce((a, b) => Math.min(a, b)), waits.reduce((a, b) => Math.max(a, b)), waits.length] };
  });
}

function listBytes({ values }) {
  const sum = values.reduce((total, [, value]) => total + value, 0);
  return values.map(([name, value]) => ({ name: null, cells: [name, value, `${(100 * value / sum).toFixed(1)} %`] }));
}
