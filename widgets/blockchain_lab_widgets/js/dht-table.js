// One peer's routing table, folded from what it heard and noted: buckets, who stands in them in which order, who waits.
import { hasPrefix } from "./dht-ids.js";

/**
 * @typedef {object} Bucket
 * @property {string} prefix the bits that all its ids begin with
 * @property {{id, address, silent: number, row: number}[]} contacts heard of least recently first; `silent`: questions in a row
 *   without an answer; `row` of the last message
 * @property {{id, address}[]} waiting the replacement cache, newest last
 * @property {string|null} checked id of who is asked whether it is still there
 *
 * @typedef {{k: number, most: number, buckets: Bucket[]}} Table `most`: how many may wait for one bucket
 */

const takeOut = (list, id) => {
  const at = list.findIndex(each => each.id === id);
  return at < 0 ? null : list.splice(at, 1)[0];
};

/** Steps of a table's history: what -> (table, step). A step is {what, id, address, prefix, ...} as dht-history.js reads it. */
const STEPS = {
  start: (table, { k, most }) => Object.assign(table, { k, most, buckets: [makeBucket("")] }),
  stop: table => Object.assign(table, { buckets: [] }),
  limits: (table, { k, most }) => Object.assign(table, { k, most }),
  heard: onHeard,
  added(table, { id, address, row }) {
    const bucket = findBucket(table, id);
    if (!bucket) return;
    takeOut(bucket.waiting, id);
    takeOut(bucket.contacts, id);
    bucket.contacts.push({ id, address, silent: 0, row });
  },
  removed(table, { id }) {
    const bucket = findBucket(table, id);
    if (!bucket) return;
    takeOut(bucket.contacts, id);
    if (bucket.checked === id) bucket.checked = null;
  },
  waits: (table, { id, address }) => findBucket(table, id)?.waiting.push({ id, address }),
  forgotten: (table, { id }) => takeOut(findBucket(table, id)?.waiting ?? [], id),
  checked(table, { id }) {
    const bucket = findBucket(table, id);
    if (bucket) bucket.checked = id;
  },
  silent(table, { id }) {
    const bucket = findBucket(table, id);
    const contact = bucket?.contacts.find(each => each.id === id);
    if (contact) contact.silent += 1;
    if (bucket?.checked === id) bucket.checked = null;
  },
  split(table, { prefix }) {
    const at = table.buckets.findIndex(bucket => bucket.prefix === prefix);
    if (at >= 0) table.buckets.splice(at, 1, ...["0", "1"].map(bit => halve(table.buckets[at], prefix + bit)));
  },
};

/** Whoever speaks stands last. A known id that speaks from another address is not believed. */
function onHeard(table, { id, address, isAnswer, row }) {
  const bucket = findBucket(table, id);
  if (!bucket) return;
  if (isAnswer && bucket.checked === id) bucket.checked = null;
  const known = bucket.contacts.find(contact => contact.id === id);
  if (known) {
    if (known.address !== address) return;
    bucket.contacts.push(takeOut(bucket.contacts, id));
    Object.assign(known, { silent: 0, row });
  } else if (takeOut(bucket.waiting, id)) bucket.waiting.push({ id, address });
}

const makeBucket = prefix => ({ prefix, contacts: [], waiting: [], checked: null });

function halve({ contacts, waiting, checked }, prefix) {
  const isOurs = ({ id }) => hasPrefix(id, prefix);
  return { prefix, contacts: contacts.filter(isOurs), waiting: waiting.filter(isOurs), checked: checked !== null && hasPrefix(checked, prefix) ? checked : null };
}

/** The bucket that an id belongs to. */
export function findBucket({ buckets }, id) {
  return buckets.find(({ prefix }) => hasPrefix(id, prefix));
}

/** As fold.js wants it. */
export const tableFold = {
  initial: () => ({ k: 0, most: 0, buckets: [] }),
  apply: (table, step) => STEPS[step.what](table, step),
  copy: ({ k, most, buckets }) => ({
    k, most,
    buckets: buckets.map(({ prefix, contacts, waiting, checked }) => ({ prefix, contacts: contacts.map(each => ({ ...each })), waiting: [...waiting], checked })),
  }),
};
