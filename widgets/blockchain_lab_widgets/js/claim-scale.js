// How the figures of a claim are drawn to scale. Pure.

const FAR = 50; // from this ratio on, the smallest of all would be a hair on a scale from zero
const STEPS = [1, 2, 2.5, 5, 10];
const FEWEST = 4; // steps from zero to the end

const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 });

/** "30 min", "2,000" */
export function formatFigure(value, unit) {
  return unit ? `${NUMBER.format(value)} ${unit}` : NUMBER.format(value);
}

/** From zero to a round number: a step and the end. */
function fromZero(most) {
  if (!most) return { step: 1, end: 1 };
  const power = 10 ** Math.floor(Math.log10(most / FEWEST));
  const step = power * STEPS.find(each => each * power * FEWEST >= most - 1e-9 * most);
  return { step, end: step * Math.ceil(most / step - 1e-9) };
}

/**
 * @param {number[]} values none below zero
 * @returns {{isLog: boolean, partOf: (value) => number, ticks: {value, part}[]}} parts from 0 to 1
 */
export function makeScale(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least > 0 && most / least >= FAR) {
    const [low, high] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most) - 1e-9)];
    const partOf = value => (Math.log10(value) - low) / (high - low);
    const ticks = Array.from({ length: high - low + 1 }, (_, i) => ({ value: 10 ** (low + i), part: i / (high - low) }));
    return { isLog: true, partOf, ticks };
  }
  const { step, end } = fromZero(most);
  const count = Math.round(end / step);
  const ticks = Array.from({ length: count + 1 }, (_, i) => ({ value: i * step, part: i / count }));
  return { isLog: false, partOf: value => value / end, ticks };
}

/** "to scale, from zero" */
export function tellScale({ isLog }) {
  return isLog ? "not to scale: every line is ten times the one before it" : "to scale, from zero";
}
