// Values over time that know which record brought them, so that they can be cut at any cursor. Pure.
import { firstIndex } from "./columns.js";

/** One value over time; `push` in the order of records. */
export class RowSeries {
  #rows = [];
  #points = []; // [µs, value] by record
  #cuts = { some: { from: 0, points: [] }, all: { from: 0, points: [] } }; // what was asked for last

  /** @param {number} row of the record that brought the value */
  push(row, at, value) {
    this.#rows.push(row);
    this.#points.push([at, value]);
  }

  /** The value after all records so far; undefined before the first. */
  get last() {
    return this.#points.at(-1)?.[1];
  }

  get length() {
    return this.#rows.length;
  }

  /** The value after so many records; null before the first. O(log changes). */
  valueAt(rows) {
    const next = this.#countUpTo(rows);
    return next ? this.#points[next - 1][1] : null;
  }

  #countUpTo(rows) {
    return firstIndex(this.#rows.length, i => this.#rows[i] >= rows);
  }

  /**
   * After so many records, or all of them: [µs, value] for each time at which the value changes, the last one of that time. The list
   * belongs to the series: read it before you ask for another place. O(changes since what was asked for last).
   */
  at(rows) {
    const which = rows === Infinity ? "all" : "some";
    const to = this.#countUpTo(rows);
    if (to < this.#cuts[which].from) this.#cuts[which] = { from: 0, points: [] };
    const cut = this.#cuts[which];
    for (; cut.from < to; cut.from++) addTidily(cut.points, this.#points[cut.from]);
    return cut.points;
  }

  /** All measurements after so many records, also those that repeat the one before. */
  samplesAt(rows) {
    return this.#points.slice(0, this.#countUpTo(rows));
  }
}

/** Python's `tidy`: one point for each time at which a value changes. */
function addTidily(points, point) {
  if (points.at(-1)?.[0] === point[0]) points.pop();
  if (points.at(-1)?.[1] !== point[1]) points.push(point);
}

/** Between which values many series lie, and their median: kept up to date change by change. */
export class RowBand {
  #rows = [];
  #points = []; // [µs, least, median, most]
  #values = new Map(); // key -> its value now
  #sorted = [];

  /** A series has this value from now on. O(series). */
  push(row, at, key, value) {
    const sorted = this.#sorted;
    if (this.#values.has(key)) sorted.splice(place(sorted, this.#values.get(key)), 1);
    sorted.splice(place(sorted, value), 0, value);
    this.#values.set(key, value);
    this.#rows.push(row);
    this.#points.push([at, sorted[0], sorted[(sorted.length - 1) >> 1], sorted.at(-1)]);
  }

  /** After so many records: [µs, least, median, most] by change; a copy. */
  at(rows) {
    return this.#points.slice(0, firstIndex(this.#rows.length, i => this.#rows[i] >= rows));
  }
}

function place(sorted, value) {
  return firstIndex(sorted.length, i => sorted[i] >= value);
}

/** Series under names, made when they are first pushed to, and the band around all of them. */
export class SeriesGroup {
  /** @param {boolean} [isAlike] do all measure the same? Otherwise nothing lies between them */
  constructor(isAlike = true) {
    this.byName = new Map(); // name -> RowSeries, in the order of appearance
    this.band = isAlike ? new RowBand() : null;
  }

  push(name, row, at, value) {
    if (!this.byName.has(name)) this.byName.set(name, new RowSeries());
    this.byName.get(name).push(row, at, value);
    this.band?.push(row, at, name, value);
  }

  /** The same, when it is a change. */
  change(name, row, at, value) {
    if (value !== null && this.byName.get(name)?.last !== value) this.push(name, row, at, value);
  }
}
