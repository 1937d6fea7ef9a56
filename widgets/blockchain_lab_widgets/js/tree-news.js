// What has just been reorganised: said as long as the cursor stands there, and a little longer while it goes on.
import { FARTHEST, HOLD, describeReorganisations, findReorganisations } from "./tree-reorg.js";

/** Follows the cursor from drawing to drawing. */
export class News {
  text = "";
  #rows = null; // where the cursor was
  #epoch = -1;
  #until = 0; // ms, when the text goes if nothing new comes

  constructor(trace) {
    this.trace = trace;
  }

  /**
   * The cursor stands behind `rows` records.
   *
   * @param {number} rows
   * @param {number} before how many records came before those of the cursor's event
   * @param {number|null} viewer only this peer's reorganisations
   * @param {number} now ms
   * @returns {{found: object[], isJump: boolean}} reorganisations that the cursor has just passed, going forward
   */
  update(rows, before, viewer, now) {
    const { trace } = this;
    const isJump = this.#rows === null || this.#epoch !== trace.epoch || rows < this.#rows || rows - this.#rows > FARTHEST;
    const found = isJump ? [] : findReorganisations(trace, this.#rows, rows, viewer);
    const present = found.length ? found : findReorganisations(trace, before, rows, viewer);
    if (present.length) {
      this.text = describeReorganisations(present, trace.peers);
      this.#until = now + HOLD;
    } else if (isJump || now >= this.#until) {
      this.text = "";
    }
    this.#rows = rows;
    this.#epoch = trace.epoch;
    return { found, isJump };
  }
}
