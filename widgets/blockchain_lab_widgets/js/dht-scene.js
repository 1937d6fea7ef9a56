// All that a picture of a structured overlay is made of, at the cursor: who is there, whom one peer knows, where a lookup stands.
import { RING } from "./dht-history.js";
import { compareDistance, countShared, hasPrefix } from "./dht-ids.js";
import { KNOWN, lookupAt } from "./dht-lookups.js";

/** What somebody is for the shown peer. */
export const [OWN, CONTACT, WAITS, STRANGER] = ["own", "contact", "waits", "stranger"];

/**
 * @typedef {object} Leaf somebody with an id
 * @property {string} id
 * @property {number} host -1 for an id that somebody has made up
 * @property {boolean} isOn
 * @property {string} place what it is for the shown peer: one of the above
 * @property {Met|null} met by the lookup
 * @property {boolean} keeps does it keep what the lookup is about?
 * @property {number} count of keys that it keeps
 *
 * @typedef {object} Scene
 * @property {number} host the shown peer, -1 for nobody
 * @property {Home|null} home its id; the last one, when it is off
 * @property {Table|null} table
 * @property {object|null} ring what it knows of its ring
 * @property {Lookup|null} lookup
 * @property {object|null} state where that stands: `lookupAt`
 * @property {Leaf[]} leaves in the order of ids
 * @property {Map<string, Leaf>} byId
 * @property {Map<string, Kept[]>} keys what is kept, and by whom
 */

/** @returns {Scene} */
export function makeScene(history, trace, { rows, host, lookup }) {
  const { peers, columns } = trace;
  const home = host < 0 ? null : history.homeOf(host, rows);
  const isOn = home !== null && home.to >= rows;
  const scene = {
    history, trace, peers, columns, rows, host, home, isOn, lookup, isRing: home?.shape === RING,
    table: isOn ? history.tableOf(host, rows) : null, ring: isOn ? history.ringOf(host, rows) : null,
    state: lookup && lookupAt(lookup, rows), keys: history.keysAt(rows),
  };
  const leaves = findLeaves(scene);
  return Object.assign(scene, { leaves, byId: new Map(leaves.map(leaf => [leaf.id, leaf])) });
}

function findLeaves(scene) {
  const { history, rows, home, table, ring, state, lookup, keys, isOn } = scene;
  const places = new Map(); // id -> place
  for (const { contacts, waiting } of table?.buckets ?? []) {
    for (const { id } of contacts) places.set(id, CONTACT);
    for (const { id } of waiting) places.set(id, WAITS);
  }
  for (const { id } of ring?.fingers ?? []) places.set(id, CONTACT);
  for (const id of [...(ring?.successors ?? []), ...(ring?.predecessor ? [ring.predecessor] : [])]) places.set(id, CONTACT);
  if (isOn) places.set(home.id, OWN);
  const counts = new Map(); // host -> keys
  for (const kept of keys.values()) for (const { host } of new Map(kept.map(each => [each.host, each])).values()) counts.set(host, (counts.get(host) ?? 0) + 1);
  const keepers = new Set((keys.get(lookup?.target) ?? []).map(({ host }) => host));
  const found = new Map(); // id -> Leaf
  const add = (id, host, on) => {
    if (!found.has(id)) found.set(id, { id, host, isOn: on, place: places.get(id) ?? STRANGER, met: state?.met.get(id) ?? null, keeps: on && keepers.has(host), count: on ? (counts.get(host) ?? 0) : 0 });
  };
  for (const { id, host } of history.homesAt(rows)) add(id, host, true);
  const shown = [...places.keys(), ...(state?.shortlist.slice(0, lookup.k ?? 0) ?? []).map(({ id }) => id), ...[...(state?.met.values() ?? [])].filter(each => each.state !== KNOWN).map(({ id }) => id), ...(state?.result?.closest.slice(0, 1) ?? [])];
  for (const id of shown) add(id, history.hosts.get(id) ?? -1, false);
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** How important it is that a leaf is drawn by itself. */
export function weighLeaf(scene, leaf, selection) {
  const { lookup, state } = scene;
  if (leaf.place === OWN) return 5;
  if (lookup && (leaf.host === lookup.host || leaf.id === state.shortlist[0]?.id || leaf.id === lookup.target)) return 4;
  if (leaf.met && leaf.met.state !== KNOWN) return 3;
  if (leaf.host >= 0 && selection === `peer:${scene.peers[leaf.host]}`) return 2;
  return leaf.keeps ? 1 : 0;
}

/** The bucket of the shown peer to which an id belongs; null without a table. */
export function bucketOf({ table }, id) {
  return table?.buckets.find(({ prefix }) => hasPrefix(id, prefix)) ?? null;
}

/** The hosts of a bucket's range that the shown peer could know, and those it knows: [known, all]. */
export function countRange({ leaves }, prefix) {
  const inside = leaves.filter(({ id, place, host }) => place !== OWN && host >= 0 && hasPrefix(id, prefix));
  return [inside.filter(({ place }) => place === CONTACT).length, inside.length];
}

/** Those who should keep a key: the closest ids of all, as nobody in the network can know. */
export function findClosest({ leaves }, target, count) {
  return leaves.filter(({ isOn }) => isOn).sort((a, b) => compareDistance(a.id, b.id, target)).slice(0, count);
}

/** With how many bits an id begins as the target of the lookup does. */
export const nearness = ({ lookup }, id) => countShared(id, lookup.target);
