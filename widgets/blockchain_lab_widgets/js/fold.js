// A view's state at any cursor, folded from the records; with copies on the way, so that a jump is short.

/** More copies than these are thinned out: memory stays bounded, and a jump through a long trace is a little longer. */
const MOST_COPIES = 128;

/**
 * A fold is three pure functions:
 *   initial(trace)                the state before the first record
 *   apply(state, record, trace)   change the state by one record
 *   copy(state)                   a state that later `apply`s of the other do not touch
 */
export class Folded {
  #saved; // after 0, every, 2 * every, ... records
  #state;
  #rows = 0; // how many records #state holds
  #epoch;

  /** @param {number} every records between two kept copies, at first */
  constructor(trace, fold, every = 256) {
    Object.assign(this, { trace, fold, every });
    this.#start();
  }

  #start() {
    this.#epoch = this.trace.epoch;
    this.#saved = [this.fold.initial(this.trace)];
    this.#restore(0);
  }

  #restore(index) {
    this.#state = this.fold.copy(this.#saved[index]);
    this.#rows = index * this.every;
  }

  /**
   * The state after the first `rows` records. It belongs to the fold: read it, do not keep or change it.
   * O(rows to go from the nearest copy before, or from where we are).
   */
  at(rows) {
    if (this.#epoch !== this.trace.epoch) this.#forgetFuture();
    const nearest = Math.min(Math.floor(rows / this.every), this.#saved.length - 1);
    if (this.#rows > rows || this.#rows < nearest * this.every) this.#restore(nearest);
    while (this.#rows < rows) {
      this.fold.apply(this.#state, this.trace.record(this.#rows), this.trace);
      this.#rows += 1;
      if (this.#rows === this.#saved.length * this.every) this.#save();
    }
    return this.#state;
  }

  #save() {
    this.#saved.push(this.fold.copy(this.#state));
    if (this.#saved.length <= MOST_COPIES) return;
    this.#saved = this.#saved.filter((_, index) => index % 2 === 0);
    this.every *= 2;
  }

  // More than one replacement since we looked: what survived the last need not have survived those before.
  #forgetFuture() {
    const behind = this.trace.epoch - this.#epoch;
    if (behind > 1) {
      this.#start();
      return;
    }
    this.#epoch = this.trace.epoch;
    this.#saved.length = Math.min(this.#saved.length, Math.floor(this.trace.cutAt / this.every) + 1);
    this.#restore(this.#saved.length - 1);
  }
}
