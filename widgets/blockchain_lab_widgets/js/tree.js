// The block tree: the active chain straight, side branches beside it, and every peer's tip on its block.
import { BlockIndex } from "./blocks.js";
import { chainFold } from "./chain-fold.js";
import { countOf, formatCount } from "./describe.js";
import { element, setAttributes, setText, svg } from "./dom.js";
import { Folded } from "./fold.js";
import { summary, treeLegend } from "./legend.js";
import { shapesFor } from "./marks.js";
import { painter } from "./paint.js";
import { roving } from "./roving.js";
import { TreeDrawing } from "./tree-draw.js";
import { layoutTree } from "./tree-layout.js";
import { fillTags, makeModel } from "./tree-model.js";

const STATES = {
  unknown: "not heard of", orphan: "orphan: its parent is missing", invalid: "invalid", header: "header only",
  body: "full block",
};

/** Draws the tree into `host`. Option `seen_by`: the peer through whose eyes it is seen at first. */
export function mount(host, store, options) {
  const view = new TreeView(host, store, options);
  return () => view.stop();
}

/** What the legend has to explain: the states of blocks that are in the picture. O(blocks). */
function kindsIn({ tree, stateOf, isStale, standing }) {
  const found = new Set();
  for (const order of [...tree.orders, ...tree.loose]) found.add(isStale(order) ? "stale" : stateOf(order));
  if ([...standing.values()].flat().some(({ kind }) => kind === "best")) found.add("best");
  return found;
}

class TreeView {
  #shown = "";
  #lastPeer; // the selected peer, when we last looked

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-tree");
    this.index = new BlockIndex(trace);
    this.folded = new Folded(trace, chainFold(this.index));
    this.viewer = trace.peers.includes(seenBy) ? seenBy : null;
    this.shapes = shapesFor(trace.roles);
    this.choice = this.#makeChoice();
    this.words = element("span", { class: "bl-summary" });
    this.scroll = element("div", { class: "bl-scroll" });
    const label = element("label", {}, "As seen by ", this.choice);
    host.append(element("div", { class: "bl-head" }, label, this.words), this.scroll);
    this.legend = treeLegend();
    host.append(this.legend.root);
    const picture = this.scroll.appendChild(svg("svg", { role: "group", "aria-label": "Block tree" }));
    this.drawing = new TreeDrawing(picture, {
      onPick: hash => store.select(store.selection === `block:${hash}` ? null : `block:${hash}`),
      onPoint: hash => store.point(hash && `block:${hash}`),
      describeBlock: order => this.#describeBlock(order),
      describeRun: orders => this.#describeRun(orders),
    });
    this.roving = roving(picture, () => this.drawing.getItems());
    this.summary = summary(host, "Block tree");
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.scroll);
  }

  #makeChoice() {
    const choice = element("select", {}, new Option("everybody", ""), ...this.trace.peers.map(name => new Option(name)));
    choice.addEventListener("change", () => {
      this.viewer = choice.value || null;
      this.paint.request();
    });
    return choice;
  }

  // Whoever selects a peer wants to see with its eyes; the list can choose otherwise until the next selection.
  #followSelection() {
    const selected = this.store.selection?.startsWith("peer:") ? this.store.selection.slice(5) : null;
    if (selected !== null && selected !== this.#lastPeer) this.viewer = selected;
    this.#lastPeer = selected;
    if (this.choice.value !== (this.viewer ?? "")) this.choice.value = this.viewer ?? "";
  }

  #draw() {
    const { store, trace, index, scroll } = this;
    if (!scroll.clientWidth) return;
    this.#followSelection();
    index.update();
    const rows = trace.rowsUpTo(store.cursor);
    const shown = [rows, trace.epoch, trace.length, this.viewer, store.selection, store.hover, scroll.clientWidth].join("|");
    if (shown === this.#shown) return;
    this.#shown = shown;
    const viewer = this.viewer === null ? null : trace.peers.indexOf(this.viewer);
    this.model = makeModel(this.folded.at(rows), index, viewer);
    const tags = fillTags(this.model, trace.peers);
    const layout = layoutTree(this.model.tree, this.model.main, this.#pointed(), tags, scroll.clientWidth);
    this.drawing.draw(this.model, layout, {
      selection: store.selection, hover: store.hover, peers: trace.peers, shapes: this.shapes, roles: trace.roles,
    });
    this.roving.update();
    this.legend.update(kindsIn(this.model));
    this.#say();
    this.#follow(layout);
  }

  // Blocks that deserve a box of their own: what is unusual, and what is selected, with its neighbours.
  #pointed() {
    const pointed = [...this.model.tags.keys()];
    const chosen = this.#chosen();
    if (!chosen) return pointed;
    const { height } = chosen;
    for (const near of [height - 1, height, height + 1]) {
      for (const block of this.index.atHeight[near] ?? []) pointed.push(block.order);
    }
    return pointed;
  }

  /** The selected block, if it is one that the story knows. */
  #chosen() {
    const { selection } = this.store;
    return selection?.startsWith("block:") ? this.index.get(selection.slice(6)) : undefined;
  }

  // Keep the newest tip, or what was just selected, in sight when the picture is wider than the pane.
  #follow(layout) {
    const target = layout.spot.get((this.#chosen() ?? this.index.get(this.model.head))?.order);
    if (!target || `${target.x}/${target.y}` === this.followed) return;
    this.followed = `${target.x}/${target.y}`;
    const { scroll } = this;
    if (target.x < scroll.scrollLeft || target.x + target.width > scroll.scrollLeft + scroll.clientWidth - 10) {
      scroll.scrollLeft = target.x + target.width - scroll.clientWidth * 0.8;
    }
  }

  #describeBlock(order) {
    const { list, stateOf, isStale, standing } = this.model;
    const block = list[order];
    const nameOf = ({ peer, kind }) => `${kind === "best" ? "headers of " : ""}${this.trace.peers[peer]}`;
    const names = (standing.get(order) ?? []).map(nameOf);
    const where = block.height === null ? "height unknown" : `height ${formatCount(block.height)}`;
    return [
      `block ${block.name}, ${where}, ${STATES[stateOf(order)]}${isStale(order) ? ", stale" : ""}`,
      names.length ? `tip of ${names.join(", ")}` : "", block.hash,
    ].filter(Boolean).join("\n");
  }

  #describeRun(orders) {
    const { list, stateOf } = this.model;
    const counts = new Map();
    for (const order of orders) counts.set(stateOf(order), (counts.get(stateOf(order)) ?? 0) + 1);
    const states = [...counts].map(([state, count]) => `${formatCount(count)} ${STATES[state]}`);
    return `${list[orders[0]].name} … ${list[orders.at(-1)].name}: ${states.join(", ")}\nclick to open it there`;
  }

  #say() {
    const { tree, has, fills, stateOf } = this.model;
    const known = tree.orders.filter(order => has[order]);
    const full = known.filter(order => stateOf(order) === "body").length;
    const headers = known.length === full ? "" : `${countOf(known.length, "header")}, `;
    const counts = `${countOf(full, "block")}, ${headers}${countOf(fills.size, "tip")}`;
    const words = known.length ? counts : "nobody is switched on";
    setText(this.words, words);
    setAttributes(this.words, { title: words });
    const standing = [...fills.keys()].map(tip => `${this.index.nameOf(tip)}`);
    this.summary.set(`Block tree${this.viewer ? ` as seen by ${this.viewer}` : ""}: ${words}: ${standing.join(", ")}.`);
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.roving.stop();
    this.summary.stop();
    this.host.replaceChildren();
  }
}
