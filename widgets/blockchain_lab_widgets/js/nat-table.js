// One box's table through one of its lives, as its notes and the packets that come by tell it: the mirror of `nat.py`.
//
// Addresses are "ip:port". What a rule looks at of a remote one is its part: "", "ip" or "ip:port".
import { readIp } from "./address-book-words.js";
import { readAddress, showAddress } from "./address-book-groups.js";
import { lastBefore } from "./columns.js";

/** How much of a remote address a rule looks at. */
export const ANY = "endpoint-independent";
export const IP = "address-dependent";
export const IP_AND_PORT = "address-and-port-dependent";

/** Stands for all remotes of a mapping that was asked for. */
export const LEASED = "leased";

/**
 * @typedef {object} Rules of a box, from its note "gateway rules"
 * @property {string} ip its own outside
 * @property {boolean} translates false: a firewall
 * @property {string} mapping one of the three above: is the same port used for every remote?
 * @property {string} filtering likewise: who outside may use it?
 * @property {number} idle µs until an unused mapping is forgotten
 * @property {boolean} hairpin
 * @property {boolean} opensPorts to who asks
 * @property {string} ports which port a new mapping gets
 * @property {Set<string>} inside IPs of those behind it
 *
 * @typedef {object} Mapping an address outside, and the one inside that it stands for
 * @property {number} host the box
 * @property {string} inside
 * @property {string} outside
 * @property {string} part of the remotes that it was opened for, or LEASED
 * @property {number} opened µs
 * @property {number} from row at which it was opened
 * @property {number} to row at which it was forgotten; Infinity while it was not
 * @property {[number, number][]} used [row, µs] at which something went out through it
 * @property {Map<string, [number, number][]>} talked the same for each remote address
 * @property {[number, number][]} leases [row, µs until which it is open to everybody]
 */

/** The rules of a note; null when its addresses are none. */
export function readRules({ address, inside, translates, mapping, filtering, ports, idle_timeout: idle, hairpin, opens_ports: opensPorts }) {
  const place = readAddress(address);
  const hosts = inside.map(readAddress).filter(Boolean);
  return place && { ip: place[0], translates, mapping, filtering, ports, idle, hairpin, opensPorts, inside: new Set(hosts.map(([ip]) => ip)) };
}

/** What of a remote address a rule looks at. */
export function partOf(behaviour, remote) {
  if (behaviour === ANY) return "";
  return behaviour === IP ? readIp(remote) : remote;
}

/** The part that a note tells: [], ["ip"], ["ip", port] or ["leased"]. */
function readPart(list) {
  return list.length > 1 ? showAddress(list) : (list[0] ?? "");
}

export class Table {
  #byInside = new Map(); // "inside part" -> Mapping
  #byOutside = new Map();

  constructor(host, rules) {
    Object.assign(this, { host, rules, mappings: [] });
  }

  /** Is it one of those behind the box that writes from there? */
  isInside(address) {
    return this.rules.inside.has(readIp(address));
  }

  /** Is it the box that is meant? */
  isOwn(address) {
    return readIp(address) === this.rules.ip;
  }

  /** When it is forgotten if nobody uses it, as things stood after so many records. */
  expiryOf({ used, leases, opened }, rows = Infinity) {
    return Math.max((lastBefore(used, rows) ?? opened) + this.rules.idle, lastBefore(leases, rows) ?? 0);
  }

  /** Something goes out: the mapping that it goes through; null when one has to be opened for it. */
  send(inside, remote, row, at) {
    const leased = this.#byInside.get(`${inside} ${LEASED}`);
    const part = leased && at < (leased.leases.at(-1)?.[1] ?? 0) ? LEASED : partOf(this.rules.mapping, remote);
    const mapping = this.#byInside.get(`${inside} ${part}`);
    if (!mapping) return null;
    if (at >= this.expiryOf(mapping)) {
      this.remove(mapping, row);
      return null;
    }
    use(mapping, remote, row, at);
    return mapping;
  }

  /** The mapping that has an address outside; null for none. */
  find(outside) {
    return this.#byOutside.get(outside) ?? null;
  }

  /** A note says that a mapping was opened; `remote` what was sent, if anything. */
  open({ inside, outside, remote: part }, row, at, remote = null) {
    const mapping = {
      host: this.host, inside: showAddress(inside), outside: showAddress(outside), part: readPart(part),
      opened: at, from: row, to: Infinity, used: [], talked: new Map(), leases: [],
    };
    for (const old of [this.find(mapping.outside), this.#byInside.get(keyOf(mapping))]) if (old) this.remove(old, row);
    this.#byInside.set(keyOf(mapping), mapping);
    this.#byOutside.set(mapping.outside, mapping);
    this.mappings.push(mapping);
    if (remote !== null) use(mapping, remote, row, at);
    return mapping;
  }

  /** A note says that an address outside is open to everybody now. */
  lease(facts, row, at) {
    const outside = showAddress(facts.outside);
    const known = this.find(outside);
    const isKept = known !== null && at < this.expiryOf(known);
    const mapping = isKept ? known : this.open(facts, row, at);
    mapping.leases.push([row, facts.until]);
    return mapping;
  }

  remove(mapping, row) {
    mapping.to = Math.min(mapping.to, row);
    if (this.#byOutside.get(mapping.outside) === mapping) this.#byOutside.delete(mapping.outside);
    if (this.#byInside.get(keyOf(mapping)) === mapping) this.#byInside.delete(keyOf(mapping));
  }

  /** The box was switched off: it forgets all. */
  clear(row) {
    for (const mapping of [...this.#byOutside.values()]) this.remove(mapping, row);
  }

  // --- after so many records ---------------------------------------------------------------------------------

  /** The mappings that stand, oldest first. O(mappings of this life). */
  at(rows) {
    return this.mappings.filter(({ from, to }) => from < rows && to >= rows);
  }

  /** Until when a mapping is open to everybody; 0 for never. */
  leaseOf({ leases }, rows) {
    return lastBefore(leases, rows) ?? 0;
  }

  /** Who may answer, by what the filter looks at: part -> µs until which it is let in. O(remotes). */
  allowedBy({ talked }, rows) {
    const until = new Map();
    for (const [remote, times] of talked) {
      const last = lastBefore(times, rows);
      const part = partOf(this.rules.filtering, remote);
      if (last !== undefined) until.set(part, Math.max(until.get(part) ?? 0, last + this.rules.idle));
    }
    return until;
  }

  /** Who has been written to through a mapping: "ip:port" -> µs of the last time. O(remotes). */
  talkedBy({ talked }, rows) {
    const found = [...talked].map(([remote, times]) => [remote, lastBefore(times, rows)]);
    return new Map(found.filter(([, last]) => last !== undefined));
  }
}

const keyOf = ({ inside, part }) => `${inside} ${part}`;

function use({ used, talked }, remote, row, at) {
  used.push([row, at]);
  if (!talked.has(remote)) talked.set(remote, []);
  talked.get(remote).push([row, at]);
}
