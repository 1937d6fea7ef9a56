// Sets and groups of things: what newer browsers have built in, and not yet all of them.

/** Key -> the items that have it, in the order in which keys come first. O(items). */
export function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (groups.has(key)) groups.get(key).push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** All that is in either set. */
export function union(one, other) {
  return new Set([...one, ...other]);
}
