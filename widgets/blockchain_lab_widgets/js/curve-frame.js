// The frame of a plot: where times and values stand in a box of pixels. Pure.
import { cutLine } from "./curve-lines.js";
import { findRange, findTicks } from "./curve-scale.js";

export const LETTER = 7; // pixels of a letter of 12 px, about
const TOP = 22; // for the name of the values
const MARKS = 14; // more for the names of marks
const BOTTOM = 20; // for times
const LOW = 40; // pixels between two values, at least
const WIDE = 76; // pixels between two times, at least
const MOST_NAMES = 0.34; // of the width, for the names at the lines' ends
const AWAY = 36; // from a line's end to its name, with a sample of the line and what follows the name

/** @typedef {{x, y, atX, atY, left, right, top, bottom, width, height, from, to, least, most, times, values}} Frame */

/**
 * @param {{width: number, height: number}} box in pixels
 * @param {object} model as `CurvePlot.set` takes it
 * @returns {Frame} `x(µs)` and `y(value)` give pixels, `atX` and `atY` go back and stay within the axes
 */
export function frameOf({ width, height }, model) {
  const { from, series, marks = [], y: values } = model;
  const top = marks.length ? TOP + MARKS : TOP;
  const to = Math.max(model.to, from + 1);
  const bottom = Math.max(top + 40, height - BOTTOM);
  const parts = Math.max(2, (bottom - top) / LOW);
  const range = findValues(model, parts);
  const told = findTicks(range, parts, values.kind, values.isWhole);
  const left = Math.ceil(Math.max(26, ...told.ticks.map(({ text }) => text.length * LETTER + 10)));
  const names = Math.max(0, ...series.map(({ label }) => label.length)) * LETTER + AWAY;
  const right = Math.max(left + 60, width - Math.max(26, Math.min(names, MOST_NAMES * width)));
  const times = findTicks({ least: from, most: to }, Math.max(2, (right - left) / WIDE), "time");
  const clamp = (value, least, most) => Math.max(least, Math.min(most, value));
  return {
    width, height, left, right, top, bottom, from, to, least: range.least, most: range.most, times, values: told,
    x: at => left + ((clamp(at, from, to) - from) / (to - from)) * (right - left),
    y: value => bottom - ((value - range.least) / (range.most - range.least)) * (bottom - top),
    atX: pixels => Math.round(from + (clamp(pixels - left, 0, right - left) / (right - left)) * (to - from)),
    atY: pixels => range.least + (clamp(bottom - pixels, 0, bottom - top) / (bottom - top)) * (range.most - range.least),
  };
}

/** From the least to the largest value that can be seen; as given where the model says so. */
function findValues({ series, band, y, shown, isAhead, to }, parts) {
  if (y.least !== undefined && y.most !== undefined) return { least: y.least, most: y.most };
  const until = isAhead ? to : Math.min(shown, to);
  let [least, most] = [Infinity, -Infinity];
  const see = (low, high) => [least, most] = [Math.min(least, low), Math.max(most, high)];
  for (const { points, ahead = points } of series) for (const [, value] of cutLine(isAhead ? ahead : points, until)) see(value, value);
  if (band) for (const [, low, high] of cutLine(band.points, until)) see(low, high);
  if (least > most) [least, most] = [0, 0];
  return findRange(y.least ?? least, y.most ?? most, parts, y.kind, y.isWhole);
}
