// Values over time that know which record brought them, so that they can be cut at any cursor. Pure.
import { firstIndex } from "./columns.js";

/** Points by record: [µs, …] each. `push` in the order of records. */
class RowPoints {
  #rows = [];
  #points = [];
  #cuts = { some: { from: 0, points: [] }, all: { from: 0, points: [] } }; // what was asked for last

  /** @param {number} row of the record that brought the point */
  add(row, point) {
    this.#rows.push(row);
    this.#points.push(point);
  }

  get length() {
    return this.#rows.length;
  }

  #countUpTo(rows) {
    return firstIndex(this.#rows.length, i => this.#rows[i] >= rows);
  }

  /** The last point of so many records; undefined before the first. O(log points). */
  lastAt(rows) {
    return this.#points[this.#countUpTo(rows) - 1];
  }

  /**
   * Of so many records, or of all of them: a point for each time at which something changes, the last one of that time.
   * The list belongs to us: read it before you ask for another place. O(points since what was asked for last).
   */
  at(rows) {
    const which = rows === Infinity ? "all" : "some";
    const to = this.#countUpTo(rows);
    if (to < this.#cuts[which].from) this.#cuts[which] = { from: 0, points: [] };
    const cut = this.#cuts[which];
    for (; cut.from < to; cut.from++) addTidily(cut.points, this.#points[cut.from]);
    return cut.points;
  }

  /** Of so many records all points, also those that repeat the one before. */
  samplesAt(rows) {
    return this.#points.slice(0, this.#countUpTo(rows));
  }
}

/** Python's `tidy`. */
function addTidily(points, point) {
  if (points.at(-1)?.[0] === point[0]) points.pop();
  const last = points.at(-1);
  if (!last || point.some((value, i) => i > 0 && value !== last[i])) points.push(point);
}

/** One value over time: [µs, value]. */
export class RowSeries extends RowPoints {
  push(row, at, value) {
    this.add(row, [at, value]);
  }

  /** The value after all records so far; undefined before the first. */
  get last() {
    return this.lastAt(Infinity)?.[1];
  }

  /** The value after so many records; null before the first. */
  valueAt(rows) {
    return this.lastAt(rows)?.[1] ?? null;
  }
}

/** Between which values many series lie, and their median: [µs, least, median, most], kept up to date change by change. */
export class RowBand extends RowPoints {
  #values = new Map(); // key -> its value now
  #sorted = [];

  /** A series has this value from now on. O(series). */
  push(row, at, key, value) {
    const sorted = this.#sorted;
    if (this.#values.has(key)) sorted.splice(placeOf(sorted, this.#values.get(key)), 1);
    sorted.splice(placeOf(sorted, value), 0, value);
    this.#values.set(key, value);
    this.add(row, [at, sorted[0], sorted[(sorted.length - 1) >> 1], sorted.at(-1)]);
  }
}

function placeOf(sorted, value) {
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
