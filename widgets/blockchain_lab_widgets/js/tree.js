// The block tree: the active chain straight, side branches beside it, and every peer's tip on its block.
import { BlockIndex } from "./blocks.js";
import { chainFold } from "./chain-fold.js";
import { element, setAttributes, setText, svg } from "./dom.js";
import { Folded } from "./fold.js";
import { summary } from "./legend.js";
import { shapesFor } from "./marks.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { roving } from "./roving.js";
import { tooltip } from "./tooltip.js";
import { blockCard } from "./tree-card.js";
import { TreeDrawing } from "./tree-draw.js";
import { layoutTree } from "./tree-layout.js";
import { treeLegend } from "./tree-legend.js";
import { blocksOf, lightUp, tickRuns } from "./tree-light.js";
import { Nursery, fillTags, makeModel } from "./tree-model.js";
import { describeTip, listTips, tipStrip } from "./tree-tips.js";
import { describeBlock, describeBundle, describeCounts, describeRun } from "./tree-words.js";

/** Draws the tree into `host`. Option `seen_by`: the peer through whose eyes it is seen at first. */
export function mount(host, store, options) {
  const view = new TreeView(host, store, options);
  return () => view.stop();
}

class TreeView {
  #shown = "";
  #lastPeer; // the selected peer, when we last looked
  #opened = null; // order of a block that the reader took out of a run or a bundle
  #wishes = new Map(); // order of a parent -> how often more of its stale branches were wanted

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace, nursery: new Nursery() });
    host.classList.add("bl-tree");
    this.index = new BlockIndex(trace);
    this.folded = new Folded(trace, chainFold(this.index));
    this.viewer = trace.peers.includes(seenBy) ? seenBy : null;
    this.choice = this.#makeChoice();
    this.words = element("span", { class: "bl-summary" });
    this.tips = tipStrip();
    this.scroll = element("div", { class: "bl-scroll" });
    this.card = blockCard(store);
    this.legend = treeLegend();
    const head = element("div", { class: "bl-head" }, element("label", {}, "As seen by ", this.choice), this.words);
    host.append(head, this.tips.root, this.scroll, this.card.root, this.legend.root);
    const picture = this.scroll.appendChild(svg("svg", { role: "group", "aria-label": "Block tree" }));
    this.drawing = new TreeDrawing(picture, {
      peers: trace.peers, roles: trace.roles, shapes: shapesFor(trace.roles),
      describeBlock: order => describeBlock(this.model, order, trace.peers),
      describeBundle: order => describeBundle(this.model.bundles.get(order), this.model.list[order].height === null),
      describeRun: (orders, counts) => describeRun(this.model.list, orders, counts),
    });
    this.tip = tooltip(host);
    host.addEventListener("click", event => this.#onClick(event));
    this.roving = roving(picture, () => this.drawing.items);
    this.rovingTips = roving(this.tips.root, this.tips.getItems);
    this.unbind = bindPointing(host, store, target => this.#nameAt(target));
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

  #nameAt(target) {
    return target.closest?.("[data-name]")?.dataset.name;
  }

  #onClick(event) {
    const { store } = this;
    const name = this.#nameAt(event.target);
    if (name) store.select(store.selection === name ? null : name);
  }

  // Whoever selects a peer wants to see with its eyes; the list can choose otherwise until the next selection.
  #followSelection() {
    const selected = this.store.selection?.startsWith("peer:") ? this.store.selection.slice(5) : null;
    if (selected !== null && selected !== this.#lastPeer) this.viewer = selected;
    this.#lastPeer = selected;
    if (this.choice.value !== (this.viewer ?? "")) this.choice.value = this.viewer ?? "";
  }

  #draw() {
    const { store, trace, index, scroll, host } = this;
    this.#followSelection();
    index.update();
    const rows = trace.rowsUpTo(store.cursor);
    const shown = () => [rows, trace.epoch, trace.length, this.viewer, this.#opened, scroll.clientWidth].join("|");
    if (shown() !== this.#shown) this.#rebuild(rows);
    this.#open();
    if (shown() !== this.#shown) this.#rebuild(rows);
    this.#shown = shown();
    lightUp(host, store);
    if (scroll.clientWidth) tickRuns(this.drawing, store, index);
    const [hash, other] = blocksOf(store, store.selection);
    const block = other === undefined ? index.get(hash) : undefined;
    const { model, state, seer } = this;
    this.card.update(block ? { block, model, state, index, rows, viewer: seer } : null);
  }

  #rebuild(rows) {
    const { trace, index, scroll, nursery, drawing } = this;
    this.seer = this.viewer === null ? null : trace.peers.indexOf(this.viewer);
    this.state = this.folded.at(rows);
    const opened = this.#opened === null ? [] : [this.#opened];
    const model = this.model = makeModel(this.state, index, this.seer, { nursery, opened, wishes: this.#wishes });
    const tips = listTips(this.state, model, index, trace.peers, this.seer);
    this.tips.update(tips);
    this.rovingTips.update();
    const words = describeCounts(model);
    setText(this.words, words);
    setAttributes(this.words, { title: words });
    this.summary.set(`Block tree${this.viewer ? ` as seen by ${this.viewer}` : ""}: ${words}: ${tips.map(describeTip).join("; ")}.`);
    if (!scroll.clientWidth) return; // a table stands there
    const layout = layoutTree(model.tree, this.#pointed(), fillTags(model, trace.peers), scroll.clientWidth);
    drawing.draw(model, layout, `${this.viewer}/${trace.epoch}/${model.holding.touched}`);
    this.roving.update();
    this.legend.update(drawing.getKinds());
    this.#follow(layout);
  }

  // A selected block gets a box of its own, with its neighbours; it keeps it, so that nothing moves when it is let go.
  #open() {
    const [hash] = this.store.selection?.startsWith("block:") ? blocksOf(this.store, this.store.selection) : [];
    const order = this.index.get(hash)?.order;
    if (order === undefined || !this.drawing.layout || order === this.#opened) return;
    const spot = this.drawing.layout.spotOf(order);
    if (!spot || spot.orders || this.model.bundles.has(order)) this.#opened = order;
  }

  // Blocks that deserve a box of their own: what is unusual, and what was taken out of a run.
  #pointed() {
    const pointed = [...this.model.tags.keys()];
    const height = this.model.list[this.#opened]?.height ?? null;
    if (height === null) return pointed;
    return [...pointed, ...[height - 1, height, height + 1].flatMap(near => this.index.atHeight[near]?.[0]?.order ?? [])];
  }

  // Keep the newest tip, or what was just selected, in sight when the picture is wider than the pane.
  #follow(layout) {
    const target = layout.spotOf(this.#opened ?? this.index.get(this.model.head)?.order);
    if (!target || `${target.x}/${target.y}` === this.followed) return;
    this.followed = `${target.x}/${target.y}`;
    const { scroll } = this;
    if (target.x < scroll.scrollLeft || target.x + target.width > scroll.scrollLeft + scroll.clientWidth - 10) {
      scroll.scrollLeft = target.x + target.width - scroll.clientWidth * 0.8;
    }
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.roving.stop();
    this.rovingTips.stop();
    this.unbind();
    this.summary.stop();
    this.host.replaceChildren();
  }
}
