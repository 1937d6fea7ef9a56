// What set off what: chains of records to their origin, and trees of what came of one. Knows no page.

/**
 * The rows that led to a row, origin first, itself last: Python's `lab.why`, turned round. O(length of the chain).
 * It is a chain of triggers. What else a peer had seen before may have decided how it answered.
 */
export function getCauses(trace, row) {
  const { cause } = trace.columns;
  const chain = [];
  for (let at = row; at >= 0; at = cause[at]) chain.push(at); // a cause is always an earlier row: this ends
  return chain.reverse();
}

/** Which rows a row set off directly, found once for all rows of a trace. */
export class Effects {
  #trace;
  #rows = 0; // how many are linked
  #epoch = 0;
  #first = new Int32Array(1024); // row -> its first effect, -1 for none
  #last = new Int32Array(1024); // row -> its last effect
  #next = new Int32Array(1024); // row -> the next effect of the same cause

  constructor(trace) {
    this.#trace = trace;
  }

  /** Link the records that came since. O(new records); all of them when the future was replaced. */
  update() {
    const { length, epoch, columns } = this.#trace;
    if (epoch !== this.#epoch) this.#rows = 0;
    this.#epoch = epoch;
    this.#reserve(length);
    const [first, last, next] = [this.#first, this.#last, this.#next];
    for (let row = this.#rows; row < length; row++) {
      first[row] = last[row] = next[row] = -1;
      const cause = columns.cause[row];
      if (cause < 0) continue;
      if (first[cause] < 0) first[cause] = row;
      else next[last[cause]] = row;
      last[cause] = row;
    }
    this.#rows = length;
    return this;
  }

  #reserve(length) {
    if (this.#first.length >= length) return;
    const size = Math.max(2 * this.#first.length, length);
    this.#rows = 0; // all are linked anew: seldom, and quick
    [this.#first, this.#last, this.#next] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  }

  /** The rows that a row set off itself, in the order in which they happened. */
  of(row) {
    const found = [];
    for (let at = this.#first[row]; at >= 0; at = this.#next[at]) found.push(at);
    return found;
  }

  /**
   * All that came of a row: a tree, of which the earliest `most` records are kept, in reading order.
   *
   * @returns {{rows: {row, depth}[], hidden: number}} `row` itself comes first with depth 0; `hidden` counts the rest
   */
  treeOf(row, most) {
    const all = [row]; // grows while it is walked
    for (let i = 0; i < all.length; i++) all.push(...this.of(all[i]));
    const kept = new Set(all.sort((a, b) => a - b).slice(0, most)); // a cause is earlier: what is kept hangs together
    const rows = [];
    const waiting = [{ row, depth: 0 }];
    while (waiting.length) {
      const next = waiting.pop();
      rows.push(next);
      const effects = this.of(next.row).filter(effect => kept.has(effect));
      waiting.push(...effects.reverse().map(effect => ({ row: effect, depth: next.depth + 1 })));
    }
    return { rows, hidden: all.length - rows.length };
  }
}
