// What the block tree's marks mean, as far as there are any in the picture.
import { element, svg } from "./dom.js";
import { badge } from "./tree-badge.js";
import { LEVELS } from "./tree-checkpoints.js";

const KINDS = {
  body: "full block", header: "header only", unknown: "not heard of", stale: "stale", "not confirmed": "not confirmed", orphan: "orphan", invalid: "invalid",
  bundle: "hidden blocks", best: "headers reach here",
  checkpoint: "checkpoint", justified: "justified", finalised: "final", conflicting: "final, in conflict", link: "two thirds voted so",
};

function boxMark(kind) {
  const classes = { stale: "bl-stale bl-body", "not confirmed": "bl-stale bl-body", bundle: "bl-stale bl-body bl-bundle" };
  const group = svg("g", { class: classes[kind] ?? `bl-${kind}` },
    svg("path", { class: "bl-back", d: kind === "bundle" ? "M4 3.5v-2.5h16v10h-2.5" : null }),
    svg("rect", { class: "bl-box", x: 1, y: 3, width: 17, height: 10, rx: kind === "orphan" ? 5 : 2.5 }),
    svg("path", { class: "bl-strip", d: "M2 5.5a2 2 0 0 1 2 -1.8h11a2 2 0 0 1 2 1.8v1h-15z" }),
    svg("path", { class: "bl-cross", d: kind === "invalid" ? "M4 4 15 12M15 4 4 12" : null }));
  return svg("svg", { width: 21, height: 14, "aria-hidden": "true" }, group);
}

function pillMark() {
  const pill = svg("rect", { x: 1, y: 2, width: 20, height: 10, rx: 5, "stroke-dasharray": "3 2" });
  return svg("svg", { width: 22, height: 14, "aria-hidden": "true" }, svg("g", { class: "bl-tag" }, pill));
}

/** A checkpoint's sign, or the arc of a link. */
function finalityMark(kind) {
  if (kind !== "link") return svg("svg", { width: 18, height: 18, viewBox: "-9 -9 18 18", "aria-hidden": "true" }, badge(kind));
  const arc = svg("g", { class: "bl-arc" }, svg("path", { class: "bl-arc-line", d: "M2 12C2 1 20 1 20 8" }), svg("path", { class: "bl-arrow", d: "M20 13l-3.5 -6h7z" }));
  return svg("svg", { width: 25, height: 14, "aria-hidden": "true" }, arc);
}

function markOf(kind) {
  if (kind === "best") return pillMark();
  return kind === "link" || LEVELS.includes(kind) ? finalityMark(kind) : boxMark(kind);
}

/** @returns {{root: Element, update: (kinds: Set<string>) => void}} */
export function treeLegend() {
  const root = element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" });
  let shown = "";
  const update = kinds => {
    const wanted = Object.keys(KINDS).filter(kind => kinds.has(kind));
    if (wanted.join() === shown) return;
    shown = wanted.join();
    root.replaceChildren(...wanted.map(kind => element("span", {},
      markOf(kind), element("span", {}, KINDS[kind]))));
  };
  return { root, update };
}
