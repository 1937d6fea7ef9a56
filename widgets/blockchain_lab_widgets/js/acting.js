// What can be done with what a reader points at, as one table: kind of thing -> offers. Pure.
import { offersOfGroup, offersOfLink, readGroup } from "./acting-links.js";
import { offersOfBlock, offersOfRecord, offersOfVote } from "./acting-messages.js";
import { offersOfNetwork, offersOfPeer } from "./acting-peers.js";

/**
 * One line of a menu. It has exactly one of `actions`, `choices` and `go`.
 *
 * @typedef {object} Offer
 * @property {string} title
 * @property {string} [short] the same where there is little room
 * @property {object[]} [actions] plain forms for `store.act`, to be done one after another
 * @property {number} [event] act behind this event, not at the cursor
 * @property {string} [said] what the reader is told when all is done
 * @property {Offer[]} [choices] what is asked first
 * @property {(store, root: Element) => void} [go] concerns this page only; works without Python
 * @property {string} [opens] the view that `go` opens; "help" for the help panel
 * @property {string} [why] why it cannot be done now; missing when it can
 */

const TABLE = {
  peer: offersOfPeer,
  link: offersOfLink,
  group: (scene, numbers) => offersOfOne(scene, numbers) ?? offersOfGroup(scene, numbers),
  record: offersOfRecord,
  block: offersOfBlock,
  tx: offersOfBlock,
  vote: offersOfVote,
};

/**
 * @param {import("./acting-fold.js").Scene} scene
 * @param {string|null} target a name as in `store.selection`; null for empty space
 * @returns {{title: string, groups: Offer[][]}} what belongs together stands in one group
 */
export function getOffers(scene, target) {
  const [kind, rest] = splitOnce(target ?? "", ":");
  const offered = Object.hasOwn(TABLE, kind) ? TABLE[kind](scene, rest) : null;
  const { title, groups } = offered ?? offersOfNetwork(scene);
  if (scene.store.isFinished) return { title, groups: groups.map(onlyLooking).filter(offers => offers.length) };
  const why = whyNobodyActs(scene.store);
  return { title, groups: groups.map(offers => offers.map(offer => block(offer, why))).filter(offers => offers.length) };
}

/** Why nothing can be changed now, whatever it is; undefined when it can. */
export function whyNobodyActs({ isOpen, absence, busy }) {
  if (!isOpen) return absence;
  return busy ? "Python is still at work" : undefined;
}

function offersOfOne(scene, numbers) {
  const { trace } = scene.store;
  const hosts = readGroup(numbers, trace);
  return hosts.length === 1 ? offersOfPeer(scene, trace.peers[hosts[0]]) : null;
}

function onlyLooking(offers) {
  return offers.filter(({ go, opens }) => go && opens !== "controls");
}

function block(offer, why) {
  return why && !offer.go ? { ...offer, why } : offer;
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}
