// Takes an offer: lets Python act, and tells the reader what was done and what became of the old future.
import { whyNobodyActs } from "./acting.js";

/**
 * Do what one offer offers: ask Python, for one thing after another; the first refusal ends it and is shown by
 * the store.
 *
 * @param {Element} root of the widget in which it was chosen
 */
export async function perform(store, offer, root) {
  if (offer.why) return;
  if (store.busy && !offer.go) {
    store.say(whyNobodyActs(store));
    return;
  }
  if (offer.go) {
    offer.go(store, root);
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
