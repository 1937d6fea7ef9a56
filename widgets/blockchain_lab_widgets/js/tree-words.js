// What the block tree says in words: of a block, a run, a tip, a reorganisation, the whole picture. Pure.
import { countOf, formatCount, formatTime } from "./describe.js";
import { tellCheckpoint, tellCheckpoints, tellLink } from "./tree-checkpoints.js";

const STATES = {
  unknown: "not heard of", orphan: "orphan: its parent is missing", invalid: "invalid", header: "header only",
  body: "full block",
};
const MOST_NAMES = 5;
const MOST_DIGITS = 10n ** 15n; // more is written as a power of two

/** "ann, bob and cat"; of many names the first five. */
export function listNames(names) {
  const shown = names.length > MOST_NAMES + 1 ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** Work as a whole number of hashes: "304", and "2^87.31" where nobody could read the digits. */
export function formatWork(work) {
  if (work < MOST_DIGITS) return formatCount(work);
  const length = work.toString(2).length;
  return `2^${(length - 53 + Math.log2(Number(work >> BigInt(length - 53)))).toFixed(2)}`;
}

/** Work beside the most work that somebody stands on: "most work", "same work", "24 less work". */
export function compareWork(work, best) {
  if (work === best) return "same work";
  return work < best ? `${formatWork(best - work)} less work` : `${formatWork(work - best)} more work`;
}

/** A block's state in a few words: "full block, active", "full block, active, checkpoint of epoch 3, final". */
export function nameState(model, order) {
  return nameHolding(model, order) + tellCheckpoint(model.checkpoints, order);
}

function nameHolding(model, order) {
  const state = model.stateOf(order);
  if (model.isStale(order) && state !== "invalid") return `${STATES[state]}, ${model.away}`;
  if (state !== "body") return STATES[state];
  return `full block, ${model.isActive(order) ? "active" : "not connected yet"}`;
}

/** Height and work, as far as they are known. Of genesis no note tells the work. */
export function describePlace({ height, work }) {
  const where = height === null ? "height unknown" : `height ${formatCount(height)}`;
  return work ? `${where}, work ${formatWork(work)}` : where;
}

/** A block for its tooltip and its accessible name, lines parted by "\n". */
export function describeBlock(model, order, peers) {
  const block = model.list[order];
  const nameOf = ({ peer, kind }) => `${kind === "best" ? "headers of " : ""}${peers[peer]}`;
  const names = (model.standing.get(order) ?? []).map(nameOf);
  return [
    `block ${block.name}, ${describePlace(block)}, ${nameState(model, order)}`,
    tellLink(model.checkpoints, order, model.list), names.length ? `tip of ${listNames(names)}` : "", block.hash,
  ].filter(Boolean).join("\n");
}

/** A mark that stands for branches which are not drawn. */
export function describeBundle({ branches, blocks }, isLoose) {
  return `${countOf(blocks, isLoose ? "more orphan" : "more block")} ${isLoose ? "" : `on ${formatCount(branches)} stale branches`}\n`
    + "click to show some of them";
}

/** "B1 … B4500, 4,500 blocks: 4,497 full, 3 header only" of a run; of one state "…, 4,500 blocks: full". `counts` by state. */
export function describeRun(list, orders, counts) {
  const states = Object.entries(counts).map(([state, count]) => {
    const words = state === "body" ? "full" : STATES[state];
    return count === orders.length ? words : `${formatCount(count)} ${words}`;
  });
  const ends = `${list[orders[0]].name} … ${list[orders.at(-1)].name}`;
  return `${ends}, ${countOf(orders.length, "block")}: ${states.join(", ")}\nclick to open it there`;
}

/** What there is at the cursor: "8 blocks, 2 tips"; what is not drawn is said. */
export function describeCounts({ holding: { known, full }, fills, hidden, checkpoints }, hasChain) {
  if (!known) return hasChain ? "nobody is switched on" : "no chain of blocks here";
  const headers = known > full ? `${formatCount(known - full)} without body` : "";
  const unseen = hidden ? `${formatCount(hidden)} hidden` : "";
  return [countOf(full, "block"), headers, countOf(fills.size, "tip"), unseen, tellCheckpoints(checkpoints)].filter(Boolean).join(", ");
}

/** When and by whom a block was first heard of, at the cursor: `{who, when, event}`, or null for genesis. */
export function findFirst(trace, { seen }) {
  if (seen < 0) return null;
  const { peer, at, event, facts } = trace.record(seen);
  const who = trace.peers[peer] ?? "somebody";
  return { who, event, when: formatTime(at), loaded: facts.topic === "chain loaded" };
}

/** Who has a block, and how much of it: [["full block", names], ...]. O(peers). */
export function findOwners({ of, off }, order, peers) {
  const owners = new Map([[4, []], [3, []], [2, []], [1, []]]);
  peers.forEach((name, peer) => {
    if (!off[peer]) owners.get(of[peer].of(order))?.push(name);
  });
  const words = { 4: "full", 3: "header only", 2: "found invalid", 1: "orphan" };
  return [...owners].filter(([, names]) => names.length).map(([what, names]) => [words[what], names]);
}
