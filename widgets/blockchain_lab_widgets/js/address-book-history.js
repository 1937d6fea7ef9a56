// Which address stood in whose book, in which table and bucket, from when to when: every stay of a trace, read once.
//
// A book at the cursor is the stays that have begun and not ended by then, as with mempools. A book survives its
// node's end on the disk: what a node loads at its start it notes.
import { readAddress, showAddress } from "./address-book-groups.js";
import { Lines } from "./address-book-lines.js";
import { firstIndex, lastBefore } from "./columns.js";
import { Homes } from "./homes.js";

export const NEW = "new";
export const TRIED = "tried";

/** Ends of stays that no note tells of. */
export const MOVED = "moved";
export const OFF = "switched off";

/**
 * @typedef {object} Stay one address in one table of one peer's book
 * @property {string} address "ip:port"
 * @property {string} ip
 * @property {number} host whose book
 * @property {string} table NEW or TRIED
 * @property {number|null} bucket null: a book without buckets
 * @property {string} source IP of who told of it
 * @property {number} heard row at which it came into the book
 * @property {number} from row at which it came to this bucket
 * @property {number} to row of its end here; Infinity without one
 *
 * @typedef {object} Shelf one peer's book through all of the trace
 * @property {Stay[]} stays in the order of coming
 * @property {Lines} lines its connections
 * @property {[number, {isBucketed: boolean}|null][]} books rows at which a book was opened, or lost (null)
 * @property {[number, boolean|null][]} lives rows at which the peer was switched on or off; null: it is on, and nobody sees its book
 * @property {number[]} changes rows that changed any of this
 * @property {object[]} news {row, what, ...} about its addresses, oldest first
 */

/** All books of a trace, past and future; `update` reads the records that came since. */
export class BookHistory {
  #trace;
  #rows = 0; // how many records have been read
  #epoch;
  #open; // by host: address -> Stay without an end

  constructor(trace) {
    this.#trace = trace;
    this.#reset();
  }

  #reset() {
    const { peers, epoch } = this.#trace;
    this.shelves = peers.map((_, host) => ({ stays: [], lines: new Lines(host), books: [], lives: [], changes: [], news: [] }));
    this.homes = new Homes(this.#trace);
    this.schemers = new Map(); // host -> row at which it first told of a strategy
    this.byAddress = new Map(); // "ip:port" -> Stay[], of all books
    this.#open = peers.map(() => new Map());
    this.#rows = 0;
    this.#epoch = epoch;
  }

  /** O(new records); all of them when the future was replaced. */
  update() {
    const trace = this.#trace;
    if (this.#epoch !== trace.epoch || this.shelves.length !== trace.peers.length) this.#reset();
    for (; this.#rows < trace.length; this.#rows++) {
      const kind = trace.kinds[trace.columns.kind[this.#rows]];
      if (Object.hasOwn(READERS, kind)) this.#read(trace.record(this.#rows));
    }
    return this;
  }

  #read(record) {
    const { kind, peer: host, row, facts } = record;
    if (kind === "action") {
      if (this.homes.follow(row, facts)) for (const { changes } of this.shelves) changes.push(row);
      return;
    }
    const { lines, changes } = this.shelves[host];
    const isChange = kind === "note" ? this.#learn(host, row, facts)
      : kind === "start" || kind === "kill" ? this.#switch(host, row, kind === "start" && (facts.unknown ? null : true)) : lines.follow(record);
    if (isChange) changes.push(row);
  }

  #learn(host, row, facts) {
    const { topic } = facts;
    if (topic === "strategy" && !this.schemers.has(host)) this.schemers.set(host, row);
    if (topic === "addresses loaded") return this.#load(host, row, facts);
    if (topic === "addresses dropped") return this.shelves[host].news.push({ row, what: "dropped", ...facts });
    const place = { "address added": true, "address moved": true, "address removed": true }[topic] && readAddress(facts.address);
    if (!place) return this.shelves[host].lines.learn(row, facts);
    const before = this.#close(host, row, showAddress(place));
    if (topic === "address removed") this.#tell(host, row, "removed", before);
    else if (topic === "address moved") this.#tell(host, row, "moved", before && this.#enter({ ...before, ...pick(facts), from: row }));
    else this.#tell(host, row, "added", this.#enter({ ...this.#makeStay(host, row, place), ...pick(facts), source: facts.source }));
    return true;
  }

  #load(host, row, { is_bucketed: isBucketed, addresses }) {
    const { books, news } = this.shelves[host];
    this.#clear(host, row);
    books.push([row, { isBucketed }]);
    let count = 0;
    for (const [ip, port, table, bucket, source] of addresses.filter(Array.isArray)) {
      const place = readAddress([ip, port]);
      if (!place) continue;
      this.#enter({ ...this.#makeStay(host, row, place), ...pick({ table, bucket }), source: String(source) });
      count += 1;
    }
    return news.push({ row, what: "loaded", count });
  }

