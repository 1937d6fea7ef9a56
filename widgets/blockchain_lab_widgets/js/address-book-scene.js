// All that a picture of address books is made of, at the cursor: who stands where, is connected, and looks how.
import { rankGroups, readAddress, readGroup, showAddress } from "./address-book-groups.js";
import { BookHistory } from "./address-book-history.js";
import { isOpen } from "./address-book-lines.js";
import { nameOfAddress, readIp } from "./address-book-words.js";
import { MOST_GROUPS } from "./palette.js";

/** The books of a trace and what colours of groups mean in it: the same at every moment. */
export class Books {
  #rows = -1; // how many records the ranks know
  #epoch = -1;

  constructor(trace) {
    this.trace = trace;
    this.history = new BookHistory(trace);
    this.ranks = new Map(); // group -> 0 .. 3, largest first
    this.occurring = null; // what a legend has to explain
    this.update();
  }

  /** O(new records), and once O(addresses) when there are some. */
  update() {
    const { trace, history } = this;
    history.update();
    if (this.#rows === trace.length && this.#epoch === trace.epoch) return this;
    [this.#rows, this.#epoch] = [trace.length, trace.epoch];
    const addresses = [...history.byAddress.keys()];
    const read = addresses.map(address => readGroup(readIp(address)));
    const groups = rankGroups(addresses.map(readIp), MOST_GROUPS);
    this.ranks = new Map(groups.map((group, rank) => [group, rank]));
    this.occurring = {
      groups, nets: new Set(read.map(({ net }) => net)), hasOthers: read.some(({ group }) => !this.ranks.has(group)),
      isAnybodyNobody: addresses.some(address => !history.homes.has(address)), isAnybodyScheming: history.schemers.size > 0,
      isAnybodyBad: history.shelves.some(({ lines }) => lines.bad.length > 0),
    };
    return this;
  }

  /** The books after so many records. */
  at(rows) {
    return new Scene(this, rows);
  }
}

/** One moment. */
class Scene {
  #lines = new Map(); // host -> its lines
  #byRemote = new Map(); // host -> "ip:port" -> line, an open one first
  #bad = new Map(); // host -> IPs that are not dialled

  constructor({ trace, history, ranks }, rows) {
    Object.assign(this, { trace, history, ranks, rows, peers: trace.peers, columns: trace.columns });
  }

  /** The lines of a peer that stand or are being dialled. */
  linesOf(host) {
    return remember(this.#lines, host, () => this.history.shelves[host].lines.at(this.rows));
  }

  /** Is the peer on, and what kind of book has it? `hasBooks`: does anybody in the trace have one? */
  stateOf(host) {
    const { history, rows } = this;
    return { isOn: history.isOn(host, rows), book: history.bookAt(host, rows), hasBooks: history.shelves.some(({ books }) => books.length > 0) };
  }

  /** What is special about an address in somebody's book, and what its mark looks like. */
  lookAt({ address, host }) {
    return { ...this.lookAtAddress(address, host), line: this.#findLine(address, host) };
  }

  /** The same without the connection. */
  lookAtAddress(address, host) {
    const { history, rows, ranks } = this;
    const ip = readIp(address);
    const { net, group } = readGroup(ip);
    const owner = history.ownerOf(address, rows);
    return {
      net, group, rank: ranks.get(group) ?? MOST_GROUPS, isNobody: owner < 0, isSelf: owner === host,
      isScheming: owner >= 0 && history.isSchemer(owner, rows), isBad: this.#badOf(host).has(ip),
    };
  }

  #badOf(host) {
    return remember(this.#bad, host, () => this.history.shelves[host].lines.badAt(this.rows));
  }

  #findLine(address, host) {
    const found = remember(this.#byRemote, host, () => {
      const lines = this.linesOf(host);
      const [open, dialling] = [true, false].map(wanted => lines.filter(line => isOpen(line, this.rows) === wanted));
      return new Map([...dialling, ...open].map(line => [line.remote, line]));
    });
    return found.get(address) ?? null;
  }

  /** What a name means here: a peer or an address, also that which a record is about, as it is selected; null for none. */
  findChosen(name, branch) {
    const [, on, row] = name?.match(/^record:(\d+):(\d+)$/) ?? [];
    const isHere = row !== undefined && Number(on) === branch && Number(row) < this.trace.length;
    if (!isHere) return /^(peer|address):/.test(name ?? "") ? name : null;
    const { address, remote } = this.trace.record(Number(row)).facts;
    const text = readAddress(address) ? showAddress(address) : remote;
    return typeof text === "string" ? nameOfAddress(this, text) : null;
  }

  /** The addresses of a chosen peer, or the chosen address. */
  addressesOf(chosen) {
    const [, kind, rest] = chosen?.match(/^(peer|address):(.*)$/s) ?? [];
    if (kind === "address") return [rest];
    const host = kind === "peer" ? this.peers.indexOf(rest) : -1;
    return host < 0 ? [] : this.history.homes.addressesOf(host, this.rows);
  }
}

function remember(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}
