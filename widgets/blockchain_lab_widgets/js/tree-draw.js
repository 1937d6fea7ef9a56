// The block tree's elements: boxes, runs, tags and arrows, kept in step with a layout.
import { countOf } from "./describe.js";
import { Keyed, setAttributes, setText, svg } from "./dom.js";
import { shapePath } from "./marks.js";
import { setBadge } from "./tree-badge.js";
import { Epochs } from "./tree-epochs.js";
import { BOX, TAG_HEIGHT } from "./tree-layout.js";
import { RUN_HEIGHT, countStates, fullPath } from "./tree-run.js";

const WIDE_RUN = 190; // pixels: room for the count beside the name
const MARK = "M-2.5 -9h5v14l-2.5 5l-2.5 -5z"; // a pin on a run's bar
const CROSS = `M4 4L${BOX.width - 4} ${BOX.height - 4}M${BOX.width - 4} 4L4 ${BOX.height - 4}`;
const MIDDLE = BOX.height / 2;
/** The classes of its state; those for selection and hover are tree-light.js's, and come back behind every drawing. */
function setState(group, ...classes) {
  setAttributes(group, { class: classes.filter(Boolean).join(" ") });
}

const moveTo = (group, x, y) => { group.style.transform = `translate(${x}px, ${y}px)`; };

function newGroup(kind, ...parts) {
  return svg("g", { class: kind, tabindex: "-1", role: "button" }, ...parts);
}

/** A block's box: `bl-strip` is the header on top of the body, `bl-back` the boxes behind one that stands for many. */
function newBox() {
  return newGroup("bl-moves",
    svg("rect", { class: "bl-halo", x: -4, y: -4, width: BOX.width + 8, height: BOX.height + 8, rx: 8 }),
    svg("path", { class: "bl-back" }),
    svg("rect", { class: "bl-box", width: BOX.width, height: BOX.height, rx: 5 }),
    svg("path", { class: "bl-strip", d: `M1 5a4 4 0 0 1 4 -4h${BOX.width - 10}a4 4 0 0 1 4 4v1.5h-${BOX.width - 2}z` }),
    svg("path", { class: "bl-stripe", d: `M5 0h3v${BOX.height}h-3a5 5 0 0 1-5-5v-${BOX.height - 10}a5 5 0 0 1 5-5z` }),
    svg("text", { class: "bl-name", x: BOX.width / 2, y: MIDDLE + 4.5 }),
    svg("path", { class: "bl-cross" }));
}

function newRun() {
  return newGroup("bl-run bl-moves",
    svg("rect", { class: "bl-halo", x: -3, y: MIDDLE - RUN_HEIGHT / 2 - 3, height: RUN_HEIGHT + 6, rx: 5 }),
    svg("rect", { class: "bl-run-line", y: MIDDLE - RUN_HEIGHT / 2, height: RUN_HEIGHT, rx: 3 }),
    svg("path", { class: "bl-run-known" }),
    svg("path", { class: "bl-run-full" }),
    svg("text", { class: "bl-run-name", y: MIDDLE - RUN_HEIGHT / 2 - 6, "text-anchor": "middle" }), " ", // a blank for those who hear it
    svg("text", { class: "bl-run-count", y: MIDDLE + RUN_HEIGHT / 2 + 15, "text-anchor": "middle" }),
    svg("rect", { class: "bl-run-tick", y: MIDDLE - RUN_HEIGHT / 2 - 2, width: 4, height: RUN_HEIGHT + 4, rx: 1 }));
}

function newTag() {
  return newGroup("bl-tag bl-moves",
    svg("rect", { height: TAG_HEIGHT - 3, rx: 7.5 }),
    svg("path", { transform: "translate(4, 2.4) scale(.85)", stroke: "var(--bl-edge)" }),
    svg("text", { x: 18, y: 11.5 }));
}

