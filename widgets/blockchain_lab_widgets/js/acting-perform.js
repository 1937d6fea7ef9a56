// Takes an offer: lets Python act, and tells the reader what was done and what became of the old future.

/** What one offer asks of Python, one thing after another; the first refusal ends it and is shown by the store. */
export async function perform(store, offer) {
  if (offer.why || (store.busy && !offer.go)) return;
  if (offer.go) {
    offer.go(store);
    return;
  }
  const before = store.branch;
  if (!(await askPython(store, offer))) return;
  const kept = !offer.begins && store.branch !== before ? ` The old future is kept: ${nameFuture(before)}.` : "";
  store.say(`${offer.said}${kept}`);
}

async function askPython(store, { actions, event, begins }) {
  if (begins) return (await store.reset()).ok;
  let place = event ?? store.cursor;
  for (const action of actions) {
    if (!(await store.act(action, place)).ok) return false;
    place = store.cursor;
  }
  return true;
}

/** How a branch is called everywhere: counted from 1. */
function nameFuture(branch) {
  return `future ${branch + 1}`;
}
