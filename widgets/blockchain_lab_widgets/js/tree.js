// The block tree: the active chain straight, side branches beside it, and every peer's tip on its block; or the trees
// of several peers one below another.
import { BlockIndex } from "./blocks.js";
import { chainFold, groupByState } from "./chain-fold.js";
import { element, setAttributes, setText, svg } from "./dom.js";
import { FinalityIndex } from "./finality-index.js";
import { Folded } from "./fold.js";
import { summary } from "./legend.js";
import { seeThrough } from "./lens.js";
import { sightOf } from "./lens-sight.js";
import { shapesFor } from "./marks.js";
import { painter } from "./paint.js";
import { roving } from "./roving.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";
import { blockCard } from "./tree-card.js";
import { findCheckpoints, findNotable } from "./tree-checkpoints.js";
import { choosePeers, describeLocal, layoutSmall } from "./tree-compare.js";
import { Comparison } from "./tree-compare-draw.js";
import { TreeDrawing } from "./tree-draw.js";
import { headRoom } from "./tree-epochs.js";
import { readSeenBy, treeHead } from "./tree-head.js";
import { layoutTree } from "./tree-layout.js";
import { treeLegend } from "./tree-legend.js";
import { blocksOf, lightUp, tickRuns } from "./tree-light.js";
import { Nursery, fillTags, makeModel } from "./tree-model.js";
import { News } from "./tree-news.js";
import { bindPicks } from "./tree-pick.js";
import { HOLD } from "./tree-reorg.js";
import { COLUMNS, listBlocks } from "./tree-table.js";
import { describeTip, listTips, tipStrip } from "./tree-tips.js";
import { Travels } from "./tree-travel.js";
import { describeBlock, describeBundle, describeCounts, describeRun } from "./tree-words.js";

const MEMORY = "tree"; // behind the next tab the reader finds what was chosen here

/**
 * Draws the tree into `host`. Option `seen_by`: the peer through whose eyes it is seen at first, or a list of peers
 * whose trees are shown side by side (an empty one: those with distinct states).
 */
export function mount(host, store, options) {
  const view = new TreeView(host, store, options);
  return () => view.stop();
}

