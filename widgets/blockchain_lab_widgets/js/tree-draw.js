// The block tree's elements: boxes, runs, tags and arrows, kept in step with a layout.
import { countOf } from "./describe.js";
import { Keyed, setAttributes, setText, svg } from "./dom.js";
import { shapePath } from "./marks.js";
import { BOX, TAG_HEIGHT } from "./tree-layout.js";

const RUN_HEIGHT = 12;
const WIDE_RUN = 190; // pixels: room for the count beside the name
const MARK = "M-2.5 -9h5v14l-2.5 5l-2.5 -5z"; // a pin on a run's bar
const CROSS = `M4 4L${BOX.width - 4} ${BOX.height - 4}M${BOX.width - 4} 4L4 ${BOX.height - 4}`;
const moveTo = (group, x, y) => { group.style.transform = `translate(${x}px, ${y}px)`; };

function newGroup(kind, ...parts) {
  return svg("g", { class: kind, tabindex: "-1", role: "button" }, ...parts);
}

function newBox() {
  return newGroup("bl-moves",
    svg("rect", { class: "bl-halo", x: -4, y: -4, width: BOX.width + 8, height: BOX.height + 8, rx: 8 }),
    svg("rect", { class: "bl-box", width: BOX.width, height: BOX.height, rx: 5 }),
    svg("path", { class: "bl-stripe", d: `M5 0h3v${BOX.height}h-3a5 5 0 0 1-5-5v-${BOX.height - 10}a5 5 0 0 1 5-5z` }),
    svg("text", { class: "bl-name", x: BOX.width / 2, y: BOX.height / 2 + 4.5 }),
    svg("path", { class: "bl-cross" }),
    svg("title"));
}

function newRun() {
  const middle = BOX.height / 2;
  return newGroup("bl-run bl-moves",
    svg("rect", { class: "bl-halo", x: -3, y: middle - RUN_HEIGHT / 2 - 3, height: RUN_HEIGHT + 6, rx: 5 }),
    svg("rect", { class: "bl-run-line", y: middle - RUN_HEIGHT / 2, height: RUN_HEIGHT, rx: 3 }),
    svg("path", { class: "bl-run-known" }),
    svg("path", { class: "bl-run-full" }),
    svg("text", { class: "bl-run-name", y: middle - RUN_HEIGHT / 2 - 6, "text-anchor": "middle" }),
    svg("text", { class: "bl-run-count", y: middle + RUN_HEIGHT / 2 + 15, "text-anchor": "middle" }),
    svg("title"));
}

function newTag() {
  return svg("g", { class: "bl-tag bl-moves" },
    svg("rect", { height: TAG_HEIGHT - 3, rx: 7.5 }),
    svg("path", { transform: "translate(4, 2.4) scale(.85)", stroke: "var(--bl-edge)" }),
    svg("text", { x: 18, y: 11.5 }),
    svg("title"));
}

function newWord() {
  return svg("g", { class: "bl-moves" }, svg("text", { class: "bl-word", y: 12, "text-anchor": "middle" }));
}

/**
 * The parts of a bar that are full, as a path: one rectangle per stretch, at most one per pixel.
 *
 * @param {boolean[]} full oldest block first
 */
export function fullPath(full, width, top, height) {
  const pixels = Math.max(1, Math.floor(width));
  const counts = new Float32Array(pixels);
  const sizes = new Float32Array(pixels);
  full.forEach((is, index) => {
    const from = Math.floor((index * pixels) / full.length);
    const to = Math.max(from + 1, Math.floor(((index + 1) * pixels) / full.length));
    for (let pixel = from; pixel < to; pixel++) {
      sizes[pixel] += 1;
      if (is) counts[pixel] += 1;
    }
  });
  let path = "";
  for (let pixel = 0, begin = -1; pixel <= pixels; pixel++) {
    const isFull = pixel < pixels && counts[pixel] * 2 >= sizes[pixel];
    if (isFull && begin < 0) begin = pixel;
    if (!isFull && begin >= 0) {
      path += `M${begin} ${top}h${pixel - begin}v${height}h${begin - pixel}z`;
      begin = -1;
    }
  }
  return path;
}

