// What a claim card says in words. Pure.
import { countOf } from "./describe.js";

const UNPLAYED = "no scenario plays it: it can be read, not chosen";
const ALONE = "Python is not connected: figures can be read, not chosen.";

/** Does a claim, or one of its figures, hold all the words that were typed? Case does not count. */
export function isFound({ name, says, figures }, typed) {
  const all = [name, says, ...figures.flatMap(({ era, source }) => [era, source])].join(" ").toLowerCase();
  return typed.toLowerCase().split(/\s+/).every(word => all.includes(word));
}

/** What plays a figure, and where it stands in our code unless all figures of the claim stand in one place. */
export function tellPlay({ code, plays }, common) {
  return [plays ? `plays ${plays}` : UNPLAYED, ...(code && code !== common ? [`in our code ${code}`] : [])];
}

/** The place in our code that all figures share; "" for none. */
export function findCommonCode([first, ...others]) {
  return others.length && others.every(({ code }) => code === first.code) ? first.code : "";
}

/** How many actions stand in the trace that the scenario's own story does not tell. O(records). */
export function countActs(trace) {
  const action = trace.kinds.indexOf("action");
  let acts = 0;
  for (let row = 0; row < trace.length; row++) acts += trace.columns.kind[row] === action;
  return Math.max(0, acts - trace.told);
}

/** What the workbench below plays: a claim, an era, and whether the reader has changed it since. "" for nothing. */
export function tellState({ trace: { figure }, busy, connected, lost, isStandalone }, acts, shown) {
  if (busy) return "Python begins the scenario …";
  const gone = connected || (!lost && !isStandalone) ? "" : ` ${ALONE}`;
  if (!figure) return `Nothing is played.${gone}`.trim();
  const played = figure.claim === shown ? `the figure of ${figure.era}` : `${figure.claim}, ${figure.era}`;
  const changed = acts ? ` Changed from the claim\u2019s scenario by ${countOf(acts, "action")} of yours.` : "";
  return `The run below plays ${played}.${changed}${gone}`;
}
