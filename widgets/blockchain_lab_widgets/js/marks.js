// Small marks that several views share: a peer's shape with its tip as fill, a class of message as an arrowhead.
import { svg } from "./dom.js";

/** What vis-network calls the shapes, by what a peer does; other roles take the free ones in order. */
const SHAPES = { server: "square", provider: "square", miner: "diamond", learner: "dot", newcomer: "dot", peer: "dot" };
const FREE = ["dot", "square", "triangle", "hexagon", "diamond"];

/** Role -> shape, for all roles of a trace; every role its own as long as there are shapes. One role alone is a dot. */
export function shapesFor(roles) {
  const distinct = [...new Set(roles)];
  if (distinct.length < 2) return new Map(distinct.map(role => [role, "dot"]));
  const shapes = new Map();
  for (const role of distinct) if (Object.hasOwn(SHAPES, role)) shapes.set(role, SHAPES[role]);
  for (const role of distinct) {
    if (shapes.has(role)) continue;
    const used = new Set(shapes.values());
    shapes.set(role, FREE.find(shape => !used.has(shape)) ?? FREE[0]);
  }
  return shapes;
}

const OUTLINES = {
  dot: "M6 1a5 5 0 1 0 .01 0z",
  square: "M1.5 1.5h9v9h-9z",
  diamond: "M6 .5 11.5 6 6 11.5.5 6z",
  triangle: "M6 1 11.2 10.5H.8z",
  hexagon: "M3.2 1.2h5.6L11.6 6 8.8 10.8H3.2L.4 6z",
};

/** A peer's shape, 12 px wide; `fill` is a CSS colour, "none" for a shape that only says the role. */
export function shapeMark(shape, fill) {
  const path = svg("path", { d: shapePath(shape), stroke: "var(--bl-edge)", "stroke-width": 1.25 });
  path.style.fill = fill;
  return svg("svg", { width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" }, path);
}

/** The shape alone, to be placed inside another drawing. */
export function shapePath(shape) {
  return OUTLINES[shape] ?? OUTLINES.dot;
}

/** A message: a dot with its tail, flying to the right. */
export function messageMark(name) {
  const tail = svg("path", { d: "M9 3 0 5.5 9 8z", opacity: 0.55 });
  const dot = svg("circle", { cx: 10, cy: 5.5, r: 3.5, stroke: "var(--bl-paper)", "stroke-width": 1 });
  for (const part of [tail, dot]) part.style.fill = `var(--bl-class-${name}, var(--bl-class-connection))`;
  return svg("svg", { width: 15, height: 11, viewBox: "0 0 15 11", "aria-hidden": "true" }, tail, dot);
}
