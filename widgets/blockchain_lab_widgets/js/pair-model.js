// What two runs have to do with each other, read from Python's comparison. Pure: two stores and plain data.

/**
 * Python's comparison, whole; `blockchain_lab/study/compare_plain.py` makes it.
 *
 * @typedef {object} Plain
 * @property {string} [fault] why there is no comparison; then all else is missing
 * @property {number} until µs: so far both runs are compared
 * @property {{path, a, b}[]} setUp what they are made from, where it differs
 * @property {{peer, at, a, b}[]} divergences where each peer's lives part, earliest first: name ("" for the network),
 *   µs, and a row of each run, null where it says nothing more of the peer
 * @property {[string, number][]} cone who was told, or did, something else, and since when (µs), earliest first
 * @property {Object<string, Array[]>} outcomes what differs in the end: field -> for each peer [in A, in B], or of a
 *   collection [size in A, size in B, only in A, only in B]
 * @property {[number, number][]} of epoch and length of the traces of which all this is true
 */

/** The two sides, in order. */
export const SIDES = ["A", "B"];

/** Two stores and what is known of their difference. */
export class Pair {
  #times = null;
  #made = null; // the comparison that the times were made of

  /** @param {{plain: Plain, subscribe: (listener) => function}} source Python's comparison, and when there is another one */
  constructor(stores, source) {
    Object.assign(this, { stores, source });
  }

  /** The comparison; null when there is none, or it is not of the records that are here: `problem` says which. */
  get plain() {
    return this.problem === "" ? this.source.plain : null;
  }

  /** Why there is nothing to show; "" when there is. */
  get problem() {
    const { plain } = this.source;
    if (plain.fault) return `These two runs are not compared: ${plain.fault.replace(/^compare: /, "")}`;
    const isOfThese = this.stores.every(({ trace }, side) => plain.of[side][0] === trace.epoch && plain.of[side][1] === trace.length);
    if (isOfThese) return "";
    return this.stores.some(({ sealed }) => sealed) ? "Both runs are compared when what was predicted is locked." : "Something has changed: the runs are compared again…";
  }

  /** The first divergence of all; null when there is none, or no comparison. */
  get first() {
    return this.plain?.divergences[0] ?? null;
  }

  /** When each host was reached, in µs; Infinity for never. */
  get times() {
    const { plain } = this;
    if (this.#made !== plain || this.#times === null) {
      const cone = new Map(plain?.cone);
      this.#times = this.stores[0].trace.peers.map(name => cone.get(name) ?? Infinity);
      this.#made = plain;
    }
    return this.#times;
  }

  /** How many peers the difference has reached by a time. */
  countReached(clock) {
    return this.times.filter(at => at <= clock).length;
  }
}

/** Which side saw a divergence first, and in which row: the other's record may be of later. */
export function whereIs({ at, a, b }, stores) {
  const side = a !== null && stores[0].trace.columns.at[a] === at ? 0 : 1;
  const row = side ? b : a;
  return { side, row, event: stores[side].trace.columns.event[row] };
}

/** So many rows from the beginning on say the same in both runs, under the same numbers. */
export function countShared(plain, stores) {
  const rows = plain.divergences.flatMap(({ a, b }) => [a, b]).filter(row => row !== null);
  return Math.min(...rows, ...stores.map(({ trace }) => trace.length));
}

/** A host's records beside a row: so many before it, itself, so many after it; everybody's when the host is -1. */
export function rowsAround({ columns: { peer }, length }, host, row, { before, after }) {
  const isTold = at => host < 0 || peer[at] === host;
  const [earlier, later] = [[], []];
  for (let at = row - 1; at >= 0 && earlier.length < before; at--) if (isTold(at)) earlier.unshift(at);
  for (let at = row; at < length && later.length <= after; at++) if (isTold(at)) later.push(at);
  return [...earlier, ...later];
}

/** The steps of "how many peers are reached": [µs, count], from nobody on. */
export function stepsOf({ cone }) {
  const steps = [[0, 0]];
  for (const [, at] of cone) {
    if (steps.at(-1)[0] === at) steps.at(-1)[1] += 1;
    else steps.push([at, steps.at(-1)[1] + 1]);
  }
  return steps;
}
