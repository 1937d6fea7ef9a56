// Two readers of one time: who moves, selects, points or looks through a peer's eyes in one run does so in the other, too.

/** The event of another trace at the same moment: as many events into that instant, and its last one with ours. */
export function findSameMoment({ trace, cursor, clock }, other) {
  const at = trace.timeOf(cursor);
  const last = other.eventAt(clock);
  if (cursor === trace.eventAt(at)) return last; // so it is while A waits for its next event
  const before = time => (time > 0 ? 1 : 0);
  const begin = before(at) * trace.eventAt(at - 1);
  return Math.min(before(at) * other.eventAt(at - 1) + cursor - begin, last);
}

/** What a selection in one run is called in the other; null for what only one of them has. */
export function translate(name, from, to, shared) {
  const [, row] = name?.match(/^record:\d+:(\d+)$/) ?? [];
  if (row === undefined) return name;
  return Number(row) < shared ? `record:${to.branch}:${row}` : null;
}

/**
 * Ties two stores together. The first one leads: it is the one that plays.
 *
 * @param {() => number} countShared rows that say the same in both
 * @returns {function} lets go
 */
export function tie(stores, countShared) {
  if (stores[0] === stores[1]) return () => {};
  let known = null; // where both stood when they were last in step
  let busy = false;
  const placeOf = ({ cursor, clock, trace: { epoch, length } }) => `${cursor}/${clock}/${epoch}/${length}`;
  const look = store => ({ place: placeOf(store), selection: store.selection, hover: store.hover, lens: store.lens });

  const bring = (from, to, side) => {
    const now = look(from);
    const was = known[side];
    if (now.place !== was.place) {
      const cursor = findSameMoment(from, to.trace);
      if (to.cursor !== cursor || to.clock !== from.clock) to.moveTo({ cursor, clock: from.clock, waited: 0 });
    }
    if (now.selection !== was.selection) to.select(translate(now.selection, from, to, countShared()));
    if (now.lens !== was.lens) to.lookAs(now.lens);
    if (now.hover !== was.hover) to.point(translate(now.hover, from, to, countShared()));
  };
  const follow = side => () => {
    if (busy) return;
    busy = true;
    known ??= stores.map(() => ({}));
    bring(stores[side], stores[1 - side], side);
    known = stores.map(look);
    busy = false;
  };
  const leave = stores.map((store, side) => store.subscribe(follow(side)));
  follow(0)();
  return () => leave.forEach(end => end());
}