/** An arrow from a child to its parent, which lies to the left. */
function arrowPath({ x1, y1, x2, y2 }) {
  const end = x2 + 6; // the head goes there
  const corner = (x1 + end) / 2;
  const round = Math.min(6, corner - end, Math.abs(y1 - y2) / 2) * Math.sign(y1 - y2);
  const [before, behind] = [corner + Math.abs(round), corner - Math.abs(round)];
  const down = `Q${corner} ${y1} ${corner} ${y1 - round}V${y2 + round}Q${corner} ${y2} ${behind} ${y2}`;
  const line = y1 === y2 ? `M${x1} ${y1}H${end}` : `M${x1} ${y1}H${before}${down}H${end}`;
  return { line, head: `M${x2 + 1} ${y2}l7 -3.5v7z` };
}

/** Draws layouts into an SVG. `onPick(hash)` when a block is clicked; `describe` gives the tooltips. */
export class TreeDrawing {
  constructor(picture, { onPick, onPoint, describeBlock, describeRun }) {
    const layer = name => picture.appendChild(svg("g", { class: name }));
    const [links, boxes, marks, tags] = ["bl-links", "bl-boxes", "bl-marks", "bl-tags"].map(layer);
    Object.assign(this, { picture, boxes, describeBlock, describeRun });
    const interactive = (make, hashAt) => key => {
      const group = make();
      group.addEventListener("click", event => onPick(hashAt(key, event)));
      group.addEventListener("pointerenter", event => onPoint(hashAt(key, event)));
      group.addEventListener("pointerleave", () => onPoint(null));
      return group;
    };
    const newLink = () => svg("g", {}, svg("path", { class: "bl-link" }), svg("path", { class: "bl-arrow" }));
    this.links = new Keyed(links, newLink);
    this.blocks = new Keyed(boxes, interactive(newBox, key => key));
    this.runs = new Keyed(boxes, interactive(newRun, (key, event) => this.#blockInRun(key, event)));
    this.marks = new Keyed(marks, () => svg("path", { class: "bl-mark bl-moves", d: MARK }));
    this.tags = new Keyed(tags, key => (key.startsWith("word") || key.startsWith("more") ? newWord() : newTag()));
    this.runOf = new Map();
  }

  // A run is a bar of many blocks: the one under the pointer, or its first when the keyboard picks it.
  #blockInRun(key, event) {
    const run = this.runOf.get(key);
    const bar = this.runs.live.get(key)?.querySelector(".bl-run-line").getBoundingClientRect();
    const part = event.clientX && bar ? (event.clientX - bar.left) / bar.width : 0;
    const index = Math.max(0, Math.min(run.orders.length - 1, Math.floor(part * run.orders.length)));
    return this.list[run.orders[index]].hash;
  }

  /**
   * @param {object} model of `makeModel`
   * @param {object} layout of `layoutTree`
   * @param {object} look selection, hover, peers, roles, shapes
   */
  draw(model, layout, look) {
    const { list } = model;
    this.list = list;
    this.#drawLinks(model, layout);
    const byHash = new Map(layout.boxes.map(box => [list[box.order].hash, box]));
    this.blocks.sync(byHash.keys(), (group, hash) => {
      const box = byHash.get(hash);
      this.#drawBox(group, model, box, list[box.order], look);
    });
    const tagged = new Set(layout.tags.map(({ order }) => layout.spot.get(order).key));
    this.runOf = new Map(layout.runs.map(run => [run.key, run]));
    this.runs.sync(this.runOf.keys(), (group, key) => this.#drawRun(group, model, this.runOf.get(key), tagged.has(key)));
    this.#drawTags(layout, model, look);
    setAttributes(this.picture, { width: layout.width, height: layout.height });
  }

  #drawLinks(model, layout) {
    const byKey = new Map(layout.links.map(link => [link.key, link]));
    this.links.sync(byKey.keys(), (group, key) => {
      const link = byKey.get(key);
      const { line, head } = arrowPath(link);
      setAttributes(group.children[0], { d: line, class: model.isStale(link.child) ? "bl-link bl-away" : "bl-link" });
      setAttributes(group.children[1], { d: head });
    });
  }

  #drawBox(group, model, { order, x, y }, block, { selection, hover }) {
    const name = `block:${block.hash}`;
    const state = model.stateOf(order);
    const fill = model.fills.get(block.hash);
    const text = this.describeBlock(order);
    setAttributes(group, {
      class: ["bl-moves", `bl-${state}`, model.isStale(order) && "bl-stale", selection === name && "bl-selected",
        hover === name && "bl-hover"].filter(Boolean).join(" "),
      "aria-label": text.replaceAll("\n", ", "), "aria-pressed": String(selection === name),
    });
    const [, , stripe, label, cross, title] = group.children;
    stripe.style.fill = fill === undefined ? "none" : `var(--bl-tip-${fill})`;
    setText(label, block.name);
    setAttributes(label, { x: BOX.width / 2 + (fill === undefined ? 0 : 4) });
    setAttributes(cross, { d: state === "invalid" ? CROSS : null });
    setText(title, text);
    moveTo(group, x, y);
  }

