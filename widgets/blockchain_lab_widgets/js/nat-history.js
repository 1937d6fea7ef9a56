// What boxes let through and what not, and what they remember: every packet at every gateway of a trace, read once.
//
// A box notes its rules, its new and forgotten mappings and what it blocks; that a mapping was used one sees by the
// packets. A packet comes by in one event: the datagram, then what the box notes, then what it sends on.
import { showAddress, readAddress } from "./address-book-groups.js";
import { firstIndex, lastBefore } from "./columns.js";
import { Homes } from "./homes.js";
import { Table, readRules } from "./nat-table.js";

/** Which way a packet goes: from inside, from outside, from inside to inside, or to the box itself for a port. */
export const OUT = "out";
export const IN = "in";
export const HAIRPIN = "hairpin";
export const ASK = "ask";

/** Ends of attempts to reach somebody. */
export const TRYING = "trying";
export const REACHED = "reached";
export const FAILED = "failed";

const TRAVERSES = "traversal"; // role of hosts that climb a ladder when told to connect
const PORT_ASKED = "map-port"; // command of `nat_messages.py`
const READ = new Set(["note", "datagram", "drop", "start", "kill", "action", "command"]);

/**
 * @typedef {object} Passage a packet at a box
 * @property {number} row of its datagram
 * @property {number} host the box
 * @property {string} way one of the four above
 * @property {string} from "ip:port" as it came
 * @property {string} to likewise
 * @property {string} command
 * @property {string} group class of its message
 * @property {Mapping|null} mapping that it went or came through; of a hairpin the one of who sent it
 * @property {Mapping|null} other of a hairpin, the one that it came in through
 * @property {boolean} isNew the mapping was opened for it
 * @property {string} reason why it went no further; "" when it was let through
 * @property {string} lost what became of it behind the box when it got lost at once; "" when it did not
 */

export class BoxHistory {
  #trace;
  #rows = 0; // how many records have been read
  #epoch;
  #current = null; // the last passage: notes and drops of its event are about it

  constructor(trace) {
    this.#trace = trace;
    this.#reset();
  }

  #reset() {
    const { peers, behind, epoch } = this.#trace;
    this.boxes = peers.map(() => ({ lives: [], passages: [], news: [], changes: [] }));
    this.gateways = [...peers.keys()].filter(host => behind.includes(host));
    this.homes = new Homes(this.#trace);
    this.attempts = []; // {row, host, name, end, by, tried, reason}, oldest first
    this.#current = null;
    this.#rows = 0;
    this.#epoch = epoch;
  }

  /** O(new records); all of them when the future was replaced. */
  update() {
    const trace = this.#trace;
    if (this.#epoch !== trace.epoch || this.boxes.length !== trace.peers.length) this.#reset();
    for (; this.#rows < trace.length; this.#rows++) {
      if (READ.has(trace.kinds[trace.columns.kind[this.#rows]])) this.#read(trace.record(this.#rows));
    }
    return this;
  }

  #read({ kind, peer: host, other, row, at, event, cause, facts }) {
    if (kind === "action") return void this.homes.follow(row, facts);
    if (kind === "command") return this.#try(row, host, facts);
    const box = this.boxes[host];
    if (this.#current && (this.#current.event !== event || this.#current.host !== host)) this.#current = null;
    if (kind === "start" || kind === "kill") this.#switch(box, row, kind === "start");
    else if (kind === "datagram") this.#pass(box, { row, host, at, event, other, facts });
    else if (kind === "drop") this.#lose(cause, other);
    else this.#learn(box, host, row, at, facts);
  }

  #switch(box, row, isOn) {
    box.lives.at(-1)?.[1].table?.clear(row);
    box.lives.push([row, { isOn, table: null }]);
    box.changes.push(row);
  }

  /** A packet at a gateway: facts say where it goes, and those of other datagrams do not. */
  #pass(box, { row, host, at, event, other, facts: { from, to, command, class: group, malformed } }) {
    if (to === undefined) return;
    const table = box.lives.at(-1)?.[1].table ?? null;
    const isInside = table ? table.isInside(from) : this.#trace.behind[other] === host;
    const passage = { row, host, event, at, way: isInside ? OUT : IN, from, to, command, group, mapping: null, other: null, isNew: false, reason: "", lost: "" };
    this.#current = passage;
    box.passages.push(passage);
    box.changes.push(row);
    if (!table) return;
    if (!isInside) passage.mapping = table.find(to);
    else if (command === PORT_ASKED && !malformed && table.isOwn(to)) passage.way = ASK;
    else if (!table.isOwn(to) || table.rules.hairpin) passage.mapping = table.send(from, to, row, at);
    if (passage.way === OUT && table.isOwn(to)) Object.assign(passage, { way: HAIRPIN, other: table.find(to) });
  }

  #lose(cause, other) {
    const { columns } = this.#trace;
    if (this.#current && cause >= 0 && columns.cause[cause] === this.#current.row) this.#current.lost = other < 0 ? "nobody is there" : "lost on the way";
  }

  #learn(box, host, row, at, facts) {
    const { topic, reason } = facts;
    if (topic === "peer reached" || topic === "peer not reached") return this.#arrive(row, host, facts);
    const life = box.lives.at(-1)?.[1];
    if (!life || !Object.hasOwn(NOTES, topic)) return;
    box.changes.push(row);
    const passage = this.#current;
    if (topic === "gateway rules") this.#begin(box, host, row, readRules(facts));
    else if (topic === "packet blocked") {
      if (passage) passage.reason = reason;
    } else if (life.table && readAddress(facts.inside) && readAddress(facts.outside)) this.#change(box, life.table, passage, { row, at, facts });
  }

  #begin(box, host, row, rules) {
    if (rules) box.lives.push([row, { isOn: true, table: new Table(host, rules) }]);
    if (!this.gateways.includes(host)) this.gateways = [...this.gateways, host].sort((a, b) => a - b);
  }

  #change(box, table, passage, { row, at, facts }) {
    if (facts.topic === "mapping expired") {
      const mapping = table.find(showAddress(facts.outside));
      if (!mapping) return;
      table.remove(mapping, row);
      box.news.push({ row, host: table.host, what: "expired", mapping });
    } else if (facts.topic === "port leased") {
      const mapping = table.lease(facts, row, at);
      if (passage?.way === ASK) passage.mapping = mapping;
    } else {
      const isIts = passage !== null && passage.from === showAddress(facts.inside);
      const mapping = table.open(facts, row, at, isIts ? passage.to : null);
      if (isIts) Object.assign(passage, { mapping, isNew: true });
      if (passage?.way === HAIRPIN) passage.other = table.find(passage.to);
    }
  }

