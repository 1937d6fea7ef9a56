// Round numbers for the axes of a plot, and values in words: counts, bytes, times in µs. Pure.
import { formatCount } from "./describe.js";

const DECIMAL = [1, 2, 5];
const SIXTIETHS = [1, 2, 5, 10, 15, 30];
const DAY = 86_400e6;

/** What values are written in, by what they measure, smallest first: so many of the value are one of the unit. */
const UNITS = {
  count: [{ name: "", size: 1, steps: DECIMAL }],
  bytes: [{ name: "B", size: 1, steps: DECIMAL }, { name: "kB", size: 1e3, steps: DECIMAL }, { name: "MB", size: 1e6, steps: DECIMAL }, { name: "GB", size: 1e9, steps: DECIMAL }],
  time: [
    { name: "µs", size: 1, steps: DECIMAL }, { name: "ms", size: 1e3, steps: DECIMAL }, { name: "s", size: 1e6, steps: DECIMAL },
    { name: "min", size: 60e6, steps: SIXTIETHS }, { name: "h", size: 3600e6, steps: [1, 2, 3, 6, 12] }, { name: "days", size: DAY, steps: DECIMAL },
  ],
};
const ENOUGH = { count: 1, bytes: 1, time: 2 }; // so many of a unit before it is used: 90 s rather than 1.5 min

/** The unit in which a largest value reads best: `{name, size, steps}`. */
export function findUnit(most, kind) {
  const enough = ({ name, size }) => most >= size * (name === "s" || name === "ms" ? 1 : ENOUGH[kind]);
  return UNITS[kind].findLast(enough) ?? UNITS[kind][0];
}

/** The smallest round step that cuts a span into at most so many parts; whole when wanted. */
export function findStep(span, parts, unit, isWhole = false) {
  const least = Math.max(span / Math.max(1, parts), isWhole ? unit.size : Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(least / unit.size));
  const fixed = unit.steps === DECIMAL ? [] : unit.steps.map(step => step * unit.size);
  const steps = [...fixed, ...[...DECIMAL, 10, 20].map(step => step * power * unit.size)].sort((a, b) => a - b);
  return steps.find(step => step >= least * (1 - 1e-9)) ?? steps.at(-1);
}

/** Round values within a range, `step` apart when it has one, and the unit that they are written in: `{unit, ticks: [{value, text}]}`. */
export function findTicks({ least, most, step: given }, parts, kind, isWhole = false) {
  const unit = findUnit(Math.max(Math.abs(least), Math.abs(most)), kind);
  const step = given ?? findStep(most - least, parts, unit, isWhole);
  const digits = Math.max(0, -Math.floor(Math.log10(step / unit.size) + 1e-9));
  const ticks = [];
  for (let at = Math.ceil(least / step - 1e-9); at * step <= most * (1 + 1e-12); at++) {
    ticks.push({ value: at * step, text: (at * step / unit.size || 0).toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits }) });
  }
  return { unit, ticks };
}

/**
 * A range with round ends around values. It begins at zero, unless all of them lie far above it: a line shows
 * changes, and no height of it is an amount of ink.
 *
 * @returns {{least: number, most: number, step: number}}
 */
export function findRange(least, most, parts, kind, isWhole = false) {
  const low = least < 0 || least > 0.6 * most ? least : 0;
  const high = Math.max(most, low);
  const step = findStep(high > low ? high - low : isWhole ? 1 : high / 10 || 1, parts, findUnit(high, kind), isWhole);
  const [from, to] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  return { least: from, most: to > from ? to : from + step, step };
}

/** A value in words: "4,500", "1,204 B", "84.2 ms", "3.2 s". Bytes are told to the last one. */
export function formatValue(value, kind) {
  if (kind === "bytes") return `${formatCount(Math.round(value))} B`;
  if (kind === "count") return formatCount(Math.round(value * 100) / 100);
  const { name, size } = findUnit(Math.abs(value), kind);
  return `${(value / size).toLocaleString("en-GB", { maximumFractionDigits: Math.abs(value) < 100 * size ? 2 : 1 })} ${name}`;
}
