// What happened, as columns. Record i is row i; facts stand in a table of distinct facts beside them.
import { Columns, firstIndex } from "./columns.js";
import { Flights, findSending } from "./flights.js";
import { MessageTable } from "./messages.js";

/** The columns of a record in the order in which Python packs them: widest first, so each is aligned. */
export const RECORD = {
  at: Float64Array, // µs, whole
  conn: Float64Array, // connection end, -1 for none; may need more than 32 bits
  event: Int32Array,
  cause: Int32Array, // row of the record that triggered this one, -1 for none
  peer: Int32Array, // host number
  other: Int32Array, // host number, -1 for none
  facts: Int32Array, // index into `table`
  kind: Uint8Array, // index into `kinds`
};

/** Properties that the first batch of records brings along. */
const HEAD = [
  "name", "title", "seed", "peers", "roles", "kinds", "links", "latencies", "layout", "regions", "firewalls", "behind", "obeys", "knobs",
  "items", "eras", "addresses", "commands", "genesis", "readings", "readOnly", "poster", "until", "play", "views", "moments", "told", "figure",
];

/**
 * One line of descent.
 *
 * @property {string[]} peers names, by host number
 * @property {string[]} roles kind of node, by host number
 * @property {number[][]} links pairs of host numbers: [dialler, dialled]
 * @property {number[]} latencies µs at the start, by link
 * @property {number[][]} layout [x, y] by host number
 * @property {string[]} regions a continent by host number, "" for none
 * @property {boolean[]} firewalls by host number: nobody can dial it
 * @property {number[]} behind by host number, the gateway that a peer stands behind; -1 for none
 * @property {string[][]} obeys names of the commands that a peer's node understands, by host number
 * @property {string[][]} items names of gossiped items on a peer's disk at its first start, by host number
 * @property {(string|null)[]} eras of Bitcoin nodes at their start, by host number; null of other nodes
 * @property {string[]} addresses at the start, as "ip:port", by host number
 * @property {{name, path, min, max, unit, value, pair}[]} knobs values that a slider may turn; `value` at the start, `pair`
 *   the hosts of the one link that it turns
 * @property {string} seed in decimal digits: it may need 64 bits
 * @property {{command, class, first, last, protocol, source, answers, passed_on}[]} commands the words of the language, as
 *   conversations.py describes them; none of a language that describes none
 * @property {string} readOnly why nobody may act in this run; "" where everybody may
 * @property {string|null} genesis hash of block 0, as shown
 * @property {{sentences: {about, says, holds, source, story}[], rules}|null} readings popular sentences on the rules of its chain
 * @property {string[]} views that the scenario names; none when it names none
 * @property {{event, at, caption, select, views}[]} moments prepared for a lecture, each with an event or a time in µs
 * @property {number} told how many actions the scenario's own story has
 * @property {{claim, era}|null} figure that the lab of a claim card plays
 * @property {number} play counts how often another scenario was begun: its peers, and all else of the head, are others
 * @property {number} epoch counts how often the future was replaced; a fold that kept an older one starts again
 * @property {number} cutAt rows before this one survived the last replacement
 * @property {number} lastKept the last event that did
 */
export class Trace {
  constructor() {
    this.columns = new Columns(RECORD);
    this.table = [{}]; // distinct facts; entry 0 stands for none
    this.messages = new MessageTable();
    this.flights = new Flights();
    this.epoch = 0;
    this.cutAt = 0;
    this.lastKept = 0;
    Object.assign(this, { name: "", title: "", peers: [], roles: [], kinds: [], links: [], latencies: [], layout: [] });
    Object.assign(this, { regions: [], firewalls: [], behind: [], obeys: [], items: [], eras: [], addresses: [], knobs: [], commands: [] });
    Object.assign(this, { genesis: null, readings: null, readOnly: "", poster: 0, until: 0, seed: "", play: 0, views: [], moments: [], told: 0, figure: null });
  }

  /** How many records are here. */
  get length() {
    return this.columns.length;
  }

  /** The number of the last event; 0 when nothing has happened. */
  get lastEvent() {
    return this.length ? this.columns.event[this.length - 1] : 0;
  }