  #try(row, host, { do: what, to }) {
    if (what === "Connect" && this.#trace.roles[host] === TRAVERSES) this.attempts.push({ row, host, name: to, end: TRYING, by: "", tried: [], reason: "" });
  }

  #arrive(row, host, { topic, name, by = "", tried, reason = "" }) {
    this.attempts.push({ row, host, name, end: topic === "peer reached" ? REACHED : FAILED, by, tried, reason });
  }

  // --- at the cursor -----------------------------------------------------------------------------------------

  /** Is a box on, and what does it remember? `table` is null when it tells nothing of its rules. */
  lifeAt(host, rows) {
    return lastBefore(this.boxes[host].lives, rows) ?? { isOn: false, table: null };
  }

  /** A number that stays the same as long as what is drawn of a box does. O(log changes). */
  versionOf(host, rows) {
    return countBefore(this.boxes[host].changes, rows, row => row);
  }

  /** What came by last at some boxes, and what they forgot: passages and news, newest first. */
  lastNews(hosts, rows, most) {
    const last = list => list.slice(Math.max(0, countBefore(list, rows) - most), countBefore(list, rows));
    return hosts.flatMap(host => [...last(this.boxes[host].passages), ...last(this.boxes[host].news)]).sort((a, b) => b.row - a.row).slice(0, most);
  }

  /** What came by, or was forgotten, in a record; null for nothing. O(log passages). */
  entryOf(row) {
    const { passages, news } = this.boxes[this.#trace.columns.peer[row]] ?? { passages: [], news: [] };
    return [passages, news].map(list => list[countBefore(list, row)]).find(entry => entry?.row === row) ?? null;
  }

  /** The packet at a box in the cursor's event; null when the event is none. */
  passageAt(host, rows, event) {
    const { passages } = this.boxes[host];
    const last = passages[countBefore(passages, rows) - 1];
    return last?.event === event ? last : null;
  }

  /** How it went with each pair that tried to meet: the last word of each, the newest first. */
  attemptsAt(rows) {
    const last = new Map();
    for (const attempt of this.attempts.slice(0, countBefore(this.attempts, rows))) {
      const key = `${attempt.host} ${attempt.name}`;
      last.delete(key);
      last.set(key, attempt);
    }
    return [...last.values()].reverse();
  }

  /** The mapping at whichever box has an address outside; null for none. */
  findDoor(address, rows) {
    const host = this.homes.ownerOfIp(address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, ""), rows);
    const table = host < 0 ? null : this.lifeAt(host, rows).table;
    return table?.at(rows).find(({ outside }) => outside === address) ?? null;
  }
}

const NOTES = { "gateway rules": true, "packet blocked": true, "mapping opened": true, "mapping expired": true, "port leased": true };
const countBefore = (list, rows, rowOf = ({ row }) => row) => firstIndex(list.length, at => rowOf(list[at]) >= rows);
