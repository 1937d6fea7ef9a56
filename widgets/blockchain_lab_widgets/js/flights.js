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

  /** The row of the sending that an arrival or a loss ends; -1 for none. O(log n). */
  sentOf(row) {
    const { columns } = this;
    const index = firstIndex(columns.length, each => columns.row[each] >= row);
    return index < columns.length && columns.row[index] === row ? columns.sent[index] : -1;
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

/**
 * The row of the sending that an arrival or a loss ends; -1 for none. Mostly it is the cause; what an action or
 * a broken connection takes off the wire is found by the action, or by its stream and facts: O(rows back) then.
 *
 * @param {Set<number>} taken sendings found this way before: equal messages may be lost together
 */
export function findSending({ columns, table, kinds }, row, taken) {
  const { cause, kind, conn, facts } = columns;
  const send = kinds.indexOf("send");
  const because = cause[row];
  if (because >= 0 && kind[because] === send) return because;
  if (kinds[kind[row]] !== "drop" || because < 0) return -1;
  const { do: act, record } = table[facts[because]];
  if (act === "DropMessage") return record;
  const far = conn[row] % 2 ? conn[row] - 1 : conn[row] + 1; // the sender's end
  for (let sent = row - 1; sent >= 0; sent--) {
    if (kind[sent] !== send || conn[sent] !== far || facts[sent] !== facts[row] || taken.has(sent)) continue;
    taken.add(sent);
    return sent;
  }
  return -1;
}
