// Below the picture, as lists: the shown peer's buckets or fingers, whom the lookup knows, and what is kept where.
import { countOf, formatCount, formatTime } from "./describe.js";
import { element, svg } from "./dom.js";
import { shortId } from "./dht-ids.js";
import { ANSWERED, ASKED, KNOWN, SILENT } from "./dht-lookups.js";
import { STRANGER, WAITS, nearness } from "./dht-scene.js";
import { idMark } from "./dht-tree-draw.js";
import { callId, nameBucket, tellFill, tellKey, tellMet, tellProgress, tellTask } from "./dht-words.js";

const MOST_MET = 20; // lines of a lookup
const MOST_KEYS = 12;
const MOST_WAITING = 8; // in one row
const MOST_FINGERS = 24;
const STATES = { [KNOWN]: "next", [ASKED]: "asked", [ANSWERED]: "answered", [SILENT]: "silent" };

/** A peer by its name, to be chosen. `part` tells its places apart. */
function drawChip(scene, id, { part, extra = "", told = "" }) {
  const { history, peers, byId } = scene;
  const host = history.hosts.get(id) ?? -1;
  const { place, isOn } = byId.get(id) ?? { place: STRANGER, isOn: false };
  const name = callId(scene, id);
  const mark = svg("svg", { width: 12, height: 12, viewBox: "-7 -7 14 14", "aria-hidden": "true" }, idMark({ place, isOn, keeps: false, count: 0 }));
  const words = [extra ? `${name} ${extra}` : name, shortId(id, scene.home?.bits, 8), isOn ? "" : "off", told].filter(Boolean);
  return element("button", {
    type: "button", tabindex: "-1", class: `bl-chip${place === WAITS ? " bl-waits" : ""}`, "data-name": host < 0 ? null : `peer:${peers[host]}`, "data-host": host, "data-part": part, "data-count": 1,
    "data-tip": words.join("\n"), "aria-label": words.join(", "), disabled: host < 0 || null,
  }, mark, element("span", {}, name), ...(extra ? [" ", element("i", {}, extra)] : []));
}

const section = (title, words, ...rows) => element("section", { class: "bl-dht-list" }, element("h4", { title: `${title} ${words}` }, title, " ", element("span", {}, words)), ...rows);
const line = (label, title, ...parts) => element("div", { class: "bl-dht-row" }, element("span", { class: `bl-dht-label${/^[01]+$/.test(label) ? " bl-bits" : ""}`, title }, label), element("span", { class: "bl-chips" }, ...parts));

/** The routing table: contacts of each bucket, heard of longest ago first, and who waits. */
export function listBuckets(scene) {
  const { table, columns, peers, host } = scene;
  if (!table) return null;
  const rows = table.buckets.map(bucket => {
    const { prefix, contacts, waiting, checked } = bucket;
    const chips = contacts.map(({ id, silent, row }) => {
      const isChecked = id === checked;
      const told = [`heard of at ${formatTime(columns.at[row])}`, silent ? `${countOf(silent, "question")} unanswered` : "", isChecked ? "asked whether it is still there" : ""].filter(Boolean).join("\n");
      return drawChip(scene, id, { part: prefix, extra: isChecked ? "?" : silent ? `×${silent}` : "", told });
    });
    const rest = waiting.length > MOST_WAITING ? [element("span", {}, `+ ${formatCount(waiting.length - MOST_WAITING)}`)] : [];
    const more = waiting.slice(-MOST_WAITING).map(({ id }) => drawChip(scene, id, { part: `${prefix} waits`, told: "waits for a place" }));
    return line(`${prefix || "all"}`, `${nameBucket(bucket)}: ${tellFill(bucket, table.k)}`, element("b", {}, `${contacts.length}/${table.k}`), ...chips, ...(more.length ? [element("span", { class: "bl-bar-between" }, "waiting"), ...rest, ...more] : []));
  });
  const known = table.buckets.reduce((sum, { contacts }) => sum + contacts.length, 0);
  return section(`Buckets of ${peers[host]}`, `${countOf(known, "contact")}, heard of longest ago first`, ...rows);
}

/** What a node of Chord knows of its ring. */
export function listFingers(scene) {
  const { ring, home, peers, host } = scene;
  if (!ring) return null;
  const chips = (ids, part) => ids.map(id => drawChip(scene, id, { part }));
  const byNode = new Map();
  for (const { index, id } of ring.fingers) byNode.set(id, [...(byNode.get(id) ?? []), index]);
  const fingers = [...byNode].slice(0, MOST_FINGERS).map(([id, indexes]) => line(indexes.map(index => `+2^${index}`).join(" "), "where the finger begins, from its own point on", ...chips([id], "finger")));
  return section(`Ring of ${peers[host]}`, `at ${shortId(home.id, home.bits, 8)}`,
    line("before", "its predecessor", ...chips(ring.predecessor ? [ring.predecessor] : [], "before")), line("behind", "its successors, the nearest first", ...chips(ring.successors, "behind")), ...fingers);
}

/** Whom a lookup knows, the closest to its target first; who was silent at the end. */
export function listMet(scene) {
  const { lookup, state, isRing } = scene;
  if (!lookup) return null;
  const silent = [...state.met.values()].filter(each => each.state === SILENT);
  const shown = [...(isRing ? [...state.met.values()] : [...state.shortlist, ...silent])].slice(0, MOST_MET);
  const cells = shown.map((each, at) => {
    const isNeeded = !isRing && at < lookup.k && each.state !== SILENT;
    const what = each.state === KNOWN && state.isOver ? "not asked" : STATES[each.state];
    const far = isRing ? "" : countOf(nearness(scene, each.id), "bit");
    return element("div", { class: `bl-met${isNeeded ? " bl-needed" : ""} bl-${each.state}` },
      element("span", {}, isRing || isNeeded ? formatCount(at + 1) : ""), drawChip(scene, each.id, { part: "met", told: tellMet(scene, each) }), ...(isRing ? [] : [element("span", {}, far)]), element("span", {}, `hop ${each.depth}`), element("span", {}, what));
  });
  const head = element("p", { class: "bl-dht-progress" }, tellProgress(scene));
  return section(tellTask(scene, lookup), lookup.k === null ? "" : `until the ${formatCount(lookup.k)} closest have answered`, head, element("div", { class: `bl-mets${isRing ? " bl-of-ring" : ""}` }, ...cells));
}

/** Every key that somebody keeps, and who. */
export function listKeys(scene) {
  const { keys } = scene;
  if (!keys.size) return null;
  const rows = [...keys].slice(0, MOST_KEYS).map(([key, kept]) => {
    const hosts = [...new Map(kept.map(each => [each.host, each])).values()];
    const chips = hosts.map(({ host }) => scene.history.homeOf(host, scene.rows)).filter(Boolean).map(({ id }) => drawChip(scene, id, { part: `key ${key}` }));
    return line(callId(scene, key), tellKey(scene, key, kept), ...chips);
  });
  return section("Kept where", `${countOf(keys.size, "key")}${keys.size > MOST_KEYS ? `, the first ${MOST_KEYS} of them` : ""}`, ...rows);
}
