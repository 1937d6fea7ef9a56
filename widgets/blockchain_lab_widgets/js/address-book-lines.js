// Whom a peer dials and who dials it: every connection of a trace with what it was opened for, read once.
import { showAddress, readAddress } from "./address-book-groups.js";
import { firstIndex } from "./columns.js";

/** What a connection is for that the peer did not choose by itself. */
export const INBOUND = "inbound";
export const MANUAL = "manual";

/**
 * @typedef {object} Line a connection at one of its ends, or the attempt to open one
 * @property {number} host whose end it is
 * @property {string} kind "full relay", "blocks only", "feeler", "addresses", or one of the two above
 * @property {string} remote "ip:port" of the other end
 * @property {number} other its host; -1 when nobody has that address
 * @property {number} conn number of the end, -1 before it is dialled
 * @property {number} from row at which it was chosen, dialled or accepted
 * @property {number} open row at which it stood; Infinity when it never did
 * @property {number} to row of its end; Infinity when there is none
 * @property {string} reason of the end, "" without one
 */

/** All lines of one peer. */
export class Lines {
  #dialling = new Map(); // remote -> Line
  #open = new Map(); // conn -> Line

  constructor(host) {
    this.host = host;
    this.all = []; // Line[], oldest first
    this.news = []; // {row, what, ...}, oldest first
    this.slots = []; // [row, {full_relay, blocks_only, feeler, inbound}]
    this.bad = []; // [row, ip] that broke the protocol; null: forgotten
  }

  /** A note of the peer. True when it was about connections. */
  learn(row, facts) {
    const { topic, kind, ip, conn } = facts;
    if (topic === "connection slots") this.slots.push([row, facts]);
    else if (topic === "connection chosen") this.#choose(row, facts, kind);
    else if (topic === "peer evicted") this.#evict(row, conn);
    else if (topic === "peer discouraged") {
      this.bad.push([row, ip]);
      this.news.push({ row, what: "discouraged", ip });
    } else return false;
    return true;
  }

  #choose(row, { address }, kind) {
    const place = readAddress(address);
    if (place) this.#begin({ kind, remote: showAddress(place), row });
  }

  #begin({ kind, remote, row, other = -1, conn = -1 }) {
    const line = { host: this.host, kind, remote, other, conn, from: row, open: Infinity, to: Infinity, reason: "" };
    this.all.push(line);
    if (kind !== INBOUND) this.#dialling.set(remote, line);
    return line;
  }

  #evict(row, conn) {
    const line = this.#open.get(conn);
    if (line) this.news.push({ row, what: "evicted", line });
  }

  /** What happened to a connection. True when it changed one. */
  follow({ kind, row, conn, other, facts }) {
    const { remote } = facts;
    if (kind === "dial") {
      const line = this.#dialling.get(remote) ?? this.#begin({ kind: MANUAL, remote, row });
      Object.assign(line, { conn, other });
    } else if (kind === "dial-failed") this.#end(this.#dialling.get(remote), row, facts.reason);
    else if (kind === "connect") this.#connect({ row, conn, other, facts });
    else if (kind === "hang-up" || kind === "disconnect") this.#end(this.#open.get(conn), row, facts.reason);
    else return false;
    return true;
  }

  #connect({ row, conn, other, facts: { remote, inbound } }) {
    const line = (inbound ? null : this.#dialling.get(remote)) ?? this.#begin({ kind: inbound ? INBOUND : MANUAL, remote, row });
    if (!inbound) this.#dialling.delete(remote);
    Object.assign(line, { open: row, conn, other });
    this.#open.set(conn, line);
    this.news.push({ row, what: "connected", line });
  }

  #end(line, row, reason) {
    if (!line) return;
    if (line.open === Infinity) this.#dialling.delete(line.remote);
    this.#open.delete(line.conn);
    Object.assign(line, { to: row, reason });
    this.news.push({ row, what: "ended", line });
  }

  /** The host was switched on or off: nothing of this survives. */
  reset(row, reason) {
    for (const line of [...this.#dialling.values(), ...this.#open.values()]) Object.assign(line, { to: row, reason });
    this.#dialling.clear();
    this.#open.clear();
    if (this.bad.length) this.bad.push([row, null]);
    if (this.slots.length) this.slots.push([row, null]);
  }

  /** Those that stand or are being dialled after so many records, oldest first. O(lines). */
  at(rows) {
    return this.all.filter(({ from, to }) => from < rows && to >= rows);
  }

  /** How many lines of each kind there may be; null when it has not been said. */
  slotsAt(rows) {
    const at = firstIndex(this.slots.length, index => this.slots[index][0] >= rows);
    return at ? this.slots[at - 1][1] : null;
  }

  /** IPs that are not dialled any more. */
  badAt(rows) {
    const ips = new Set();
    for (const [row, ip] of this.bad) {
      if (row >= rows) break;
      if (ip === null) ips.clear();
      else ips.add(ip);
    }
    return ips;
  }
}

/** Does a line stand after so many records, or is it still being dialled? */
export const isOpen = ({ open }, rows) => open < rows;
