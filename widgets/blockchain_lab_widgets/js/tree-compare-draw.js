// The small trees' elements: one section per peer, with its name and what it has.
import { FULL, ORPHAN } from "./chain-fold.js";
import { formatCount } from "./describe.js";
import { Keyed, element, setAttributes, setText, svg } from "./dom.js";
import { shapeMark } from "./marks.js";
import { setBadge } from "./tree-badge.js";
import { LEVELS, tellCheckpoint } from "./tree-checkpoints.js";
import { SMALL } from "./tree-compare.js";
import { countStates, fullPath } from "./tree-run.js";
import { describeBundle, describePlace } from "./tree-words.js";

const NAMES = ["unknown", "orphan", "invalid", "header", "body"]; // by state of chain-fold.js
const WORDS = { unknown: "missing", orphan: "orphan", invalid: "found invalid", header: "header only", body: "full block" };
const MIDDLE = SMALL.height / 2;
const moveTo = (group, x, y) => { group.style.transform = `translate(${x}px, ${y}px)`; };

function newSmallBox() {
  return svg("g", { class: "bl-moves", tabindex: "-1", role: "button" },
    svg("rect", { class: "bl-halo", x: -3, y: -3, height: SMALL.height + 6, rx: 6 }),
    svg("rect", { class: "bl-box", height: SMALL.height, rx: 4 }),
    svg("path", { class: "bl-strip" }), svg("path", { class: "bl-stripe" }),
    svg("text", { class: "bl-name", y: MIDDLE + 4 }), svg("path", { class: "bl-cross" }));
}

function newSmallRun() {
  const top = MIDDLE - SMALL.run / 2;
  return svg("g", { class: "bl-run bl-moves", tabindex: "-1", role: "button" },
    svg("rect", { class: "bl-halo", x: -3, y: top - 3, height: SMALL.run + 6, rx: 5 }),
    svg("rect", { class: "bl-run-line", y: top, height: SMALL.run, rx: 3 }),
    svg("path", { class: "bl-run-known", transform: `translate(0, ${MIDDLE - 14})` }),
    svg("path", { class: "bl-run-full", transform: `translate(0, ${MIDDLE - 14})` }),
    svg("path", { class: "bl-mark", d: "M-2.5 -8h5v11l-2.5 4l-2.5 -4z" }));
}

/** The sections of all peers that are compared. */
export class Comparison {
  /** @param {{peers, roles, shapes}} look */
  constructor(look) {
    this.look = look;
    this.root = element("div", { class: "bl-compare" });
    this.sections = new Keyed(this.root, () => this.#newSection());
    this.parts = new WeakMap(); // section -> its keyed elements
    this.items = [];
    this.runAt = new WeakMap();
  }

  #newSection() {
    const layers = [svg("g"), svg("g", { class: "bl-boxes" })];
    const picture = svg("svg", { role: "presentation" }, ...layers);
    const name = element("button", { type: "button", class: "bl-compare-name", tabindex: "-1" }, element("i"), element("b"), " ", element("span"));
    const section = element("section", { role: "group" }, name, picture);
    this.parts.set(section, {
      links: new Keyed(layers[0], () => svg("path", { class: "bl-link" })),
      boxes: new Keyed(layers[1], newSmallBox), runs: new Keyed(layers[1], newSmallRun),
    });
    return section;
  }

