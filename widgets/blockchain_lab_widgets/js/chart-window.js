// Which part of the timeline is in sight. It moves when the cursor leaves it, in steps, and when the reader says so.

export const UNIT = 15; // pixels a row: a line of small type
const LEAST = 3;
const MOST = 60;
const LEAST_OF_CHAIN = 8; // a chain is not squeezed more than that to have all of it in sight
const EDGE = 0.9; // of the window: beyond, the cursor is about to leave
const AT_REST = 0.6; // where the cursor stands in a window that has moved to it
const PLAYING = 0.3; // and while playing, when more is to come

export class ChartWindow {
  scale = UNIT; // pixels a row, as the reader wants it
  unit = UNIT; // as it is: less while a long chain is shown as a whole
  top = 0; // row at the upper edge
  rows = 1; // how many are in sight
  anchor = 0; // row around which messages are chosen; moves in steps, too
  #followed = null; // the cursor that the window stands for
  #aim = "cursor"; // what the next window is for: the cursor, a chain, or nothing
  #kept = null; // pixels from the top at which the reader has just chosen something

  /** The plot is so many pixels high now. */
  fit(height) {
    if (height !== this.height) this.#aim ??= "cursor";
    this.height = height;
    this.rows = height / this.unit;
  }

  /** What is shown has changed: the next `follow` moves the window to the "cursor" or to the "chain". */
  aim(what) {
    this.#aim = what;
  }

  /** The reader has chosen what stands at this height: let it stay there. */
  keep(y) {
    this.#kept = y;
  }

  /** Back to the cursor. */
  forget() {
    this.#aim = "cursor";
  }

  /** Move by some rows, because the reader wants to. */
  scroll(rows) {
    this.top += rows;
  }

  /** Show less time (factor > 1) or more; what stands at height `y` stays there. */
  zoom(factor, y = this.height / 2) {
    const row = this.top + y / this.unit;
    this.unit = this.scale = Math.max(LEAST, Math.min(MOST, this.unit * factor));
    this.rows = this.height / this.unit;
    this.top = row - y / this.unit;
  }

  /**
   * Keep the cursor in sight, or show a chain of causes as a whole.
   *
   * @param {import("./chart-axis.js").Timeline} timeline
   * @param {{cursor: number, playing: boolean}} store
   * @param {number[]} chain rows, the origin first
   */
  follow(timeline, { cursor, playing }, chain) {
    const y = timeline.yOf(cursor);
    if (this.#aim) this.#setUnit(this.scale);
    if (this.#aim === "chain" && chain.length) this.#showChain(timeline, chain);
    else if (this.#aim || cursor !== this.#followed) this.#showCursor(y, playing);
    this.#aim = this.#kept = null;
    this.#followed = cursor;
    this.top = Math.max(-1, Math.min(this.top, timeline.height + 2 - this.rows));
    const isSeen = y >= this.top && y <= this.top + this.rows;
    const wanted = isSeen ? y : this.top + this.rows / 2;
    if (Math.abs(wanted - this.anchor) > this.rows / 6) this.anchor = wanted;
  }

  #setUnit(unit) {
    this.unit = unit;
    this.rows = this.height / unit;
  }

  #showCursor(y, playing) {
    const part = (y - this.top) / this.rows;
    if (this.#aim || part < 0.04 || part > EDGE) this.top = y - this.rows * (playing ? PLAYING : AT_REST);
  }

  // The chosen record stays where it was if its causes fit above it; else as many of them as there is room for.
  #showChain(timeline, chain) {
    const { event } = timeline.trace.columns;
    const [first, last] = [timeline.yOf(event[chain[0]]), timeline.yOf(event[chain.at(-1)])];
    this.#setUnit(Math.min(this.scale, Math.max(LEAST_OF_CHAIN, (this.height * 0.85) / (last - first + 1))));
    const wanted = this.#kept === null ? this.rows / 2 : this.#kept / this.unit;
    this.top = last - Math.max(1, Math.min(this.rows * 0.85, Math.max(last - first + 1, wanted)));
  }
}
