// Playing the trace: a compressed pace, so that neither bursts nor long silences are missed.

/** Milliseconds that an event takes on the screen, before the speed is applied. */
export const SHORTEST = 40;
export const LONGEST = 600;

/** Speeds a reader may choose, times the compressed pace. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4];

/** At most this much of a late frame is made up for: after a stall we go on, we do not leap. */
const LONGEST_FRAME = 100;

/** How long to show the wait from one event to the next: a simulated millisecond lasts one, within limits. */
export function getPace(gapMicroseconds) {
  return Math.max(SHORTEST, Math.min(LONGEST, gapMicroseconds / 1000));
}

/** Has the reader asked the system for less motion? Then dots stand still between events. */
function isStill() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

/** Moves a store's cursor and clock forward, frame by frame, while somebody looks. */
export class Playback {
  #frame = 0; // the request of the next animation frame, 0 while none
  #last = 0; // when the frame before was, in ms

  constructor(store) {
    this.store = store;
  }

  /** Take up or drop the animation frames, as the store says. */
  update() {
    const wanted = this.store.playing && this.store.isVisible;
    if (wanted && !this.#frame) {
      this.#last = performance.now();
      this.#frame = requestAnimationFrame(now => this.#onFrame(now));
    }
    if (!wanted && this.#frame) {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    }
  }

  #onFrame(now) {
    this.#frame = 0;
    const passed = Math.max(0, Math.min(now - this.#last, LONGEST_FRAME));
    this.#last = now;
    this.store.moveTo(advance(this.store, passed * this.store.speed, isStill()));
    if (this.store.cursor >= this.store.trace.lastEvent) this.store.pause();
    if (this.store.playing && !this.#frame) this.#frame = requestAnimationFrame(later => this.#onFrame(later));
  }
}

/**
 * Where a reader at `cursor` and `clock` stands after `milliseconds` of playing.
 * Pure. Events at the same moment follow one another at the shortest pace, with the clock standing still.
 *
 * @param {boolean} still let the clock jump from event to event
 * @returns {{cursor: number, clock: number, waited: number}} `waited` is the part (0 .. 1) of the wait for the
 *   next event that is over: the clock alone cannot tell where several events share one moment
 */
export function advance({ trace, cursor, waited }, milliseconds, still = false) {
  let left = milliseconds;
  let here = trace.timeOf(cursor);
  while (cursor < trace.lastEvent) {
    const next = trace.timeOf(cursor + 1);
    const pace = getPace(next - here);
    const rest = (1 - waited) * pace;
    if (rest > left) {
      waited += left / pace;
      return { cursor, waited, clock: still ? here : here + waited * (next - here) };
    }
    left -= rest;
    cursor += 1;
    here = next;
    waited = 0;
  }
  return { cursor, waited: 0, clock: here };
}