  #drawRun(group, model, { orders, x, y, width }, isTagged) {
    const { list } = model;
    const [halo, line, known, full, name, count, title] = group.children;
    const states = orders.map(order => model.stateOf(order));
    const text = this.describeRun(orders);
    setAttributes(group, {
      class: ["bl-run bl-moves", states.includes("unknown") && "bl-unknown", model.isStale(orders[0]) && "bl-stale"]
        .filter(Boolean).join(" "),
      "aria-label": text.replaceAll("\n", ", "),
    });
    setAttributes(halo, { width: width + 6 });
    setAttributes(line, { width });
    const top = BOX.height / 2 - RUN_HEIGHT / 2;
    const stretches = (isMeant, inset) => fullPath(states.map(isMeant), width, top + inset, RUN_HEIGHT - 2 * inset);
    setAttributes(known, { d: states.includes("unknown") ? stretches(state => state !== "unknown", 0) : null });
    setAttributes(full, { d: stretches(state => state === "body", 2) });
    const ends = `${list[orders[0]].name} … ${list[orders.at(-1)].name}`;
    const length = countOf(orders.length, "block");
    setText(name, isTagged && width > WIDE_RUN ? `${ends}, ${length}` : ends);
    setText(count, isTagged ? "" : length); // tags stand there
    for (const label of [name, count]) setAttributes(label, { x: width / 2 });
    setText(title, text);
    moveTo(group, x, y);
  }

  #drawTags(layout, model, { selection, peers, shapes, roles }) {
    const byKey = new Map(layout.tags.map(placed => [placed.tag.key, placed]));
    const tipOf = order => `var(--bl-tip-${model.fills.get(this.list[order].hash) ?? 0})`;
    const fillOf = ({ tag, order }) => (tag.kind === "best" ? "none" : tipOf(order));
    this.tags.sync(byKey.keys(), (group, key) => {
      const placed = byKey.get(key);
      const { tag, x, y, width } = placed;
      moveTo(group, x, y);
      if (tag.kind === "word") {
        setText(group.children[0], tag.text);
        setAttributes(group.children[0], { x: width / 2 });
        return;
      }
      const [pill, mark, text, title] = group.children;
      setAttributes(group, { class: `bl-tag bl-moves ${selection === `peer:${peers[tag.peer]}` ? "bl-selected" : ""}` });
      setAttributes(pill, { width, "stroke-dasharray": tag.kind === "best" ? "3 2" : null });
      setAttributes(mark, { d: shapePath(shapes.get(roles[tag.peer])) });
      mark.style.fill = fillOf(placed);
      setText(text, tag.text);
      setText(title, tag.kind === "best" ? "best header known" : "active tip");
    });
    const marks = new Map(layout.tags.filter(({ mark }) => mark !== null).map(placed => [placed.tag.key, placed]));
    this.marks.sync(marks.keys(), (mark, key) => {
      const placed = marks.get(key);
      mark.style.fill = fillOf(placed);
      moveTo(mark, placed.mark, layout.spot.get(placed.order).y + BOX.height / 2);
    });
  }

  /** Boxes and runs in reading order, for the keyboard. */
  getItems() {
    const place = group => new DOMMatrix(group.style.transform);
    return [...this.boxes.children].sort((a, b) => place(a).e - place(b).e || place(a).f - place(b).f);
  }
}