class TreeView {
  #shown = "";
  #lastSelection; // when we last looked
  #opened = null; // order of a block that the reader took out of a run or a bundle
  #wishes = new Map(); // order of a parent -> how often more of its stale branches were wanted
  #timer = 0; // when the news are old

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace, nursery: new Nursery(), compared: [] });
    this.outlook = store.memory.get(MEMORY) ?? readSeenBy(seenBy, trace.peers);
    store.memory.set(MEMORY, this.outlook);
    this.index = new BlockIndex(trace);
    this.finality = new FinalityIndex(trace);
    this.folded = new Folded(trace, chainFold(this.index));
    this.news = new News(trace);
    this.#build();
    this.tip = tooltip(host);
    this.summary = summary(host, "Block tree");
    this.roving = roving(this.scroll, () => (this.outlook.isCompared ? this.comparison.items : this.drawing.items));
    this.rovingTips = roving(this.tips.root, this.tips.getItems);
    this.unbind = [this.scroll, this.tips.root].map(box => bindPicks(box, {
      nameAt: (mark, event) => mark.dataset.name ?? this.#blockIn(mark, event),
      pick: (mark, name) => this.#pick(mark, name),
      point: (mark, name, event) => this.#point(mark, name, event),
    }));
    this.paint = painter(host, store, () => this.#draw());
    this.table = tableButton(host, store, { title: "Blocks", columns: COLUMNS, graph: this.scroll, rows: () => this.#listBlocks() });
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.scroll);
  }

  #build() {
    const { host, store, trace } = this;
    host.classList.add("bl-tree");
    this.head = treeHead(this.outlook, trace.peers, () => this.paint.request());
    this.tips = tipStrip();
    this.card = blockCard(store);
    this.legend = treeLegend();
    const look = { peers: trace.peers, roles: trace.roles, shapes: shapesFor(trace.roles) };
    const picture = svg("svg", { role: "group", "aria-label": "Block tree" });
    this.comparison = new Comparison(look);
    this.scroll = element("div", { class: "bl-scroll" }, picture, this.comparison.root);
    host.append(this.head.root, this.tips.root, this.scroll, this.card.root, this.legend.root);
    this.drawing = new TreeDrawing(picture, {
      ...look,
      describeBlock: order => describeBlock(this.model, order, trace.peers),
      describeBundle: order => describeBundle(this.model.bundles.get(order), this.model.list[order].height === null),
      describeRun: (orders, counts) => describeRun(this.model.list, orders, counts),
    });
    this.travels = new Travels(host, this.drawing);
  }

  // --- pointer and keyboard ----------------------------------------------------------------------------------

  // A run is a bar of many blocks: the one under the pointer, or its first when the keyboard picks it.
  #blockIn(mark, { clientX }) {
    const run = this.drawing.runAt.get(mark) ?? this.comparison.runAt.get(mark);
    if (!run) return null;
    const { orders } = run;
    const bar = mark.querySelector(".bl-run-line").getBoundingClientRect();
    const part = clientX ? (clientX - bar.left) / bar.width : 0;
    const order = orders[Math.max(0, Math.min(orders.length - 1, Math.floor(part * orders.length)))];
    return `block:${this.model.list[order].hash}`;
  }

  #pick({ dataset: { bundle } }, name) {
    const { store } = this;
    if (name !== null) return void store.select(store.selection === name ? null : name);
    if (bundle === undefined) return;
    this.#wishes.set(Number(bundle), (this.#wishes.get(Number(bundle)) ?? 0) + 1);
    this.paint.request();
  }

  #point(mark, name, event) {
    this.store.point(name);
    if (!mark || !name || mark.dataset.name) return; // what has a name has a text of its own
    const { order } = this.index.get(name.slice(6));
    this.tip.show(`${describeBlock(this.model, order, this.trace.peers)}\nclick to open it`, event);
  }

  // Whoever selects a peer wants to see with its eyes; the list can choose otherwise until the next selection.
  #followPeer() {
    const { selection, lens } = this.store;
    seeThrough(this.outlook, lens);
    if (lens === null && selection !== this.#lastSelection && selection?.startsWith("peer:")) this.outlook.viewer = selection.slice(5);
  }

  // Whoever selects a block wants to see it, wherever it was selected.
  #followBlock() {
    const { store, index } = this;
    const { selection } = store;
    if (selection !== this.#lastSelection && selection?.startsWith("block:") && this.#layout) {
      const order = index.get(selection.slice(6))?.order;
      this.#reveal(this.#layout.boxes.find(box => box.order === order));
    }
    this.#lastSelection = selection;
  }

  // --- drawing -----------------------------------------------------------------------------------------------

  #draw() {
    const { store, trace, index, scroll, outlook } = this;
    this.#followPeer();
    index.update();
    const rows = trace.rowsUpTo(store.cursor);
    const place = () => JSON.stringify(
      [rows, trace.epoch, trace.length, outlook, this.#opened, [...this.#wishes], scroll.clientWidth, store.playing && outlook.isCompared]);
    if (place() !== this.#shown) this.#rebuild(rows);
    if (this.#open()) this.#rebuild(rows);
    this.#shown = place();
    this.#followBlock();
    this.#tellNews(rows);
    for (const box of [scroll, this.tips.root]) lightUp(box, store);
    if (scroll.clientWidth && !outlook.isCompared) {
      tickRuns(this.drawing, store, index);
      this.drawing.epochs.light(store, this.finality, index);
    }
    const [hash, other] = blocksOf(store, store.selection);
    const block = other === undefined ? index.get(hash) : undefined;
    const { model, state, seer } = this;
    this.card.update(block ? { block, model, state, index, rows, viewer: seer, isAlone: this.sight !== null } : null);
  }

  #rebuild(rows) {
    const { trace, index, outlook, scroll } = this;
    this.model = this.#makeModel(rows);
    const tips = listTips(this.state, this.model, index, trace.peers, this.seer);
    this.tips.update(tips);
    this.rovingTips.update();
    const groups = groupByState(this.state);
    this.words = [...(outlook.isCompared ? [`distinct local states: ${groups.length}`] : []), describeCounts(this.model, trace.genesis !== null)].join(", ");
    const eyes = outlook.isCompared ? " side by side" : this.seer === null ? "" : ` as seen by ${outlook.viewer}`;
    this.summary.set(`Block tree${eyes}: ${this.words}: ${tips.map(describeTip).join("; ")}.`);
    if (scroll.clientWidth) { // else a table stands there
      if (outlook.isCompared) this.#drawTrees(groups);
      else this.#drawTree();
      this.roving.update();
    }
    this.head.update(this.compared);
  }

  /** The host whose tree it is; null for all together, and for some side by side. */
  get seer() {
    const { outlook, trace } = this;
    return outlook.isCompared || outlook.viewer === null ? null : trace.peers.indexOf(outlook.viewer);
  }

  #makeModel(rows) {
    const world = this.folded.at(rows);
    this.sight = sightOf(this.store);
    this.state = this.sight?.dress(world) ?? world;
    const opened = this.#opened === null ? [] : [this.#opened];
    return makeModel(this.state, this.index, this.seer, { nursery: this.nursery, opened, wishes: this.#wishes, finality: this.finality.update(), world });
  }

  #drawTree() {
    const { model, trace, scroll, drawing } = this;
    this.host.classList.remove("bl-comparing");
    const layout = layoutTree(model.tree, this.#pointed(), fillTags(model, trace.peers), scroll.clientWidth, headRoom(model.checkpoints));
    drawing.draw(model, layout, `${this.seer}/${trace.epoch}/${model.holding.touched}`);
    this.legend.update(drawing.getKinds());
    this.#follow(layout.spotOf(this.index.get(model.head)?.order));
  }

  // While it plays the same peers stay, or the trees would change places all the time.
  #drawTrees(groups) {
    const { model, state, trace, index, store, outlook, comparison } = this;
    this.host.classList.add("bl-comparing");
    const before = this.compared.map(name => trace.peers.indexOf(name));
    const usual = store.playing && before.length ? before : choosePeers(groups, before);
    this.compared = outlook.chosen ?? usual.map(peer => trace.peers[peer]);
    const locals = this.compared.map(name => {
      const peer = trace.peers.indexOf(name);
      const checkpoints = findCheckpoints(this.finality, index, state.of[peer], peer);
      return { ...describeLocal(state, model, index, groups, peer, trace.peers), checkpoints };
    });
    const layout = layoutSmall(model.tree, this.#pointed(), this.scroll.clientWidth);
    comparison.draw(model, state, layout, locals, trace.epoch);
    this.legend.update(comparison.getKinds());
    const end = index.get(model.head)?.order;
    this.#follow(layout.boxes.find(({ order }) => order === end));
  }

  /** The layout that is shown; null before the first drawing. */
  get #layout() {
    return (this.outlook.isCompared ? this.comparison.layout : this.drawing.layout) ?? null;
  }

  // A selected block gets a box of its own, with its neighbours; it keeps it, so that nothing moves when it is let go.
  #open() {
    const { store, index, model } = this;
    if (!store.selection?.startsWith("block:") || !this.#layout) return false;
    const order = index.get(store.selection.slice(6))?.order;
    if (order === undefined || order === this.#opened || model.holding.of(order) === 0) return false;
    if (this.#layout.boxes.some(box => box.order === order) && !model.bundles.has(order)) return false;
    this.#opened = order;
    return true;
  }

  // Blocks that deserve a box of their own: what is unusual, and what was taken out of a run.
  #pointed() {
    const { model, index } = this;
    const height = model.list[this.#opened]?.height ?? null;
    const near = height === null ? [] : [height - 1, height, height + 1].flatMap(each => index.atHeight[each]?.[0]?.order ?? []);
    return [...model.tags.keys(), ...near, ...(model.checkpoints ? findNotable(model.checkpoints) : [])];
  }

  // Keep the newest tip in sight when the picture is wider than the pane.
  #follow(target) {
    if (!target || `${target.x}/${target.y}` === this.followed) return;
    this.followed = `${target.x}/${target.y}`;
    this.#reveal(target);
  }

  #reveal(target) {
    const { scroll } = this;
    if (!target || (target.x >= scroll.scrollLeft && target.x + target.width <= scroll.scrollLeft + scroll.clientWidth - 10)) return;
    scroll.scrollLeft = target.x + target.width - scroll.clientWidth * 0.8;
  }

  #tellNews(rows) {
    const { store, trace, head, outlook, news } = this;
    const { found, isJump } = news.update(rows, trace.rowsUpTo(store.cursor - 1), this.seer, performance.now());
    if (isJump) this.travels.stop();
    if (found.length && this.scroll.clientWidth && !outlook.isCompared) this.travels.start(found, this.index);
    if (found.length) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.paint.request(), HOLD);
    }
    setText(head.words, news.text || this.words);
    setAttributes(head.words, { title: this.words, class: news.text ? "bl-summary bl-news" : "bl-summary" });
  }

  // Also before the picture is drawn: the table of a view that is scrolled to may come first.
  #listBlocks() {
    const { trace, store } = this;
    const index = this.index.update();
    return listBlocks(trace, this.#makeModel(trace.rowsUpTo(store.cursor)), index, this.sight !== null);
  }

  stop() {
    clearTimeout(this.#timer);
    for (const part of [this.paint, this.resize, this.roving, this.rovingTips, this.summary, this.table, this.travels]) (part.stop ?? part.disconnect).call(part);
    for (const unbind of this.unbind) unbind();
    this.host.replaceChildren();
    this.host.classList.remove("bl-tree", "bl-comparing", "bl-turning");
  }
}
