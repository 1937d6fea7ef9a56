// The words of sealed blocks: how a hash is written, and how a search is told.

/** Times the average at the right end of the bar: one search in a hundred takes longer (e ** -4.6). */
export const MOST_TIMES = 4.6;

/** A block's key among the cards. */
export const keyOf = row => String(row.number);

/** The zeros at the front of a hash, and the rest. */
export function sayHash(hash) {
  const [zeros] = hash.match(/^0*/);
  return [zeros, hash.slice(zeros.length)];
}

/** The word beside the sign of a card. A block that nobody may write into was never whole before: it is not broken. */
export function sayState(state, isFixed) {
  return state === "broken" && isFixed ? "not sealed" : state;
}

const whole = number => Math.round(number).toLocaleString("en");

/** A time as people say it. */
export function sayTime(seconds) {
  if (seconds < 1.5) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${whole(seconds)} s`;
  if (seconds < 5400) return `${whole(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/**
 * How a search stands.
 *
 * @param {?{number, tried, expected, rate, isRunning, isFound}} search `rate` in tries a second, 0 while unknown
 */
export function saySearch(search, isFixed) {
  if (!search) return `${isFixed ? "Press Mine." : "Write into a block, or mine one."} The bar counts tries; its mark is the average.`;
  const { number, tried, expected, rate, isRunning, isFound } = search;
  const count = `${whole(tried)} ${tried === 1 ? "try" : "tries"}, ${(tried / expected).toFixed(tried < expected / 10 ? 3 : 1)} × the average`;
  if (isFound) return `Block ${number} is sealed: ${count}.`;
  if (!isRunning) return `Stopped after ${count}. The search from here on takes as long as ever.`;
  const speed = rate ? ` ${whole(rate)} a second: ${sayTime(expected / rate)} on average.` : "";
  return `Block ${number}: ${count}.${speed}`;
}
