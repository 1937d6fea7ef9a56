// All messages of a trace as arrows from their sending to their fate, found by event without reading the whole trace.
import { Columns, firstIndex } from "./columns.js";
import { CLASSES } from "./palette.js";

/** What became of a message: still on its way when the trace ends, arrived, lost. */
export const FLYING = 0;
export const ARRIVED = 1;
export const LOST = 2;

/** Every so many events we keep a list of what is in flight, so that a window need not look further back. */
const EVERY = 256;

const TYPES = {
  sent: Int32Array, // row of the sending; rows and so arrows stand in time order
  end: Int32Array, // row of the arrival or the loss, -1 while there is none
  begins: Int32Array, // event of the sending
  ends: Int32Array, // event of the arrival or the loss
  from: Int32Array, // host number
  to: Int32Array, // host number, -1 when the address is nobody's
  fate: Uint8Array,
  kind: Uint8Array, // index into CLASSES
};
const NEVER = 2 ** 31 - 1; // an event that does not come

/**
 * @typedef {object} Arrow
 * @property {string} key the same for the same message as long as the trace lives
 * @property {number} sent row; @property {number} end row or -1
 * @property {number} begins event; @property {number} ends event, beyond all events while flying
 * @property {number} from host; @property {number} to host or -1
 * @property {number} fate FLYING, ARRIVED or LOST
 * @property {string} kind its class
 * @property {number} late µs by which somebody delayed it; 0 for nobody
 * @property {boolean} isCopy it came twice, and this is the second coming
 * @property {boolean} isEdited somebody changed its bytes on the way
 */

/** The index grows with its trace; `update()` reads what is new. O(new records), all when the future was replaced. */
export class Arrows {
  #rows = 0;
  #epoch;
  #open = new Map(); // row of the sending -> arrow, for those in flight
  #snapshots = []; // [k]: arrows in flight behind event k * EVERY

  constructor(trace) {
    this.trace = trace;
    this.#reset();
  }

  #reset() {
    this.#epoch = this.trace.epoch;
    this.#rows = 0;
    this.#open.clear();
    this.#snapshots = [];
    this.columns = new Columns(TYPES);
    this.arrowOf = new Columns({ arrow: Int32Array }); // by row: the arrow that begins or ends there, or -1
    this.copies = []; // Arrow objects: rare, and not in the order of their sending
    this.late = new Map(); // row of the sending -> µs
    this.edited = new Set(); // rows of sendings
  }

  /** How many messages were sent. */
  get length() {
    return this.columns.length;
  }

  update() {
    const { trace } = this;
    if (this.#epoch !== trace.epoch) this.#reset();
    if (this.#rows === trace.length) return this;
    const [send, deliver, datagram, drop, action] =
      ["send", "deliver", "datagram", "drop", "action"].map(name => trace.kinds.indexOf(name));
    const { kind, event } = trace.columns;
    for (; this.#rows < trace.length; this.#rows++) {
      const row = this.#rows;
      while (this.#snapshots.length * EVERY < event[row]) this.#snapshots.push(Int32Array.from(this.#open.values()));
      this.arrowOf.push({ arrow: -1 });
      if (kind[row] === send) this.#begin(row);
      else if (kind[row] === deliver || kind[row] === datagram) this.#end(row, ARRIVED);
      else if (kind[row] === drop) this.#end(row, LOST);
      else if (kind[row] === action) this.#meddle(trace.record(row).facts);
    }
    return this;
  }

  #begin(row) {
    const { event, peer, other, facts } = this.trace.columns;
    const kind = Math.max(0, CLASSES.indexOf(this.trace.table[facts[row]].class));
    this.#open.set(row, this.length);
    this.arrowOf.arrow[row] = this.length;
    this.columns.push({ sent: row, end: -1, begins: event[row], ends: NEVER, from: peer[row], to: other[row], fate: FLYING, kind });
  }

  #end(row, fate) {
    const sent = this.#findSending(row);
    const arrow = this.#open.get(sent) ?? this.arrowOf.arrow[sent] ?? -1;
    if (sent < 0 || arrow < 0) return;
    this.arrowOf.arrow[row] = arrow;
    const { columns, trace } = this;
    const change = { end: row, ends: trace.columns.event[row], fate };
    if (columns.end[arrow] >= 0) {
      this.copies.push({ ...this.get(arrow), ...change, key: `${sent}/${row}`, isCopy: true });
      return;
    }
    for (const [name, value] of Object.entries(change)) columns[name][arrow] = value;
    this.#open.delete(sent);
  }

  // Mostly the cause. But what an action, a kill or a time-out takes out of flight is caused by that, and the
  // sending must be looked for: the oldest of the same message on the same way.
  #findSending(row) {
    const { trace } = this;
    const { cause, kind, peer, other, facts } = trace.columns;
    if (cause[row] < 0 || trace.kinds[kind[cause[row]]] === "send") return cause[row];
    const named = trace.record(cause[row]).facts.record;
    if (this.#open.has(named)) return named;
    const { message } = trace.table[facts[row]];
    const isSame = sent => peer[sent] === other[row] && other[sent] === peer[row] && trace.table[facts[sent]].message === message;
    for (const sent of this.#open.keys()) if (message !== undefined && isSame(sent)) return sent;
    return -1;
  }

  #meddle({ do: what, record, by }) {
    if (what === "DelayMessage") this.late.set(record, (this.late.get(record) ?? 0) + by);
    if (what === "EditMessage") this.edited.add(record);
  }

  /** One arrow as an object. @returns {Arrow} */
  get(arrow) {
    const { columns, late, edited } = this;
    const [sent, kind] = [columns.sent[arrow], CLASSES[columns.kind[arrow]]];
    return {
      key: String(sent), sent, end: columns.end[arrow], begins: columns.begins[arrow], ends: columns.ends[arrow],
      from: columns.from[arrow], to: columns.to[arrow], fate: columns.fate[arrow], kind,
      late: late.get(sent) ?? 0, isCopy: false, isEdited: edited.has(sent),
    };
  }

  /** The arrow that begins or ends with a record, or null. */
  ofRow(row) {
    const arrow = row >= 0 && row < this.arrowOf.length ? this.arrowOf.arrow[row] : -1;
    return arrow < 0 ? null : this.get(arrow);
  }

  /**
   * All arrows that are in flight somewhere between two events, both included, in the order of their sending.
   * O(log messages + what is in flight + what is sent in EVERY events and in the window).
   *
   * @param {(arrow: number) => boolean} passes lets an arrow through by its number
   * @returns {Arrow[]}
   */
  between(first, last, passes = () => true) {
    const { begins, ends, sent } = this.columns;
    const at = Math.max(0, Math.min(Math.floor((first - 1) / EVERY), this.#snapshots.length - 1));
    const found = [];
    const look = arrow => {
      if (ends[arrow] >= first && begins[arrow] <= last && passes(arrow)) found.push(this.get(arrow));
    };
    this.#snapshots[at]?.forEach(look);
    for (let arrow = firstIndex(this.length, k => begins[k] > at * EVERY); arrow < this.length && begins[arrow] <= last; arrow++) look(arrow);
    for (const copy of this.copies) {
      const isHere = copy.ends >= first && copy.begins <= last;
      if (isHere && passes(firstIndex(this.length, k => sent[k] >= copy.sent))) found.push(copy);
    }
    return found;
  }
}