  /**
   * @param {object} model everybody's
   * @param {object} layout of `layoutSmall`
   * @param {object[]} locals of `describeLocal`, one per peer
   * @param {number} epoch of the trace
   */
  draw(model, state, layout, locals, epoch) {
    Object.assign(this, { model, state, layout, epoch, items: [] });
    const byKey = new Map(locals.map(local => [String(local.peer), local]));
    this.sections.sync(byKey.keys(), (section, key) => this.#drawSection(section, byKey.get(key)));
    const wanted = [...byKey.keys()].map(key => this.sections.live.get(key));
    if (wanted.some((section, at) => this.root.children[at] !== section)) this.root.append(...wanted);
    for (const section of wanted) this.items.push(section.firstChild, ...this.#sorted(section));
  }

  #drawSection(section, local) {
    const { look, model, state, layout } = this;
    const [name, picture] = section.children;
    const [mark, title, words] = name.children;
    const peer = look.peers[local.peer];
    const fill = model.fills.get(state.tips[local.peer]);
    const shape = look.shapes.get(look.roles[local.peer]) ?? "dot";
    const colour = fill === undefined ? "none" : `var(--bl-tip-${fill})`;
    if (name.dataset.fill !== colour) mark.replaceChildren(shapeMark(shape, colour));
    Object.assign(name.dataset, { fill: colour, name: `peer:${peer}` });
    setText(title, peer);
    setText(words, local.words);
    setAttributes(name, { "aria-label": `${peer}: ${local.words}` });
    setAttributes(section, { "aria-label": `Tree of ${peer}` });
    setAttributes(picture, { width: layout.width, height: layout.height });
    const { links, boxes, runs } = this.parts.get(section);
    const linkOf = new Map(layout.links.map(link => [link.key, link]));
    links.sync(linkOf.keys(), (path, key) => this.#drawLink(path, linkOf.get(key), local));
    const boxOf = new Map(layout.boxes.map(box => [model.list[box.order].hash, box]));
    boxes.sync(boxOf.keys(), (group, hash) => this.#drawBox(group, boxOf.get(hash), local, peer));
    const runOf = new Map(layout.runs.map(run => [run.key, run]));
    runs.sync(runOf.keys(), (group, key) => this.#drawRun(group, runOf.get(key), local, peer));
  }

  #drawLink(path, { child, x1, y1, x2, y2 }, { peer, isActive }) {
    const corner = (x1 + x2) / 2;
    const state = isActive(child) ? "bl-trunk" : this.state.of[peer].of(child) ? "" : "bl-away";
    setAttributes(path, { d: y1 === y2 ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}H${corner}V${y2}H${x2}`, class: `bl-link ${state}` });
  }

  #drawBox(group, { order, x, y, width }, { peer, tip, best, isStale, checkpoints }, name) {
    const { model, state } = this;
    const block = model.list[order];
    const what = NAMES[state.of[peer].of(order)];
    const [halo, box, strip, stripe, label, cross] = group.children;
    const stands = order === tip ? "its tip" : order === best ? "its best header" : "";
    const bundle = model.bundles.get(order);
    const mark = bundle ? undefined : checkpoints?.marks.get(order);
    const facts = [describePlace(block), `${WORDS[what]}${isStale(order) ? `, ${model.away}` : ""}${tellCheckpoint(checkpoints, order)}`, stands].filter(Boolean);
    const text = bundle ? describeBundle(bundle, block.height === null) : `${name}: block ${[block.name, ...facts].join(", ")}`;
    if (bundle) delete group.dataset.name;
    else group.dataset.name = `block:${block.hash}`;
    if (bundle) group.dataset.bundle = model.tree.parents[order];
    else delete group.dataset.bundle;
    group.dataset.tip = text;
    setAttributes(group, {
      class: ["bl-moves", `bl-${what}`, isStale(order) && "bl-stale", mark && `bl-at-${mark.level}`].filter(Boolean).join(" "),
      "aria-label": text.replaceAll("\n", ", "),
    });
    setAttributes(halo, { width: width + 6 });
    setAttributes(box, { width });
    setAttributes(strip, { d: `M1 4a3 3 0 0 1 3 -3h${width - 8}a3 3 0 0 1 3 3v.5h-${width - 2}z` });
    setAttributes(stripe, { d: order === tip ? `M4 0h4v${SMALL.height}h-4a4 4 0 0 1-4-4v-${SMALL.height - 8}a4 4 0 0 1 4-4z` : null });
    stripe.style.fill = `var(--bl-tip-${model.fills.get(block.hash) ?? 0})`;
    setBadge(group, mark, width - 1, 1, 0.8);
    setText(label, bundle ? `+ ${bundle.branches}` : block.name);
    setAttributes(label, { x: width / 2 + (order === tip ? 3 : 0) });
    setAttributes(cross, { d: what === "invalid" ? `M3 3L${width - 3} ${SMALL.height - 3}M${width - 3} 3L3 ${SMALL.height - 3}` : null });
    moveTo(group, x, y);
  }

  #drawRun(group, run, { peer, tip }, name) {
    const { orders, x, y, width } = run;
    const { model, state } = this;
    const holding = state.of[peer];
    const [halo, line, known, full, mark] = group.children;
    this.runAt.set(group, run);
    moveTo(group, x, y);
    const first = model.list[orders[0]].height;
    const at = (model.list[tip]?.height ?? -1) - first;
    const isHere = at >= 0 && at < orders.length && orders[at] === tip;
    setAttributes(mark, { visibility: isHere ? null : "hidden", transform: isHere ? `translate(${((at + 0.5) / orders.length) * width}, ${MIDDLE})` : null });
    if (isHere) mark.style.fill = `var(--bl-tip-${model.fills.get(model.list[tip].hash) ?? 0})`;
    const content = `${this.epoch}/${holding.touched}/${width}/${orders.length}`;
    if (group.dataset.content === content) return;
    group.dataset.content = content;
    const counts = countStates(orders, holding);
    setAttributes(group, { class: `bl-run bl-moves ${counts.unknown ? "bl-unknown" : ""}` });
    setAttributes(halo, { width: width + 6 });
    setAttributes(line, { width });
    setAttributes(known, { d: counts.unknown ? fullPath(orders, holding, ORPHAN, width, 1) : null });
    setAttributes(full, { d: fullPath(orders, holding, FULL, width, 2) });
    const ends = `${model.list[orders[0]].name} … ${model.list[orders.at(-1)].name}`;
    const text = `${name}: ${ends}: ${Object.entries(counts).map(([what, count]) => `${formatCount(count)} ${WORDS[what]}`).join(", ")}`;
    group.dataset.tip = text;
    setAttributes(group, { "aria-label": text });
  }

  // Boxes and runs in reading order: a column from top to bottom, then the next.
  #sorted(section) {
    const { boxes, runs } = this.parts.get(section);
    const { layout, model } = this;
    const places = [
      ...layout.boxes.map(({ order, x, y }) => ({ made: boxes.live.get(model.list[order].hash), x, y })),
      ...layout.runs.map(({ key, x, y }) => ({ made: runs.live.get(key), x, y })),
    ];
    return places.sort((a, b) => a.x - b.x || a.y - b.y).map(({ made }) => made);
  }

  /** What kinds of mark are in the pictures, for the legend. */
  getKinds() {
    const kinds = new Set();
    for (const box of this.root.querySelectorAll(".bl-boxes > g:not(.bl-run)")) {
      const own = NAMES.find(name => box.classList.contains(`bl-${name}`));
      kinds.add(box.classList.contains("bl-stale") ? this.model.away : own);
      kinds.add(LEVELS.find(level => box.classList.contains(`bl-at-${level}`)));
    }
    return kinds;
  }
}
