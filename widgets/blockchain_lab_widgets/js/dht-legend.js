// What the marks of a structured overlay mean, as far as this picture has them.
import { element, svg } from "./dom.js";
import { CONTACT, OWN, STRANGER, WAITS } from "./dht-scene.js";
import { idMark } from "./dht-tree-draw.js";

const WORDS = { [OWN]: "itself", [CONTACT]: "known", [WAITS]: "waits", [STRANGER]: "not known" };

const box = (...parts) => svg("svg", { width: 20, height: 20, viewBox: "-10 -10 20 20", "aria-hidden": "true" }, ...parts);
const item = (mark, words) => element("span", { title: words }, mark, element("span", {}, words));
const step = (name, sign) => box(svg("g", { class: `bl-step bl-${name}` }, svg("circle", { class: "bl-ball", r: 7 }), svg("text", { y: 4, "text-anchor": "middle" }, sign)));

const diamond = name => box(svg("path", { class: `bl-key${name}`, d: "M0-6l6 6-6 6-6-6z" }));

/** @returns {Element[]} the entries */
export function dhtLegend({ leaves, lookup, peers, host, history }) {
  const places = [OWN, CONTACT, WAITS, STRANGER].filter(place => place !== WAITS || leaves.some(leaf => leaf.place === WAITS));
  const plain = { isOn: true, keeps: false, count: 0 };
  return [
    ...(lookup ? [item(box(svg("path", { class: "bl-goal-mark", d: "M0-5l6 8h-12z" })), "target")] : []),
    ...places.map(place => item(box(idMark({ ...plain, place })), place === CONTACT && host >= 0 ? `known to ${peers[host]}` : WORDS[place])),
    ...(leaves.some(({ isOn }) => !isOn) ? [item(box(idMark({ ...plain, place: STRANGER, isOn: false })), "off")] : []),
    ...(history.kept.length ? [item(diamond(" bl-wanted"), "keeps the target")] : []),
    ...(history.kept.some(({ key }) => key !== history.kept[0].key) ? [item(diamond(""), "keeps a key")] : []),
    ...(lookup ? [item(step("answered", ""), "answered"), item(step("asked", "?"), "asked"), item(step("silent", "×"), "silent")] : []),
  ];
}
