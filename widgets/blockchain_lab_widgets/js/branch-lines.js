// The lines of the branch strip: which future is drawn in which row, and where it leaves its parent. Pure.
import { countOf, formatCount } from "./describe.js";

/**
 * A line for every future. Rows go from the top; a later fork stays nearer to the line that it leaves, so no line
 * crosses another one.
 *
 * @param {{parent: number|null, fork: number, head: number}[]} branches as in `store.branches`
 * @param {(branch: number) => boolean} isShown a future that is not shown hides those that left it; row -1
 * @returns {{row: number, from: number, at: number, to: number}[]} by branch: its row, the row that it leaves, at
 *   which event, and its last event
 */
export function getLines(branches, isShown = () => true) {
  const origins = branches.map((_, index) => findOrigin(branches, index)); // not its parent: that one may be out of sight
  const rows = new Array(branches.length).fill(-1);
  let next = 0;
  const place = branch => {
    if (!isShown(branch)) return;
    rows[branch] = next++;
    branches
      .map(({ fork }, index) => ({ fork, index }))
      .filter(({ index }) => origins[index] === branch)
      .sort((a, b) => b.fork - a.fork || a.index - b.index)
      .forEach(({ index }) => place(index));
  };
  origins.forEach((origin, index) => {
    if (origin === null) place(index);
  });
  return branches.map(({ fork, head }, index) => (
    { row: rows[index], from: rows[origins[index] ?? index], at: fork, to: head }));
}

/** On whose line a branch begins: its parent's, or that of an ancestor when it left before its parent began. */
function findOrigin(branches, branch) {
  const { fork } = branches[branch];
  let origin = branches[branch].parent;
  while (origin !== null && branches[origin].parent !== null && fork < branches[origin].fork) {
    origin = branches[origin].parent;
  }
  return origin;
}

/** The branches through which one runs from the start, the first future first: `[0, 2, 5]`. */
export function getDescent(branches, branch) {
  const origin = findOrigin(branches, branch);
  return origin === null ? [branch] : [...getDescent(branches, origin), branch];
}

/** "future 2: Kill bob at event 120, 340 events; current" */
export function describeFuture(branches, branch, current) {
  const { parent, fork, head, label } = branches[branch];
  const beginning = parent === null ? "the story itself" : `${label || "an action"} at event ${formatCount(fork)}`;
  return `future ${branch + 1}: ${beginning}, ${countOf(head, "event")}${branch === current ? "; current" : ""}`;
}
