// What the marks of the NAT view mean.
import { element, svg } from "./dom.js";

const mark = (width, ...shapes) => svg("svg", { width, height: 12, viewBox: `0 0 ${width} 12`, "aria-hidden": "true" }, ...shapes);
const line = (d, classes) => svg("path", { class: classes, d });

/** The legend: wires and doors, the packet of this event, who knocks. */
export function drawLegend() {
  const entry = (picture, words, title = words) => element("span", { title }, picture, element("span", {}, words));
  const time = mark(24, svg("rect", { class: "bl-nat-all", x: 1, y: 3, width: 22, height: 6 }), svg("rect", { class: "bl-nat-rest", x: 1, y: 3, width: 13, height: 6 }));
  const way = mark(26, line("M1 6H20", "bl-nat-way"), svg("path", { class: "bl-nat-arrow", d: "M18 1 25 6 18 11z" }));
  const blocked = mark(26, line("M10 6H25", "bl-nat-way"), svg("path", { class: "bl-nat-cross", d: "M2 1 12 11M12 1 2 11" }));
  const chip = name => element("i", { class: `bl-nat-key ${name}`, "aria-hidden": "true" });
  return element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" },
    entry(mark(24, line("M1 6H23", "bl-nat-wire")), "lets in", "whom a port stands for, and whom it lets in"), entry(time, "time left", "time left until it is forgotten, unless it is used"), entry(way, "packet now", "the packet of this event, in the colour of its class"), entry(blocked, "blocked"),
    entry(chip("bl-nat-stale"), "was let in", "too long ago: it may not answer any more"), entry(chip("bl-nat-knock"), "not let in", "knocks in vain in this event"));
}
