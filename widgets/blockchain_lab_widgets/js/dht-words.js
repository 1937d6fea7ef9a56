// Structured overlays in words: for marks, lists, the line below, and who hears it.
import { countOf, formatCount, formatTime } from "./describe.js";
import { BITS, countShared, shortId } from "./dht-ids.js";
import { ANSWERED, ASKED, KNOWN, SILENT, count } from "./dht-lookups.js";
import { CONTACT, OWN, STRANGER, WAITS, bucketOf, findClosest } from "./dht-scene.js";

export const PURPOSES = {
  join: "joins", refresh: "refreshes a bucket", finger: "looks for a finger", node: "looks up", value: "wants", publish: "stores", replicate: "copies", provide: "offers", providers: "asks who has",
};
const STATES = { [KNOWN]: "heard of", [ASKED]: "asked", [ANSWERED]: "has answered", [SILENT]: "silent" };
const PLACES = { [OWN]: "itself", [CONTACT]: "a contact", [WAITS]: "waits for a place", [STRANGER]: "not known" };
const LONGEST = 40; // letters of a value

/** "ann", "“song”", "4a1b": what an id is called. */
export function callId({ history, peers, home }, id) {
  const host = history.hosts.get(id);
  if (host !== undefined) return peers[host];
  return history.names.has(id) ? `“${history.names.get(id)}”` : shortId(id, home?.bits ?? BITS);
}

/** "id 0b3f…", all of it on a short ring. */
export function tellId({ home }, id) {
  const bits = home?.bits ?? BITS;
  const text = shortId(id, bits, 8);
  return `id ${text}${bits > 32 ? "…" : ""}`;
}

/** "bucket 010", "the only bucket" */
export const nameBucket = ({ prefix }) => (prefix ? `bucket ${prefix}` : "the only bucket");

/** "3 of 3, 2 wait" */
export function tellFill({ contacts, waiting }, k) {
  return `${formatCount(contacts.length)} of ${formatCount(k)}${waiting.length ? `, ${formatCount(waiting.length)} ${waiting.length === 1 ? "waits" : "wait"}` : ""}`;
}

/** "pat wants “song”" */
export function tellTask(scene, lookup) {
  const { purpose, target, host } = lookup;
  const what = purpose === "join" || purpose === "refresh" || purpose === "finger" ? "" : ` ${callId(scene, target)}`;
  return `${scene.peers[host]} ${PURPOSES[purpose] ?? purpose}${what}`;
}

/** "2 of 2 questions on their way, 5 asked, 1 silent; closest so far: dan" or what came of it. */
export function tellProgress(scene) {
  const { lookup, state, columns } = scene;
  const asked = count(state.met, ASKED, ANSWERED, SILENT);
  const silent = count(state.met, SILENT);
  const said = `${countOf(asked, "question")}${silent ? `, ${formatCount(silent)} without an answer` : ""}`;
  if (!state.isOver) {
    const nearest = state.shortlist[0];
    return `${formatCount(state.waiting)} of ${formatCount(lookup.alpha)} on their way; ${said} so far${nearest && !scene.isRing ? `; closest: ${callId(scene, nearest.id)}` : ""}`;
  }
  if (!state.result) return `broken off: ${scene.peers[lookup.host]} was switched off`;
  const time = columns.at[lookup.to] - columns.at[lookup.from];
  return `${tellResult(scene)}: ${countOf(state.result.hops, "hop")}, ${said}, ${formatTime(time)}`;
}

/** "found “la la la” at hal", "not found", "the closest is max" */
export function tellResult(scene) {
  const { lookup: { purpose }, state: { result } } = scene;
  const nearest = result.closest.length ? callId(scene, result.closest[0]) : null;
  if (purpose === "value") return typeof result.value === "string" ? `found “${shorten(result.value)}” at ${result.holder === null ? "?" : callId(scene, result.holder)}` : "not found";
  if (purpose === "providers") return `${countOf(Array.isArray(result.providers) ? result.providers.length : 0, "provider")} found`;
  if (!nearest) return "nobody has answered";
  return scene.isRing ? `its owner is ${nearest}` : `closest: ${nearest}`;
}

const shorten = text => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** Somebody in a lookup: "hop 2: has answered, told of 3" */
export function tellMet(scene, { depth, state, told, by }) {
  const teller = by === null ? "" : scene.isRing ? `, after ${callId(scene, by)}` : `, told of by ${callId(scene, by)}`;
  return `hop ${depth}: ${STATES[state]}${told ? `, told of ${formatCount(told)}` : ""}${teller}`;
}

/** A leaf in a few words: its name. */
export function tellLeaf(scene, leaf) {
  const { home, isOn: isHere } = scene;
  const bucket = leaf.place === OWN || !isHere ? null : bucketOf(scene, leaf.id);
  const said = [
    leaf.host < 0 ? "nobody" : scene.peers[leaf.host], tellId(scene, leaf.id), leaf.isOn ? "" : leaf.host < 0 ? "made up" : "off",
    isHere ? PLACES[leaf.place] : "", bucket ? nameBucket(bucket) : "",
    isHere && !scene.isRing && leaf.place !== OWN ? `begins as ${scene.peers[home.host]}'s with ${countOf(countShared(leaf.id, home.id), "bit")}` : "",
    leaf.met ? tellMet(scene, leaf.met) : "", leaf.count ? `keeps ${countOf(leaf.count, "key")}` : "",
  ];
  return said.filter(Boolean);
}

/** Why nothing is drawn; "" when something is. */
export function tellEmpty({ history, leaves }) {
  if (!history.homes.length) return "Nobody in this story has an id: there is no Kademlia and no Chord here.";
  return leaves.length ? "" : "Nobody has started yet.";
}

/** The picture in a sentence or two, for who does not see it. */
export function tellSummary(scene) {
  const { table, ring, peers, host, lookup, leaves, isOn } = scene;
  const empty = tellEmpty(scene);
  if (empty) return empty;
  const there = `${countOf(leaves.filter(leaf => leaf.isOn).length, "peer")} in the space.`;
  const knows = !isOn ? `${peers[host]} is off.` : scene.isRing ? tellRing(scene, ring)
    : `${peers[host]} knows ${countOf(leaves.filter(({ place }) => place === CONTACT).length, "peer")} in ${countOf(table?.buckets.length ?? 0, "bucket")} of ${table?.k ?? 0}.`;
  return [there, knows, lookup ? `${tellTask(scene, lookup)}: ${tellProgress(scene)}.` : ""].filter(Boolean).join(" ");
}

/** "ann's successor is bob, of 3 known; 5 fingers." */
export function tellRing(scene, ring) {
  const me = scene.peers[scene.host];
  if (!ring) return `${me} is alone on its ring.`;
  const next = ring.successors.length ? `${me}'s successor is ${callId(scene, ring.successors[0])}, of ${formatCount(ring.successors.length)} known` : `${me} knows no successor`;
  return `${next}; before it ${ring.predecessor ? callId(scene, ring.predecessor) : "nobody"}; ${countOf(ring.fingers.length, "finger")}.`;
}

/** Who keeps a key: "“song” at ida, gus, hal; the 3 closest: ida, gus, hal" */
export function tellKey(scene, key, kept) {
  const hosts = [...new Set(kept.map(({ host }) => host))];
  const closest = findClosest(scene, key, hosts.length).map(({ id }) => callId(scene, id));
  return `${callId(scene, key)} at ${hosts.map(host => scene.peers[host]).join(", ")}; closest to it ${closest.length === 1 ? "is" : "are"} ${closest.join(", ")}`;
}
