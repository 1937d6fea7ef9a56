// The lens: all views show the run as one peer sees it. What a view needs to follow it.

/** What a view that follows the selection shall show: under a lens always its peer. */
export function aboutOf({ lens, selection }) {
  return lens === null ? selection : `peer:${lens}`;
}

/** The host number of the peer through whose eyes all is seen; null without a lens. */
export function hostOf({ lens, trace }) {
  const host = lens === null ? -1 : trace.peers.indexOf(lens);
  return host < 0 ? null : host;
}

/**
 * Let the block tree's outlook be that of the lens' peer while there is one, and behind it what it was before.
 *
 * @param {import("./tree-head.js").Outlook} outlook
 */
export function seeThrough(outlook, lens) {
  if (lens !== null) {
    const { viewer, isCompared } = outlook;
    outlook.before ??= { viewer, isCompared };
    Object.assign(outlook, { viewer: lens, isCompared: false });
  } else if (outlook.before) {
    Object.assign(outlook, outlook.before);
    delete outlook.before;
  }
}

/** The hosts that a view of several shows: under a lens its peer alone, and its heads are held. */
export function shownOf(store, heads, choose) {
  const host = hostOf(store);
  heads.hold(host !== null);
  return host === null ? choose() : [host];
}

/** A filter of records that lets only those through that the peer has written itself; as it is without a lens. */
export function ownRecords(store, filter) {
  const host = hostOf(store);
  if (host === null) return filter;
  const { kinds, columns } = store.trace;
  const lost = ["drop", "kill"].map(name => kinds.indexOf(name)); // happen to it, and nobody tells it
  const isOwn = row => columns.peer[row] === host && !lost.includes(columns.kind[row]);
  return { ...filter, test: (trace, row) => isOwn(row) && filter.test(trace, row) };
}

/** Under a lens nobody chooses whose state is shown: a choice of peers is held on `value` until the lens goes. */
export function holdChoice(choice, store, value = store.lens) {
  const isHeld = hostOf(store) !== null;
  if (choice.disabled !== isHeld) {
    choice.disabled = isHeld;
    if (isHeld) Object.assign(choice.dataset, { before: choice.value, title: choice.title });
    else [choice.value, choice.title] = [choice.dataset.before, choice.dataset.title];
  }
  if (isHeld) [choice.value, choice.title] = [value, `All is seen as ${store.lens} sees it`];
}