function newWord() {
  return svg("g", { class: "bl-moves" }, svg("text", { class: "bl-word", y: 12, "text-anchor": "middle" }));
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

/** Draws layouts into an SVG; which marks are lit is the business of tree-light.js. */
export class TreeDrawing {
  /** @param {{peers, shapes, roles, describeBlock, describeBundle, describeRun}} look */
  constructor(picture, look) {
    const layer = name => picture.appendChild(svg("g", { class: name }));
    const [links, boxes, marks, tags] = ["bl-links", "bl-boxes", "bl-marks", "bl-tags"].map(layer);
    Object.assign(this, { picture, look, items: [], runAt: new WeakMap() });
    this.epochs = new Epochs(picture);
    this.links = new Keyed(links, () => svg("g", {}, svg("path", { class: "bl-link" }), svg("path", { class: "bl-arrow" })));
    this.blocks = new Keyed(boxes, newBox);
    this.runs = new Keyed(boxes, newRun);
    this.marks = new Keyed(marks, () => svg("path", { class: "bl-mark bl-moves", d: MARK }));
    this.tags = new Keyed(tags, key => (key.startsWith("word") || key.startsWith("more") ? newWord() : newTag()));
  }

  /**
   * @param {import("./tree-model.js").Model} model
   * @param {object} layout of `layoutTree`
   * @param {string} age names the content of all blocks: bars of runs are made anew when it changes
   */
  draw(model, layout, age) {
    Object.assign(this, { model, layout });
    const { list } = model;
    this.epochs.draw(model, layout);
    this.#drawLinks();
    this.boxes = new Map(layout.boxes.map(box => [list[box.order].hash, box]));
    this.blocks.sync(this.boxes.keys(), (group, hash) => this.#drawBox(group, this.boxes.get(hash)));
    this.runOf = new Map(layout.runs.map(run => [run.key, run]));
    const tagged = new Set(layout.tags.map(({ order }) => layout.spotOf(order).key));
    this.runs.sync(this.runOf.keys(), (group, key) => this.#drawRun(group, this.runOf.get(key), tagged.has(key), age));
    this.#drawTags();
    setAttributes(this.picture, { width: layout.width, height: layout.height });
    this.#sort();
  }

  #drawLinks() {
    const { model, layout } = this;
    const byKey = new Map(layout.links.map(link => [link.key, link]));
    this.links.sync(byKey.keys(), (group, key) => {
      const link = byKey.get(key);
      const { line, head } = arrowPath(link);
      const away = model.isStale(link.child) ? " bl-away" : model.isActive(link.child) ? " bl-trunk" : "";
      setAttributes(group.children[0], { d: line, class: `bl-link${away}` });
      setAttributes(group.children[1], { d: head });
    });
  }

  #drawBox(group, { order, x, y }) {
    const { model, look } = this;
    const block = model.list[order];
    const state = model.stateOf(order);
    const bundle = model.bundles.get(order);
    const fill = bundle ? undefined : model.fills.get(block.hash);
    const mark = bundle ? undefined : model.checkpoints?.marks.get(order);
    const text = bundle ? look.describeBundle(order) : look.describeBlock(order);
    setState(group, "bl-moves", `bl-${state}`, model.isStale(order) && "bl-stale", bundle && "bl-bundle", mark && `bl-at-${mark.level}`);
    setBadge(group, mark, BOX.width - 1, 1);
    group.dataset.tip = text;
    if (bundle) delete group.dataset.name;
    else group.dataset.name = `block:${block.hash}`;
    if (bundle) group.dataset.bundle = model.tree.parents[order];
    else delete group.dataset.bundle;
    setAttributes(group, { "aria-label": text.replaceAll("\n", ", ") });
    const [, back, , , stripe, label, cross] = group.children;
    stripe.style.fill = fill === undefined ? "none" : `var(--bl-tip-${fill})`;
    setAttributes(back, { d: bundle ? `M4 0v-3h${BOX.width}v${BOX.height}h-4M8 -3v-3h${BOX.width}v${BOX.height}h-4` : null });
    setText(label, bundle ? `+ ${bundle.branches}` : block.name);
    setAttributes(label, { x: BOX.width / 2 + (fill === undefined ? 0 : 4) });
    setAttributes(cross, { d: state === "invalid" && !bundle ? CROSS : null });
    moveTo(group, x, y);
  }

  #drawRun(group, run, isTagged, age) {
    const { model } = this;
    const { orders, x, y, width } = run;
    const { list } = model;
    const [halo, line, known, full, name, count] = group.children;
    this.runAt.set(group, run);
    moveTo(group, x, y);
    const length = countOf(orders.length, "block");
    const ends = `${list[orders[0]].name} … ${list[orders.at(-1)].name}`;
    setText(name, isTagged && width > WIDE_RUN ? `${ends}, ${length}` : ends);
    setText(count, isTagged ? "" : length); // tags stand there
    for (const label of [name, count]) setAttributes(label, { x: width / 2 });
    const content = `${age}/${width}/${ends}/${model.isStale(orders[0])}`;
    if (group.dataset.content === content) return; // its blocks need not be looked at
    group.dataset.content = content;
    const counts = countStates(orders, model.holding);
    const text = this.look.describeRun(orders, counts);
    group.dataset.tip = text;
    setState(group, "bl-run bl-moves", counts.unknown && "bl-unknown", model.isStale(orders[0]) && "bl-stale");
    group.dataset.kinds = Object.keys(counts).join(" ");
    setAttributes(group, { "aria-label": text.replaceAll("\n", ", ") });
    setAttributes(halo, { width: width + 6 });
    setAttributes(line, { width });
    setAttributes(known, { d: counts.unknown ? fullPath(orders, model.holding, 1, width, 0) : null });
    setAttributes(full, { d: fullPath(orders, model.holding, 4, width, 2) });
  }

  #drawTags() {
    const { model, layout, look } = this;
    const byKey = new Map(layout.tags.map(placed => [placed.tag.key, placed]));
    const tipOf = order => `var(--bl-tip-${model.fills.get(model.list[order].hash) ?? 0})`;
    const fillOf = ({ tag, order }) => (tag.kind === "best" ? "none" : tipOf(order));
    this.tags.sync(byKey.keys(), (group, key) => {
      const placed = byKey.get(key);
      const { tag, order, x, y, width } = placed;
      moveTo(group, x, y);
      if (tag.kind === "word") {
        setText(group.children[0], tag.text);
        setAttributes(group.children[0], { x: width / 2 });
        return;
      }
      const [pill, mark, text] = group.children;
      const words = `${tag.kind === "best" ? "headers of" : "tip of"} ${tag.text}: ${model.list[order].name}`;
      group.dataset.name = `peer:${look.peers[tag.peer]}`;
      group.dataset.tip = words;
      setAttributes(group, { "aria-label": words });
      setAttributes(pill, { width, "stroke-dasharray": tag.kind === "best" ? "3 2" : null });
      setAttributes(mark, { d: shapePath(look.shapes.get(look.roles[tag.peer])) });
      mark.style.fill = fillOf(placed);
      setText(text, tag.text);
    });
    const marks = new Map(layout.tags.filter(({ mark, tag }) => mark !== null && tag.kind !== "word").map(placed => [placed.tag.key, placed]));
    this.marks.sync(marks.keys(), (mark, key) => {
      const placed = marks.get(key);
      mark.style.fill = fillOf(placed);
      moveTo(mark, placed.mark, layout.spotOf(placed.order).y + MIDDLE);
    });
  }

  // Boxes, runs and peers' tags in reading order, for the keyboard: a column from top to bottom, then the next.
  #sort() {
    const { layout } = this;
    const places = [];
    for (const [hash, { x, y }] of this.boxes) places.push({ element: this.blocks.live.get(hash), x, y });
    for (const [key, { x, y }] of this.runOf) places.push({ element: this.runs.live.get(key), x, y });
    for (const { tag, order, y } of layout.tags) {
      if (tag.kind !== "word") places.push({ element: this.tags.live.get(tag.key), x: layout.spotOf(order).x, y });
    }
    this.items = places.sort((a, b) => a.x - b.x || a.y - b.y).map(({ element }) => element);
  }

  /** What kinds of mark are in the picture, for the legend. */
  getKinds() {
    const { model, layout } = this;
    const kinds = new Set(layout.boxes.map(({ order }) => {
      if (model.bundles.has(order)) return "bundle";
      const state = model.stateOf(order);
      return model.isStale(order) && state !== "invalid" ? model.away : state;
    }));
    for (const run of this.runs.live.values()) for (const kind of run.dataset.kinds.split(" ")) kinds.add(kind);
    if (layout.tags.some(({ tag }) => tag.kind === "best")) kinds.add("best");
    for (const { order } of layout.boxes) kinds.add(model.checkpoints?.marks.get(order)?.level);
    if (model.checkpoints?.links.length) kinds.add("link");
    return kinds;
  }
}
