// A prediction in words. The verdict's own words come from Python, as a cell would say them. Pure.
import { formatCount } from "./describe.js";

const PLACES = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 });

/** A number as Python says it: three places at most, and the unit. */
export function sayNumber(value, unit = "") {
  return value === null ? "never" : `${PLACES.format(value)} ${unit}`.trim();
}

/** What was predicted, shortly. */
export function sayGuess({ kind, guess, unit }) {
  if (kind === "number") return sayNumber(guess, unit);
  if (kind === "order") return guess.join(", ");
  return kind === "curve" ? "a line" : guess;
}

/** What the reader may do now, in a sentence; "" when the verdict is there. */
export function tellState(prediction, { isConnected, isRevealed, isSealed, playing }) {
  if (prediction.guess === null) {
    return isConnected
      ? `The run is sealed behind event ${formatCount(prediction.from_event)}. Predict, and it goes on.`
      : "Python is not connected, so nobody can take your prediction. Run the cell again.";
  }
  if (isRevealed) return "";
  if (isSealed) return `Locked: ${sayGuess(prediction)}. Another question about this run is open: answer it, then play.`;
  return `Locked: ${sayGuess(prediction)}. ${playing ? "Watch: at the outcome it stops." : "Play, and see whether it comes so."}`;
}

/** Right, or not so; and what the run says, without a word twice. */
export function tellVerdict({ verdict, outcome, is_same_run: isSameRun }) {
  const other = isSameRun ? "" : "The run has been changed since: this was the outcome of another one.";
  return { head: verdict.is_right ? "Right." : "Not so.", words: [verdict.words, outcome.because, other].filter(Boolean).join(" ") };
}

/** What an input needs to be told. */
export const HINTS = {
  number: "Slide, or write a number.",
  choice: "Choose one.",
  order: "Put them in order: drag, or press the arrows.",
  curve: "Draw a line with the pointer, or Tab to a point and press Up and Down.",
};
