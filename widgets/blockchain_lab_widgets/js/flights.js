// Messages between their sending and their arrival (or loss), in the order of arrival.
import { Columns, firstIndex } from "./columns.js";

const TYPES = { from: Float64Array, to: Float64Array, sent: Int32Array, row: Int32Array };

/** What is on the wire at a time, found in O(log n + what arrives within the longest flight). */
export class Flights {
  constructor() {
    this.columns = new Columns(TYPES);
    this.longest = 0; // µs; only grows, which is safe
  }

  /** A message sent by record `sent` at `from` arrives, or is lost, with record `row` at `to` (µs). */
  add(sent, from, row, to) {
    this.columns.push({ from, to, sent, row });
    this.longest = Math.max(this.longest, to - from);
  }

  /** Forget arrivals from record `row` on. */
  cut(row) {
    const { columns } = this;
    columns.cut(firstIndex(columns.length, index => columns.row[index] >= row));
  }

  /** `visit(sent, row, part)` for every message in flight at `clock`; part is 0 at the sender, 1 on arrival. */
  each(clock, visit) {
    const { from, to, sent, row, length } = this.columns;
    for (let index = firstIndex(length, k => to[k] > clock); index < length; index++) {
      if (to[index] > clock + this.longest) break;
      if (from[index] > clock) continue;
      visit(sent[index], row[index], (clock - from[index]) / (to[index] - from[index]));
    }
  }
}
