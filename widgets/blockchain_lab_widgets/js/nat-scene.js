// All that a picture of boxes is made of, at the cursor: who stands inside, what is open for whom, who is let in.
import { readIp } from "./address-book-words.js";
import { lastBefore } from "./columns.js";
import { groupBy } from "./groups.js";
import { ASK, HAIRPIN, IN } from "./nat-history.js";
import { ANY, partOf } from "./nat-table.js";
import { isKnown, tellDoor, whoIs } from "./nat-words.js";

/** So many mappings, peers inside and remotes of one box are drawn; the others are counted. */
export const MOST_DOORS = 16;
export const MOST_IDLE = 6; // peers inside for whom nothing is open
export const MOST_REMOTES = 8;

const ANYBODY = { host: -1, name: "", label: "anybody", more: "", tip: "everybody outside is let in here" };

/**
 * @typedef {object} Remote somebody outside, as a mapping knows it
 * @property {string} name as it is selected; "" for anybody
 * @property {string} label
 * @property {string} more who stands behind that port, if anybody
 * @property {number|null} until µs until which it is let in; null for as long as the mapping lives
 * @property {boolean} isKnocking the packet of this event comes from there and is not let in
 * @property {boolean} isNow the packet of this event comes from or goes to it
 *
 * @typedef {object} Door a mapping as it is drawn
 * @property {Mapping} mapping
 * @property {object} owner of `whoIs`, inside
 * @property {string} name as it is selected
 * @property {Remote[]} remotes
 * @property {number} more how many remotes are not drawn
 * @property {number} expiry µs
 * @property {number} leasedUntil µs, 0 for never
 * @property {number} left µs, and `lease` likewise, at the clock
 * @property {number|null} used µs of the last time
 * @property {boolean} isNow the packet of this event goes through
 */

/** One moment. `clock`: µs; between two events while time is played. */
export class Scene {
  constructor(trace, history, rows, event, clock) {
    Object.assign(this, { trace, history, rows, event, clock, peers: trace.peers });
  }

  /** Does a box write other addresses on what goes out? */
  isTranslating(host) {
    return this.history.lifeAt(host, this.rows).table?.rules.translates ?? true;
  }

  /** Who is meant by an address that a box sees outside. */
  whoOutside(address, host) {
    return whoIs(this, address, this.trace.behind[host] ?? -1);
  }

  /** A box with all that is drawn of it. */
  boxAt(host) {
    const { history, rows, peers } = this;
    const { isOn, table } = history.lifeAt(host, rows);
    const passage = history.passageAt(host, rows, this.event);
    const all = table ? table.at(rows) : [];
    const drawn = chooseLast(all, MOST_DOORS, ({ used, opened }) => lastBefore(used, rows) ?? opened);
    const doors = drawn.map(mapping => this.makeDoor(table, mapping, passage));
    return { host, name: peers[host], isOn, rules: table?.rules ?? null, passage, doors, hidden: all.length - drawn.length, total: all.length, ...this.#groupInside(host, doors, passage) };
  }

  /** A mapping with all that is drawn of it. */
  makeDoor(table, mapping, passage) {
    const { rows, clock } = this;
    const expiry = table.expiryOf(mapping, rows);
    const leasedUntil = table.leaseOf(mapping, rows);
    const used = table.talkedBy(mapping, rows);
    const all = this.#listRemotes(table, mapping, passage, used);
    const door = {
      mapping, owner: whoIs(this, mapping.inside, mapping.host), name: this.nameOf(mapping), remotes: all.slice(0, MOST_REMOTES), more: Math.max(0, all.length - MOST_REMOTES),
      expiry, leasedUntil, left: expiry - clock, lease: Math.max(0, leasedUntil - clock), used: used.size ? Math.max(...used.values()) : null,
      isNow: passage !== null && !passage.reason && (passage.mapping === mapping || passage.other === mapping),
    };
    return { ...door, words: tellDoor(this, door) };
  }

  /** The address outside; behind a firewall it is that of a peer. */
  nameOf({ outside, host }) {
    return this.isTranslating(host) ? `address:${outside}` : whoIs(this, outside, host).name;
  }

  #listRemotes(table, mapping, passage, talked) {
    const { filtering } = table.rules;
    const side = this.trace.behind[mapping.host] ?? -1;
    const make = (who, address, until) => ({ ...who, address, until, isKnocking: false, isNow: false });
    const makeOne = (address, until = null) => make(whoIs(this, address, side), address, until);
    const makePart = ([part, until]) => {
      const address = [...talked.keys()].find(remote => partOf(filtering, remote) === part);
      return part === address ? makeOne(part, until) : make(this.#makeHost(part, address, side), part, until);
    };
    const isOpen = filtering === ANY || table.leaseOf(mapping, this.rows) > this.clock;
    const found = isOpen ? [make(ANYBODY, "", null), ...[...talked.keys()].map(address => makeOne(address))] : [...table.allowedBy(mapping, this.rows)].map(makePart);
    if (passage === null || passage.mapping !== mapping || passage.way === ASK || passage.way === HAIRPIN) return found;
    const remote = passage.way === IN ? passage.from : passage.to;
    const known = found.find(({ address }) => address === remote || address === readIp(remote));
    const its = known ?? makeOne(remote);
    Object.assign(its, { isNow: true, isKnocking: passage.way === IN && passage.reason !== "" });
    return [its, ...found.filter(each => each !== its)]; // where the packet's way begins or ends
  }

  /** A host of which every port is let in. */
  #makeHost(ip, address, side) {
    const { history, rows, trace: { peers, behind } } = this;
    const host = history.homes.ownerOfIp(ip, rows);
    if (host < 0) return { host, name: `address:${address}`, label: `${ip}:*`, more: "", tip: `${ip}, any port\nnobody is there` };
    const isHere = isKnown(behind[host], ip, side);
    const where = isHere ? "" : `\nunknown out here: behind ${peers[behind[host]]}`;
    return { host, name: `peer:${peers[host]}`, label: `${isHere ? peers[host] : ip}:*`, more: "", tip: `${peers[host]}\n${ip}, any port${where}` };
  }

