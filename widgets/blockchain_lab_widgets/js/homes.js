// Who lives at which address, and since when: the plan at the start and every move, for all rows of a trace.
import { lastBefore } from "./columns.js";
import { readAddress, showAddress } from "./address-book-groups.js";

export class Homes {
  #owners; // "ip:port" -> [row, host or -1][]

  constructor({ peers, addresses = [] }) {
    this.peers = peers;
    this.#owners = new Map(addresses.map((address, host) => [address, [[-1, host]]]));
  }

  /** What an action did. True when it moved somebody. O(addresses). */
  follow(row, { do: what, peer, address }) {
    const host = what === "ChangeAddress" ? this.peers.indexOf(peer) : -1;
    const place = readAddress(address);
    if (host < 0 || !place) return false;
    for (const owners of this.#owners.values()) if (owners.at(-1)[1] === host) owners.push([row, -1]);
    const name = showAddress(place);
    if (!this.#owners.has(name)) this.#owners.set(name, []);
    this.#owners.get(name).push([row, host]);
    return true;
  }

  /** Has anybody ever lived there? */
  has(address) {
    return this.#owners.has(address);
  }

  /** The host that has an address after so many records; -1 for nobody. */
  ownerOf(address, rows) {
    return lastBefore(this.#owners.get(address) ?? [], rows) ?? -1;
  }

  /** The host that has an IP, at any port; -1 for nobody. O(addresses). */
  ownerOfIp(ip, rows) {
    const start = ip.includes(":") ? `[${ip}]:` : `${ip}:`;
    for (const address of this.#owners.keys()) {
      const owner = address.startsWith(start) ? this.ownerOf(address, rows) : -1;
      if (owner >= 0) return owner;
    }
    return -1;
  }

  /** Where a host lives after so many records. O(addresses). */
  addressesOf(host, rows) {
    return [...this.#owners.keys()].filter(address => this.ownerOf(address, rows) === host);
  }
}
