// Which coins transactions take, read from the bytes of `tx` messages; two that take the same coin are rivals.
import { toHex } from "./checksum.js";

/** All coins that transactions of a trace take, as far as their bytes are here. */
export class CoinIndex {
  #trace;
  #facts = 0; // how many entries of the table have been read
  #late = []; // [txid, number of the message] whose bytes have not come

  constructor(trace) {
    this.#trace = trace;
    this.coins = new Map(); // txid -> coins
    this.takers = new Map(); // coin -> txids
    this.contested = new Set(); // txids that have a rival
  }

  /** Read what came since. The table only grows, so nothing is ever read again. O(new facts + new transactions). */
  update() {
    const { table, messages } = this.#trace;
    for (; this.#facts < table.length; this.#facts++) {
      const { command, txids, message } = table[this.#facts];
      if (command === "tx" && txids && message !== undefined) this.#late.push([txids[0], message]);
    }
    this.#late = this.#late.filter(([txid, message]) => {
      const found = messages.get(message);
      if (found) this.#read(txid, found);
      return !found;
    });
    return this;
  }

  #read(txid, message) {
    const coins = findCoins(message);
    this.coins.set(txid, coins);
    for (const coin of coins) {
      if (!this.takers.has(coin)) this.takers.set(coin, new Set());
      const takers = this.takers.get(coin).add(txid);
      if (takers.size > 1) takers.forEach(each => this.contested.add(each));
    }
  }

  /** The other transactions that take one of its coins. O(its coins). */
  rivalsOf(txid) {
    if (!this.contested.has(txid)) return [];
    const found = new Set(this.coins.get(txid).flatMap(coin => [...this.takers.get(coin)]));
    found.delete(txid);
    return [...found];
  }
}

/** The outputs that the inputs of a `tx` message name: 36 bytes each, in hexadecimal. O(fields). */
export function findCoins({ bytes, fields }) {
  const isCoin = ({ name }, at) => name === "txid" && fields[at + 1]?.name === "index";
  return fields.flatMap((field, at) => (isCoin(field, at) ? [toHex(bytes.subarray(field.start, fields[at + 1].end))] : []));
}