  #makeStay(host, row, place) {
    return { address: showAddress(place), ip: place[0], host, heard: row, from: row };
  }

  #enter(stay) {
    const made = { ...stay, to: Infinity };
    this.#open[stay.host].set(stay.address, made);
    this.shelves[stay.host].stays.push(made);
    if (!this.byAddress.has(stay.address)) this.byAddress.set(stay.address, []);
    this.byAddress.get(stay.address).push(made);
    return made;
  }

  #close(host, row, address) {
    const stay = this.#open[host].get(address);
    this.#open[host].delete(address);
    if (stay) stay.to = row;
    return stay ?? null;
  }

  #tell(host, row, what, stay) {
    if (stay) this.shelves[host].news.push({ row, what, stay });
  }

  #clear(host, row) {
    for (const stay of this.#open[host].values()) stay.to = row;
    this.#open[host].clear();
  }

  #switch(host, row, isOn) {
    const { books, lives, lines } = this.shelves[host];
    this.#clear(host, row);
    lines.reset(row, OFF);
    lives.push([row, isOn]);
    if (books.length) books.push([row, null]);
    return true;
  }

  // --- at the cursor -----------------------------------------------------------------------------------------

  /** Who stands in a book after so many records, oldest first. O(stays of the host). */
  standing(host, rows) {
    return this.shelves[host].stays.filter(stay => isStanding(stay, rows));
  }

  /** In which books an address stands after so many records. */
  holders(address, rows) {
    return (this.byAddress.get(address) ?? []).filter(stay => isStanding(stay, rows));
  }

  /** What kind of book is open: {isBucketed}; null for none. */
  bookAt(host, rows) {
    return lastBefore(this.shelves[host].books, rows) ?? null;
  }

  /** Is the peer on? Null when it is, and nobody knows whom it knows. */
  isOn(host, rows) {
    const isOn = lastBefore(this.shelves[host].lives, rows);
    return isOn === undefined ? false : isOn;
  }

  /** The host that has an address; -1 for nobody. */
  ownerOf(address, rows) {
    return this.homes.ownerOf(address, rows);
  }

  /** The host that has an IP, at any port; -1 for nobody. O(addresses of hosts). */
  ownerOfIp(ip, rows) {
    return this.homes.ownerOfIp(ip, rows);
  }

  /** Has a host told of a strategy of its own by then? */
  isSchemer(host, rows) {
    return (this.schemers.get(host) ?? Infinity) < rows;
  }

  /** A number that stays the same as long as book and connections do. O(log changes). */
  versionOf(host, rows) {
    const { changes } = this.shelves[host];
    return firstIndex(changes.length, at => changes[at] >= rows);
  }

  /** What happened last, newest first: entries of the book's and the connections' news. */
  lastNews(host, rows, most) {
    const { news, lines } = this.shelves[host];
    const last = list => list.slice(Math.max(0, countBefore(list, rows) - most), countBefore(list, rows));
    return [...last(news), ...last(lines.news)].sort((a, b) => b.row - a.row).slice(0, most);
  }

  /** The peer whose book is fullest in the end; the first when nobody keeps one. */
  fullest() {
    const counts = this.shelves.map(({ stays }) => stays.length);
    return Math.max(0, counts.indexOf(Math.max(0, ...counts)));
  }
}

const READERS = Object.fromEntries(["note", "start", "kill", "dial", "dial-failed", "connect", "hang-up", "disconnect", "action"].map(name => [name, true]));
const pick = ({ table, bucket }) => ({ table: table === TRIED ? TRIED : NEW, bucket: Number.isInteger(bucket) ? bucket : null });
const isStanding = ({ from, to }, rows) => from < rows && to >= rows;
const countBefore = (list, rows) => firstIndex(list.length, at => list[at].row >= rows);
