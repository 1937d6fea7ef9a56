// What of the records shows besides the fold: how far messages have come, which were lost just now, which dials failed.
import { isParted, networkFold } from "./network-fold.js";

const HELD = 0.4; // of the way: so far a message comes that a partition holds back
const REACH = 150_000; // µs until it is there
const LOST = 0.6; // of the way: so far a message comes that is lost
const LINGER = { drop: 500_000, "dial-failed": 2_000_000 }; // µs for which a mark stays
const MOST = 2_000; // rows back at most: in a flood, marks of the last moment are enough

/** When a partition stood, and between whom. Read anew when records came. */
export class Cuts {
  #list = []; // {from, to, apart}
  #rows = 0;
  #epoch = -1;

  constructor(trace) {
    this.trace = trace;
  }

  /** All of them so far. O(new records). */
  update() {
    const { trace } = this;
    if (this.#epoch !== trace.epoch) Object.assign(this, { state: networkFold.initial(trace) });
    if (this.#epoch !== trace.epoch) [this.#list, this.#rows, this.#epoch] = [[], 0, trace.epoch];
    const action = trace.kinds.indexOf("action");
    const { kind } = trace.columns;
    for (; this.#rows < trace.length; this.#rows++) if (kind[this.#rows] === action) this.#read(trace.record(this.#rows));
    return this;
  }

  #read(record) {
    if (!["Partition", "Heal"].includes(record.facts.do)) return;
    networkFold.apply(this.state, record, this.trace);
    const last = this.#list.at(-1);
    if (last) last.to = Math.min(last.to, record.at);
    if (this.state.apart) this.#list.push({ from: record.at, to: Infinity, apart: this.state.apart });
  }

  /** The last partition that a message met on its way, or undefined. Times in µs. */
  between(source, target, from, to) {
    return this.#list.findLast(cut => from < cut.to && to > cut.from && isParted(cut, source, target));
  }
}

/**
 * How far a message has come, as we show it: a wait at a partition is seen as one, and what will be lost does
 * not arrive.
 *
 * @param {{sent, row, source, target, dropped}} flight; `sent` and `row` are its first and last record
 */
export function trackFlight(trace, cuts, flight, clock) {
  const { at } = trace.columns;
  const [from, to] = [at[flight.sent], at[flight.row]];
  const cut = cuts.between(flight.source, flight.target, from, to);
  const whole = flight.dropped ? LOST : 1;
  if (!cut) return { part: whole * (to > from ? Math.min(1, (clock - from) / (to - from)) : 1), isHeld: false };
  if (clock < cut.to) return { part: HELD * Math.min(1, (clock - from) / REACH), isHeld: clock >= cut.from };
  return { part: HELD + (whole - HELD) * Math.min(1, (clock - cut.to) / Math.max(1, to - cut.to)), isHeld: false };
}

/** All messages on the wire at `clock`, with `part` and `isHeld` as shown. */
export function getFlying(trace, cuts, clock) {
  return trace.flying(clock).map(flight => ({ ...flight, ...trackFlight(trace, cuts, flight, clock) }));
}

/**
 * Messages lost and dials failed a moment ago: those of the cursor's event, and of the time before it.
 *
 * @returns {{lost: {source, target, part, age, row}[], failed: {source, target, age, row}[]}} age 0 .. 1
 */
export function getRecent(trace, cuts, rows, clock) {
  const { at, event, kind, other, peer } = trace.columns;
  const [drop, failed] = ["drop", "dial-failed"].map(name => trace.kinds.indexOf(name));
  const found = { lost: [], failed: [] };
  for (let row = rows - 1; row >= Math.max(0, rows - MOST); row--) {
    const age = clock - at[row];
    if (event[row] !== event[rows - 1] && age > LINGER["dial-failed"]) break;
    if (kind[row] === failed && other[row] >= 0) {
      found.failed.push({ source: peer[row], target: other[row], age: Math.min(1, age / LINGER["dial-failed"]), row });
    }
    const isSeen = event[row] === event[rows - 1] || age < LINGER.drop;
    if (kind[row] !== drop || !isSeen) continue;
    const sent = trace.flights.sentOf(row);
    const [source, target] = sent >= 0 ? [peer[sent], other[sent]] : [other[row], peer[row]];
    if (source < 0 || target < 0) continue;
    const part = sent < 0 ? LOST : trackFlight(trace, cuts, { sent, row, source, target, dropped: true }, at[row]).part;
    found.lost.push({ source, target, part, age: Math.min(1, age / LINGER.drop), row });
  }
  return found;
}
