// The time axis: a row for each event that matters, longer for a longer wait, but never to scale.
import { Columns, firstIndex } from "./columns.js";
import { SHORTEST, getPace } from "./playback.js";

/**
 * How many rows lie between two events: the square root of the compressed pace, 1 for a burst and up to 3.9 for a
 * silence, however long. The order is always kept, and a longer wait is never shorter on the page.
 */
export function getRows(gap) {
  return Math.sqrt(getPace(gap) / SHORTEST);
}

/**
 * Where events stand, in rows from the start of the trace. Only events with a wanted record have a row of their
 * own (a stop); the others lie squeezed between two stops. Grows with its trace: O(new records).
 */
export class Timeline {
  #rows = 0;
  #epoch;

  /** @param {((row: number) => boolean)|null} wants null for every event */
  constructor(trace, wants = null) {
    Object.assign(this, { trace, wants });
    this.#reset();
  }

  #reset() {
    this.#epoch = this.trace.epoch;
    this.#rows = 0;
    this.stops = new Columns({ at: Float64Array, y: Float64Array, event: Int32Array });
    this.stops.push({ at: 0, y: 0, event: 0 });
  }

  update() {
    const { trace, stops, wants } = this;
    if (this.#epoch !== trace.epoch) {
      this.#reset();
      return this.update();
    }
    const { at, event } = trace.columns;
    for (; this.#rows < trace.length; this.#rows++) {
      const row = this.#rows;
      const last = stops.length - 1;
      if (event[row] === stops.event[last] || (wants && !wants(row))) continue;
      stops.push({ at: at[row], event: event[row], y: stops.y[last] + getRows(at[row] - stops.at[last]) });
    }
    return this;
  }

  /** All of it, in rows; one more when something happens behind the last stop. */
  get height() {
    return this.yOf(this.trace.lastEvent);
  }

  /** Where an event stands; a fraction is a part of the wait for the next one. Strictly monotone up to the last event. */
  yOf(event) {
    const { stops, trace } = this;
    const i = firstIndex(stops.length, k => stops.event[k] > event) - 1;
    if (i < 0) return 0;
    if (i < stops.length - 1) {
      const part = (event - stops.event[i]) / (stops.event[i + 1] - stops.event[i]);
      return stops.y[i] + part * (stops.y[i + 1] - stops.y[i]);
    }
    const behind = trace.lastEvent - stops.event[i];
    return stops.y[i] + (behind > 0 ? Math.min(1, (event - stops.event[i]) / behind) : 0);
  }

  /** The event at a height, with a fraction for what lies between two. The inverse of `yOf`. */
  eventAt(y) {
    const { stops, trace } = this;
    const i = Math.max(0, firstIndex(stops.length, k => stops.y[k] > y) - 1);
    if (i < stops.length - 1) {
      const part = (y - stops.y[i]) / (stops.y[i + 1] - stops.y[i]);
      return Math.max(0, stops.event[i] + part * (stops.event[i + 1] - stops.event[i]));
    }
    return Math.min(trace.lastEvent, stops.event[i] + Math.max(0, y - stops.y[i]) * (trace.lastEvent - stops.event[i]));
  }

  /** The event that a reader means who points at a height: the nearest stop when it is near, else what lies there. */
  pick(y) {
    const { stops } = this;
    const i = firstIndex(stops.length, k => stops.y[k] >= y);
    const near = [i - 1, i].filter(k => k >= 0 && k < stops.length && Math.abs(stops.y[k] - y) <= 0.5);
    near.sort((one, other) => Math.abs(stops.y[one] - y) - Math.abs(stops.y[other] - y));
    return near.length ? stops.event[near[0]] : Math.round(this.eventAt(y));
  }

  /** The stops from one height to another: `{event, at, y}` each. O(log stops + found). */
  between(top, bottom) {
    const { at, y, event, length } = this.stops;
    const found = [];
    for (let i = firstIndex(length, k => y[k] >= top); i < length && y[i] <= bottom; i++) {
      found.push({ event: event[i], at: at[i], y: y[i] });
    }
    return found;
  }
}
