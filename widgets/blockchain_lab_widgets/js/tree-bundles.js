// Many stale branches become a count: a liar may hang hundreds of blocks on one parent. Pure.

/** So many stale branches on one block are drawn, and so many in the whole picture; four times as many at each wish. */
export const MOST_SIDES = 3;
export const MOST_STALE = 24;

/** So many orphans without a height are drawn. */
export const MOST_LOOSE = 3;

/** A bundle of two would hide one block and cost as much room. */
const FEWEST = 3;

/**
 * Which branches not to draw: ends that nobody stands on. What was asked for stays.
 *
 * @param {object} tree of `plantTree`
 * @param {(stretch) => boolean} isKept somebody follows it, or the reader wants to see it
 * @param {Map<number, number>} wishes order of a parent -> how often more were wanted
 * @returns {{hidden: Set<number>, bundles: Map<number, {branches: number, blocks: number}>}} orders; a bundle stands
 *   on the first block of the first branch that it hides
 */
export function findHidden(tree, isKept, wishes) {
  const groups = new Map(); // parent -> stretches
  for (const stretch of tree.stretches) {
    if (stretch.isMain || !stretch.isEnd || stretch.parent < 0 || isKept(stretch)) continue;
    const parent = tree.parents[stretch.orders[0]];
    if (!groups.has(parent)) groups.set(parent, []);
    groups.get(parent).push(stretch);
  }
  const found = { hidden: new Set(), bundles: new Map() };
  const drawn = [];
  for (const [parent, group] of groups) {
    const room = MOST_SIDES * 4 ** (wishes.get(parent) ?? 0);
    const rest = group.length < room + FEWEST ? [] : group.slice(room);
    drawn.push(...group.slice(0, group.length - rest.length));
    if (rest.length) bundle(found, rest);
  }
  drop(found, drawn);
  bundleLoose(found, tree.loose, MOST_LOOSE * 4 ** (wishes.get(-1) ?? 0));
  return found;
}

function bundle({ hidden, bundles }, group) {
  const orders = group.flatMap(stretch => [...stretch.orders]);
  for (const order of orders) hidden.add(order);
  hidden.delete(orders[0]);
  bundles.set(orders[0], { branches: group.length, blocks: orders.length });
}

// Too many for the whole picture: the oldest go, and have not even a bundle.
function drop(found, drawn) {
  const old = drawn.sort((a, b) => b.high - a.high || a.id - b.id).slice(MOST_STALE);
  if (old.length < FEWEST) return;
  for (const { orders } of old) for (const order of orders) found.hidden.add(order);
}

function bundleLoose({ hidden, bundles }, loose, room) {
  if (loose.length < room + FEWEST) return;
  for (const order of loose.slice(room + 1)) hidden.add(order);
  bundles.set(loose[room], { branches: loose.length - room, blocks: loose.length - room });
}