  /** Who stands inside, with the mappings of each: those that have some, and a few of the others. */
  #groupInside(host, doors, passage) {
    const { trace: { peers, behind }, history } = this;
    const byHost = groupBy(doors, ({ owner }) => owner.host);
    const sender = passage && passage.way !== IN ? whoIs(this, passage.from, host).host : -1;
    const inside = [...peers.keys()].filter(peer => behind[peer] === host);
    const idle = inside.filter(peer => !byHost.has(peer));
    const shown = new Set([...idle.filter(peer => peer === sender), ...idle].slice(0, MOST_IDLE));
    const groups = inside.filter(peer => shown.has(peer) || byHost.has(peer)).map(peer => ({
      who: { name: `peer:${peers[peer]}`, label: peers[peer], more: readIp(history.homes.addressesOf(peer, this.rows)[0] ?? ""), tip: `${peers[peer]}\nstands behind ${peers[host]}` },
      doors: byHost.get(peer) ?? [], isBox: history.gateways.includes(peer), isNow: peer === sender,
    }));
    const strangers = doors.filter(({ owner }) => !inside.includes(owner.host)); // whom the story does not know
    if (strangers.length) groups.push({ who: strangers[0].owner, doors: strangers, isBox: false, isNow: false });
    return { groups, idle: idle.length - shown.size };
  }

  /** The box that a selection is about: itself, the one that a peer stands behind, the one of an address or a packet; -1 for none. */
  findBox(selection, branch) {
    const { history, rows, trace: { peers, behind, columns, length } } = this;
    const [, kind, rest] = selection?.match(/^(peer|address|record):(.*)$/s) ?? [];
    const isBox = host => history.gateways.includes(host);
    if (kind === "peer") {
      const host = peers.indexOf(rest);
      return isBox(host) ? host : behind[host] ?? -1;
    }
    if (kind === "address") return history.findDoor(rest, rows)?.host ?? -1;
    const [on, row] = kind === "record" ? rest.split(":").map(Number) : [-1, -1];
    if (on !== branch || !(row < length)) return -1;
    return [columns.peer[row], columns.other[row]].find(isBox) ?? -1;
  }
}

/** The last used ones, in their own order. */
function chooseLast(all, most, timeOf) {
  if (all.length <= most) return all;
  const chosen = new Set([...all].sort((a, b) => timeOf(b) - timeOf(a)).slice(0, most));
  return all.filter(mapping => chosen.has(mapping));
}
