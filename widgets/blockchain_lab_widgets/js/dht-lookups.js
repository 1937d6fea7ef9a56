// Lookups: every one of a trace, and where it stands at the cursor.
import { compareDistance, readId, readIds } from "./dht-ids.js";

/** What becomes of somebody in a lookup. */
export const [KNOWN, ASKED, ANSWERED, SILENT] = ["known", "asked", "answered", "silent"];

/** What a lookup is for when nobody has ordered it. */
export const HOUSEKEEPING = new Set(["join", "refresh", "finger"]);

/**
 * @typedef {object} Lookup
 * @property {number} host who looks up
 * @property {number} number the peer's own number for it
 * @property {string} purpose "join", "refresh", "node", "value", "publish", "replicate", "provide", "providers", "finger"
 * @property {string} target id
 * @property {number|null} k how many of the closest must have answered; null on a ring
 * @property {number} alpha how many are asked at a time
 * @property {string[]} closest whom it begins with
 * @property {{row, what, id, hops, told, fresh}[]} steps
 * @property {number} from row of its start
 * @property {number} to row of its end; Infinity when there is none
 * @property {object|null} result the facts of its end; null when its node was switched off
 */

/** A lookup that begins; null when the note is none of ours. */
export function beginLookup(host, row, { lookup: number, purpose, target, k = null, alpha = 1, closest = [] }) {
  const id = readId(target);
  return id && { host, number, purpose, target: id, k, alpha, closest: readIds(closest), steps: [], from: row, to: Infinity, result: null };
}

/** One step more. */
export function followLookup(lookup, row, { topic, id: name, hops = 0, told = 0, new: fresh = [], ...facts }) {
  const what = topic.slice("lookup ".length);
  const id = readId(name);
  if (what === "finished") Object.assign(lookup, { to: row, result: { ...facts, hops, closest: readIds(facts.closest), holder: readId(facts.holder) } });
  else if (id) lookup.steps.push({ row, what, id, hops, told, fresh: readIds(fresh) });
}

/**
 * A lookup after so many records.
 *
 * @typedef {{id, depth: number, state: string, by: string|null, row: number, told: number}} Met somebody it has heard of;
 *   `by`: who told of it, null for our own table; `row` of the last note about it
 * @returns {{met: Map<string, Met>, shortlist: Met[], waiting: number, isOver: boolean, result: object|null}} `shortlist`:
 *   who is not silent, closest first
 */
export function lookupAt(lookup, rows) {
  const met = new Map();
  const meet = (id, depth, by, row) => {
    if (!met.has(id)) met.set(id, { id, depth, state: KNOWN, by, row, told: 0 });
    return met.get(id);
  };
  const isRing = lookup.k === null;
  const isOver = lookup.to < rows;
  let last = null; // on a ring one is asked after the other
  const answerLast = () => {
    if (isRing && last?.state === ASKED) last.state = ANSWERED;
  };
  for (const id of lookup.closest) meet(id, 1, null, lookup.from);
  for (const { row, what, id, hops, told, fresh } of lookup.steps) {
    if (row >= rows) break;
    if (what === ASKED) answerLast();
    const one = meet(id, isRing ? hops : 1, isRing ? (last?.id ?? null) : null, row);
    Object.assign(one, { state: what, row, told });
    for (const other of fresh) meet(other, one.depth + 1, id, row);
    last = what === ASKED || !isRing ? one : last;
  }
  const result = isOver ? lookup.result : null;
  if (result) answerLast();
  const shortlist = [...met.values()].filter(({ state }) => state !== SILENT).sort((a, b) => compareDistance(a.id, b.id, lookup.target));
  return { met, shortlist, waiting: isOver ? 0 : count(met, ASKED), isOver, result };
}

/** How many it has met in one of these states. */
export function count(met, ...states) {
  return [...met.values()].filter(({ state }) => states.includes(state)).length;
}
