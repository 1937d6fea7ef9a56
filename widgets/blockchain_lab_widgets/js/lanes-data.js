// What one peer asked of whom, and when it came: read from the records, by their causes. Pure.

const ASKS = { getdata: "block", getheaders: "headers", getblocks: "headers", getblocktxn: "block" };
const ANSWERS = { block: "block", cmpctblock: "block", blocktxn: "block", headers: "headers", inv: "headers", notfound: "none" };
const LONGEST_WAY = 8; // causes from an answer back to what asked for it
const BLOCK_TYPES = [2, 2 | 1 << 30, 4]; // inventory: a block, with witnesses, compact

/**
 * @typedef {object} Request one thing that was asked for
 * @property {"block"|"headers"} what
 * @property {number} from µs, when it was asked for
 * @property {number|null} to µs, when it came; null for never
 * @property {number|null} lost µs, when the connection ended before it came
 * @property {number} asked row of the asking message
 * @property {number|null} row row of the answer's arrival
 * @property {number} line place within the lane, so that no two overlap
 */

/** @typedef {{other: number, requests: Request[], lines: number, stalls: number[]}} Lane */

/**
 * All that `viewer` asked for, a lane per peer in the order in which they were first asked.
 *
 * @param {(row: number) => number} countOf how many blocks a getdata asks for
 * @returns {Lane[]}
 */
export function collectLanes(trace, viewer, countOf) {
  const asks = new Map(); // row -> {other, conn, at, what, left}
  const lanes = new Map(); // other -> Lane
  const others = new Map(); // conn -> other
  const laneOf = other => {
    if (!lanes.has(other)) lanes.set(other, { other, requests: [], lines: 0, stalls: [] });
    return lanes.get(other);
  };
  const { peer, kind } = trace.columns;
  const number = name => trace.kinds.indexOf(name);
  const handlers = new Map([
    [number("connect"), record => others.set(record.conn, record.other)],
    [number("send"), record => ask(record, asks, countOf)],
    [number("deliver"), record => answer(record, trace, asks, laneOf)],
    [number("note"), ({ facts, at }) => {
      if (facts.topic === "stalling") laneOf(others.get(facts.conn)).stalls.push(at);
    }],
    [number("disconnect"), record => abandon(record, asks, laneOf)],
    [number("hang-up"), record => abandon(record, asks, laneOf)],
  ]);
  for (let row = 0; row < trace.length; row++) {
    if (peer[row] === viewer) handlers.get(kind[row])?.(trace.record(row));
  }
  for (const [row, waiting] of asks) leaveOpen(row, waiting, laneOf, null);
  for (const lane of lanes.values()) stack(lane);
  return [...lanes.values()];
}

function ask({ row, at, other, conn, facts }, asks, countOf) {
  const what = ASKS[facts.command];
  const left = facts.command === "getdata" ? countOf(row) : 1;
  if (what && left) asks.set(row, { at, other, conn, what, left }); // a getdata may ask for transactions alone
}

/** How many blocks a getdata asks for; 1 while its bytes are not here. O(its items). */
export function countBlocks(trace, row) {
  const message = trace.messageOf(row);
  if (!message) return 1;
  const { bytes, fields } = message;
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return fields.filter(({ name, start }) => name === "type" && BLOCK_TYPES.includes(numbers.getUint32(start, true))).length;
}

function answer({ row, at, other, facts }, trace, asks, laneOf) {
  const what = ANSWERS[facts.command];
  const asked = what && findAsk(trace, row, asks);
  if (asked === undefined || asked === null) return;
  const waiting = asks.get(asked);
  if (waiting.what !== what) return;
  laneOf(other).requests.push({ what, from: waiting.at, to: at, lost: null, asked, row, line: 0 });
  waiting.left -= 1;
  if (waiting.left <= 0) asks.delete(asked);
}

/** The asking message among the causes of an answer; null for what came unasked. */
function findAsk(trace, row, asks) {
  const { cause } = trace.columns;
  for (let at = cause[row], steps = 0; at >= 0 && steps < LONGEST_WAY; at = cause[at], steps++) {
    if (asks.has(at)) return at;
  }
  return null;
}

function abandon({ conn, at }, asks, laneOf) {
  for (const [row, waiting] of asks) {
    if (waiting.conn !== conn) continue;
    leaveOpen(row, waiting, laneOf, at);
    asks.delete(row);
  }
}

function leaveOpen(asked, { at, other, what, left }, laneOf, lost) {
  for (let i = 0; i < left; i++) laneOf(other).requests.push({ what, from: at, to: null, lost, asked, row: null, line: 0 });
}

// Give every request the first line that is free when it begins. O(requests x lines).
function stack(lane) {
  const free = []; // line -> when it becomes free
  const endOf = ({ to, lost }) => to ?? lost ?? Infinity;
  lane.requests.sort((a, b) => a.from - b.from || endOf(a) - endOf(b));
  for (const request of lane.requests) {
    let line = free.findIndex(until => until <= request.from);
    if (line < 0) line = free.length;
    free[line] = endOf(request);
    request.line = line;
  }
  lane.lines = Math.max(1, free.length);
}

/** The peer that asked for most, to begin with; 0 when nobody did. O(records). */
export function findAsker(trace) {
  const counts = new Array(trace.peers.length).fill(0);
  const send = trace.kinds.indexOf("send");
  const { kind, peer, facts } = trace.columns;
  for (let row = 0; row < trace.length; row++) {
    if (kind[row] === send && ASKS[trace.table[facts[row]].command]) counts[peer[row]] += 1;
  }
  return Math.max(0, counts.indexOf(Math.max(0, ...counts)));
}

/** From the first asking to the last arrival, in µs. */
export function findSpan(lanes) {
  const requests = lanes.flatMap(lane => lane.requests);
  if (!requests.length) return null;
  const from = requests.reduce((least, request) => Math.min(least, request.from), Infinity);
  const to = requests.reduce((most, request) => Math.max(most, request.to ?? request.lost ?? request.from), from);
  return { from, to: Math.max(to, from + 1) };
}

/** Round steps for a time axis: at most `most` ticks within a span of µs. */
export function findTicks({ from, to }, most) {
  const least = (to - from) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= least);
  const ticks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(Math.round(at));
  return ticks;
}
