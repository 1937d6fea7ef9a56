// What the marks of the network mean, as far as this picture has them.
import { element, svg } from "./dom.js";
import { UNSEEN } from "./lens-sight.js";
import { messageMark, shapeMark } from "./marks.js";
import { DIALLING, HALF, PARTED } from "./network-fold.js";
import { BEHIND } from "./network-links.js";
import { CLASSES, MOST_TIPS } from "./palette.js";

const LINKS = [
  ["dialled", [HALF, DIALLING], "half open", "1.5 4"],
  ["parted", [PARTED], "cut off", "6 5"],
  ["unseen", [UNSEEN], "unknown", "1.5 4.5"],
];

function item(mark, text) {
  return element("span", {}, mark, element("span", {}, text));
}

function mark(width, ...shapes) {
  return svg("svg", { width, height: 12, viewBox: `0 0 ${width} 12`, "aria-hidden": "true" }, ...shapes);
}

const linkMark = (dashes, width = 1.75) => mark(22, svg("path", { d: "M1 6H21", stroke: "var(--bl-edge)", "stroke-width": width, "stroke-dasharray": dashes }));

function offMark() {
  const path = svg("circle", { cx: 6, cy: 6, r: 5, stroke: "var(--bl-edge)", "stroke-width": 1.25, "stroke-dasharray": "3 2" });
  path.style.fill = "none";
  return mark(12, path);
}

function wallMark() {
  const wall = svg("rect", { x: 1, y: 1.5, width: 3, height: 9 });
  wall.style.fill = "var(--bl-ink)";
  const peer = svg("circle", { cx: 11, cy: 6, r: 4.5, stroke: "var(--bl-edge)", "stroke-width": 1.25 });
  peer.style.fill = "none";
  return mark(17, wall, peer);
}

const cross = left => svg("path", {
  d: `M${left + 2} 2.5 ${left + 9} 9.5M${left + 9} 2.5 ${left + 2} 9.5`, stroke: "var(--bl-alarm)", "stroke-width": 2, "stroke-linecap": "round",
});

const crossMark = () => mark(11, cross(0));

function failedMark() {
  return mark(26, svg("path", { d: "M1 6H25", stroke: "var(--bl-edge)", "stroke-width": 1.75, "stroke-dasharray": "1.5 4" }), cross(9));
}

/** Tells the classes of message that a trace has by now, in the legend's order. Reads each fact once. */
export function classFinder(trace) {
  const found = new Set();
  let read = 0;
  return () => {
    for (; read < trace.table.length; read++) found.add(trace.table[read].class); // the table only grows
    return CLASSES.filter(name => found.has(name));
  };
}

/**
 * The network's legend: tips on the first line, below what marks and dots mean, last what is in the picture only now
 * and then. Its height never changes, or the picture above would jump.
 *
 * @param {Map<string, string>} shapes role -> shape
 * @param {{isWalled: boolean, isBehind: boolean}} there are there peers that cannot be dialled, and such behind gateways?
 */
export function networkLegend(shapes, { isWalled = false, isBehind = false } = {}) {
  const tips = element("div", { class: "bl-legend-row" });
  const marks = element("div", { class: "bl-legend-row bl-legend-marks" });
  const roles = shapes.size > 1 ? [...shapes].map(([role, shape]) => item(shapeMark(shape, "none"), role)) : [];
  const walls = isWalled ? [item(wallMark(), "firewall")] : [];
  const always = [...roles, ...walls, ...(isBehind ? [item(linkMark(BEHIND.join(" "), 1.25), "stands behind")] : [])];
  const root = element("div", { class: "bl-legend bl-legend-network", role: "note", "aria-label": "Legend" }, tips, marks);

  let shown = "";
  /**
   * @param {[string, number, number][]} ranked name, fill and number of peers of each tip, best first; those past
   *   the fourth share one entry
   * @param {Set<string>} states of the links in the picture
   * @param {{off: boolean, lost: boolean, failed: boolean, classes: string[]}} seen dead peers, messages lost and
   *   dials failed just now; classes of the messages that the story has so far
   */
  const update = (ranked, states, { off, lost, failed, classes }) => {
    const entries = ranked.slice(0, MOST_TIPS).map(([name, fill, peers]) => [peers > 1 ? `${name} × ${peers}` : name, fill]);
    const others = ranked.slice(MOST_TIPS);
    const standing = others.reduce((sum, [, , peers]) => sum + peers, 0);
    if (others.length) entries.push([`${others.length} others` + (standing > others.length ? ` × ${standing}` : ""), MOST_TIPS]);
    const found = LINKS.filter(([, wanted]) => wanted.some(state => states.has(state)));
    const look = JSON.stringify([entries, found, off, lost, failed, classes]);
    if (look === shown) return;
    shown = look;
    tips.title = entries.map(([text]) => text).join(", ");
    tips.replaceChildren(...(entries.length ? [element("span", {}, "tip")] : []), ...entries.map(([text, fill]) => item(shapeMark("dot", `var(--bl-tip-${fill})`), text)));
    marks.replaceChildren(...always, ...classes.map(name => item(messageMark(name), name)), ...(off ? [item(offMark(), "off")] : []), ...(lost ? [item(crossMark(), "lost")] : []),
      ...(failed ? [item(failedMark(), "dial failed")] : []),
      ...found.map(([, , text, dashes]) => item(linkMark(dashes), text)));
  };
  return { root, update };
}