  /**
   * Take a batch of records. Rows already here are skipped, so a batch may come twice.
   *
   * @param {{epoch, cut, from, count, factsFrom}} head
   * @param {ArrayBuffer} buffer the packed columns, then the new facts as a JSON list
   * @returns {boolean} false when something is missing between ours and these: ask again
   */
  append(head, buffer) {
    for (const name of HEAD) if (name in head) this[name] = head[name];
    if (head.epoch < this.epoch) return true; // overtaken: a newer future is here already
    if (head.epoch > this.epoch) this.#replaceFuture(head);
    if (head.from > this.length || head.factsFrom > this.table.length) return false;
    const skip = Math.min(this.length - head.from, head.count);
    const begin = this.length;
    const facts = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, this.columns.sizeOf(head.count))));
    this.columns.unpack(buffer, head.count, skip);
    for (let at = this.table.length - head.factsFrom; at < facts.length; at++) this.table.push(facts[at]);
    this.#findFlights(begin);
    return true;
  }

  #replaceFuture({ epoch, cut }) {
    const kept = epoch === this.epoch + 1 ? cut : 0; // of a replacement that we missed we know nothing
    this.epoch = epoch;
    this.cutAt = Math.min(kept, this.length);
    this.columns.cut(kept);
    this.lastKept = this.lastEvent;
    this.flights.cut(kept);
  }

  #findFlights(begin) {
    const { kind, at } = this.columns;
    const ends = new Set(["deliver", "datagram", "drop"].map(name => this.kinds.indexOf(name)));
    const taken = new Set();
    for (let row = begin; row < this.length; row++) {
      const sent = ends.has(kind[row]) ? findSending(this, row, taken) : -1;
      if (sent >= 0) this.flights.add(sent, at[sent], row, at[row]);
    }
  }

  /** One record, made when somebody looks. Kind is a name, peer and other are host numbers, facts never null. */
  record(row) {
    const { at, conn, event, cause, peer, other, facts, kind } = this.columns;
    return {
      row, kind: this.kinds[kind[row]], at: at[row], event: event[row], peer: peer[row], other: other[row],
      conn: conn[row], cause: cause[row], facts: this.table[facts[row]],
    };
  }

  /** How many records belong to events up to and including `event`. O(log records). */
  rowsUpTo(event) {
    const column = this.columns.event;
    return firstIndex(this.length, row => column[row] > event);
  }

  /** When an event happened, in µs; 0 before the first. O(log records). */
  timeOf(event) {
    const rows = this.rowsUpTo(event);
    return rows ? this.columns.at[rows - 1] : 0;
  }

  /** The last event that has happened at a time in µs. O(log records). */
  eventAt(clock) {
    const { at, event } = this.columns;
    const rows = firstIndex(this.length, row => at[row] > clock);
    return rows ? event[rows - 1] : 0;
  }

  /**
   * The messages on the wire at a time in µs.
   *
   * @returns {{sent, row, part, source, target, dropped, facts}[]} `sent` and `row` are the records of the
   *   sending and of the arrival, `part` is how far it has come (0 .. 1), source and target host numbers
   */
  flying(clock) {
    const found = [];
    const { peer, other, kind, facts } = this.columns;
    const drop = this.kinds.indexOf("drop");
    this.flights.each(clock, (sent, row, part) => found.push({
      sent, row, part, source: peer[sent], target: other[sent], dropped: kind[row] === drop,
      facts: this.table[facts[sent]],
    }));
    return found;
  }

  /** What of the trace is here, for asking for the rest. */
  holdings() {
    return { epoch: this.epoch, have: this.length, facts: this.table.length, messages: this.messages.length };
  }

  /**
   * The bytes of the message that a record sends, delivers or drops.
   *
   * @returns {{command, bytes, fields}|null} null while they are on their way, or when it has none; `bytes` is
   *   the whole frame (envelope and payload), `fields` are `{name, start, end}` with offsets into `bytes`
   */
  messageOf(row) {
    const { message } = this.record(row).facts;
    return message === undefined ? null : this.messages.get(message);
  }
}
