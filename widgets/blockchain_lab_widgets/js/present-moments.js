// The moments of a lecture: those that were prepared, else where the story opens and each of its actions. Pure.
import { tellAction } from "./present-words.js";

/**
 * @returns {{event, caption, select: string|null, views: string[]}[]} in the order of the lecture
 */
export function getMoments(trace) {
  if (trace.moments.length) {
    return trace.moments.map(({ event, at, caption, select, views }) => ({
      event: Math.min(event ?? trace.eventAt(at), trace.lastEvent), caption, select, views,
    }));
  }
  const opening = { event: Math.min(trace.poster, trace.lastEvent), caption: trace.title, select: null, views: [] };
  const actions = listActions(trace);
  const isTold = actions.some(({ event }) => event === opening.event);
  return [...(isTold ? [] : [opening]), ...actions].sort((one, other) => one.event - other.event);
}

/** One moment for each action; those at the same time are told together. O(records). */
function listActions(trace) {
  const action = trace.kinds.indexOf("action");
  const found = [];
  let last = -1; // µs
  for (let row = 0; row < trace.length; row++) {
    if (trace.columns.kind[row] !== action) continue;
    const { event, at, facts } = trace.record(row);
    const caption = tellAction(facts);
    if (at === last) Object.assign(found.at(-1), { event, caption: `${found.at(-1).caption}; ${caption}` });
    else found.push({ event, caption, select: null, views: [] });
    last = at;
  }
  return found;
}

/** The number of the last moment that the reader has reached; -1 before the first. */
export function findReached(moments, cursor) {
  return moments.findLastIndex(({ event }) => event <= cursor);
}
