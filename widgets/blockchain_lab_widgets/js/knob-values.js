// The arithmetic of a knob: steps, keys, and a value in words. Pure.
import { formatCount } from "./describe.js";

const STEPS = 50; // from one end to the other, about
const PAGE = 10;

/** 1, 2 or 5 times a power of ten, so that a slider has about 50 stops; at least 1. */
export function getStep({ min, max }) {
  const wanted = Math.max(1, (max - min) / STEPS);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5].find(factor => factor * power >= wanted) ?? 10);
}

/** Where a key turns a knob to: on to the next multiple of its step, within its ends; null for any other key. */
export function getTurned({ min, max }, value, key) {
  const step = getStep({ min, max });
  const up = by => Math.floor(value / by) * by + by;
  const down = by => Math.ceil(value / by) * by - by;
  const to = {
    ArrowRight: up(step), ArrowUp: up(step), ArrowLeft: down(step), ArrowDown: down(step),
    PageUp: up(PAGE * step), PageDown: down(PAGE * step), Home: min, End: max,
  }[key];
  return to === undefined ? null : Math.max(min, Math.min(max, to));
}

/** "20,000 bytes/s"; microseconds as people say them, to three digits: "250 ms", "1.71 s" */
export function showValue(value, unit) {
  if (unit !== "µs" || value < 1000) return `${formatCount(value)} ${unit}`.trim();
  const round = number => formatCount(Number(number.toPrecision(3)));
  return value < 1_000_000 ? `${round(value / 1000)} ms` : `${round(value / 1_000_000)} s`;
}

/** Is a value chosen before the run? Python knows exactly, and refuses the few that this lets through. */
export function isFixed(path) {
  return !/^(policy|links)\.|^peers\..+\.policy\./.test(path);
}
