// Playing the trace at one of two paces: compressed, so that neither bursts nor long silences are missed; or real.

/** Milliseconds that an event takes on the screen at the compressed pace, before the speed is applied. */
export const SHORTEST = 40;
export const LONGEST = 600;

/** Milliseconds for which the last event of a loop stays, before the first comes again; at either pace. */
const TURN = 600;

/** At most this much of a late frame is made up for: after a stall we go on, we do not leap. */
const LONGEST_FRAME = 100;

/** How long to show the wait from one event to the next: a simulated millisecond lasts one, within limits. */
export function getPace(gapMicroseconds) {
  return Math.max(SHORTEST, Math.min(LONGEST, gapMicroseconds / 1000));
}

/**
 * How simulated time (µs between two events) becomes milliseconds on the screen, and the speeds that suit it.
 * The wire is quicker than any eye, so real time is slowed down; and mining is slow, so it is hurried.
 */
export const PACES = {
  compressed: { title: "compressed", speeds: [0.25, 0.5, 1, 2, 4], wait: getPace },
  real: { title: "real time", speeds: [0.1, 0.3, 1, 3, 10, 30, 100], wait: gap => gap / 1000 },
};

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
    const { store } = this;
    this.#frame = 0;
    const passed = Math.max(0, Math.min(now - this.#last, LONGEST_FRAME));
    this.#last = now;
    store.moveTo(advance(store, passed * store.speed, isStill()));
    if (store.cursor >= store.trace.lastEvent && store.cursor !== store.loop?.to) store.pause();
    if (store.playing && !this.#frame) this.#frame = requestAnimationFrame(later => this.#onFrame(later));
  }
}

/**
 * Where a reader at `cursor` and `clock` stands after `milliseconds` of playing.
 * Pure. At the compressed pace events at the same moment follow one another at the shortest wait, with the clock
 * standing still. A reader inside a loop stays in it.
 *
 * @param {boolean} still let the clock jump from event to event
 * @returns {{cursor: number, clock: number, waited: number}} `waited` is the part (0 .. 1) of the wait for the
 *   next event that is over: the clock alone cannot tell where several events share one moment
 */
export function advance({ trace, cursor, waited, pace = "compressed", loop = null }, milliseconds, still = false) {
  let left = milliseconds;
  let here = trace.timeOf(cursor);
  const isTurn = () => cursor === loop?.to;
  while (cursor < trace.lastEvent || isTurn()) {
    const next = isTurn() ? here : trace.timeOf(cursor + 1); // the clock stands still while the loop turns
    const wait = isTurn() ? TURN : PACES[pace].wait(next - here);
    const rest = (1 - waited) * wait;
    if (rest > left) {
      waited += left / wait;
      return { cursor, waited, clock: still ? here : here + waited * (next - here) };
    }
    left -= rest;
    cursor = isTurn() ? loop.from : cursor + 1;
    here = trace.timeOf(cursor);
    waited = 0;
  }
  return { cursor, waited: 0, clock: here };
}
