// The space-time chart: a lane for each peer, time downwards, an arrow for each message from its sending to its arrival.
import { BlockIndex } from "./blocks.js";
import { Timeline } from "./chart-axis.js";
import { Cone, hostsOf, isNamed, rowOf } from "./chart-cone.js";
import { Arrows } from "./chart-data.js";
import { ChartDrawing } from "./chart-draw.js";
import { bindInput } from "./chart-input.js";
import { isLandmark, markOf } from "./chart-marks.js";
import { MOST_LANES, makePlan } from "./chart-plan.js";
import { EVERYTHING, SELECTED, aboutChoice, classToggles, laneChoice, windowTools } from "./chart-tools.js";
import { ChartWindow } from "./chart-window.js";
import { COLUMNS, listMessages, tellChart, tellItem } from "./chart-words.js";
import { element, setAttributes, setText } from "./dom.js";
import { Folded } from "./fold.js";
import { unseenIn } from "./lens-chart.js";
import { sightOf } from "./lens-sight.js";
import { networkFold } from "./network-fold.js";
import { painter } from "./paint.js";
import { CLASSES, rankTips } from "./palette.js";
import { roving } from "./roving.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";

const AXIS = 86; // pixels at the left, for times
const HEAD = 24; // pixels above, for names
const HEAD_TURNED = 62; // for names that stand aslant
const MARGIN_TURNED = 30; // at the right, for the last of them
const NAME_LENGTH = 14; // letters
const AFTER = 0.5; // rows: the line of the present stands behind its event, so that this can be read

/** Draws the chart into `host`. */
export function mount(host, store) {
  const view = new ChartView(host, store);
  return () => view.stop();
}

class ChartView {
  #picture = ""; // what was drawn last, in a word
  #lights = "";
  #about = SELECTED;
  #cone = null;
  #coneName = null;
  #filter = ""; // what the timeline was made for
  #counted = { key: "", arrows: 0, total: 0 };

  constructor(host, store) {
    const { trace } = store;
    Object.assign(this, { host, store, trace, plan: null, shown: new Set(CLASSES), hidden: new Set() });
    host.classList.add("bl-chart");
    this.index = new BlockIndex(trace);
    this.arrows = new Arrows(trace);
    this.folded = new Folded(trace, networkFold);
    this.window = new ChartWindow();
    const again = () => this.paint.request();
    this.lanes = laneChoice(trace.peers, this.hidden, again);
    this.choice = aboutChoice(trace.peers, () => this.#findBlocks(), about => {
      this.#about = about;
      again();
    });
    this.tools = windowTools({
      move: part => this.#slide(() => this.window.scroll(part * this.window.rows)),
      zoom: factor => this.#slide(() => this.window.zoom(factor)),
      home: () => this.#slide(() => this.window.forget()),
    });
    this.stage = element("div", { class: "bl-stage" });
    const head = element("div", { class: "bl-head" }, classToggles(this.shown, again), this.choice, this.lanes.root);
    host.append(head, this.stage, this.tools.root);
    this.drawing = new ChartDrawing(this.stage);
    this.tip = tooltip(host);
    this.unbind = bindInput(this.drawing, this.#actions());
    this.roving = [roving(this.drawing.items, () => (this.plan ? this.drawing.getItems() : [])),
      roving(this.drawing.heads, () => [...this.drawing.heads.children])];
    this.table = tableButton(host, store, {
      title: "Messages", place: this.tools.buttons, columns: COLUMNS, rows: () => this.#tellRows(),
    });
    this.pen = document.createElement("canvas").getContext("2d"); // measures texts
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(again);
    this.resize.observe(this.stage);
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  /** The name that the chart is restricted to, or null. */
  get subject() {
    return this.#about === SELECTED ? this.store.selection : this.#about === EVERYTHING ? null : this.#about;
  }

  /** Let an arrow through, by its number. */
  #passes = arrow => {
    const { kind, sent } = this.arrows.columns;
    return this.shown.has(CLASSES[kind[arrow]]) && (!this.#cone || this.#cone.has(sent[arrow]));
  };

  #collect() {
    const { store, trace, subject } = this;
    this.index.update();
    this.arrows.update();
    const name = subject === null ? null : `${store.branch}/${subject}`;
    if (name !== this.#coneName) this.#cone = subject === null ? null : new Cone(trace, subject, store.branch);
    this.#coneName = name;
    if (this.#cone?.update().isEmpty) this.#cone = null;
    const filter = `${name}/${[...this.shown].sort()}/${this.#cone === null}`;
    if (filter !== this.#filter) {
      this.#filter = filter;
      const isAll = this.#cone === null && this.shown.size === CLASSES.length;
      this.timeline = new Timeline(trace, isAll ? null : row => this.#wants(row));
      this.window.aim(subject !== null && rowOf(subject, store.branch) >= 0 ? "chain" : "cursor");
    }
    this.timeline.update();
  }

  // Does a record get a row of its own on the axis?
  #wants(row) {
    const record = this.trace.record(row);
    if (isLandmark(record) && !this.#cone?.chain.length) return true;
    if (this.#cone && !this.#cone.has(row)) return false;
    if (record.facts.command !== undefined) return this.shown.has(record.facts.class) || !CLASSES.includes(record.facts.class);
    return this.#cone !== null || !["timer", "connect", null].includes(markOf(record));
  }

  /** How many messages the filters let through, in the whole trace. O(new messages). */
  #count() {
    const key = `${this.#filter}/${this.trace.epoch}`;
    if (this.#counted.key !== key) this.#counted = { key, arrows: 0, total: 0 };
    const counted = this.#counted;
    for (; counted.arrows < this.arrows.length; counted.arrows++) if (this.#passes(counted.arrows)) counted.total += 1;
    return counted.total;
  }

  // --- drawing -----------------------------------------------------------------------------------------------

  #draw() {
    const { store, stage, window: view } = this;
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    if (width < AXIS + 20 || height < 80) return;
    this.#collect();
    const place = this.timeline.yOf(store.cursor + store.waited) + AFTER;
    view.fit(height - this.#frame(width, height).head);
    view.follow(this.timeline, store, this.#cone?.chain ?? []);
    const picture = [width, height, view.top, view.unit, view.anchor, this.#filter, this.trace.length, this.trace.epoch, [...this.hidden],
      this.#extra().join(), rowOf(store.selection, store.branch), this.index.list.length].join("|");
    if (picture !== this.#picture) this.#redraw(width, height);
    this.#picture = picture;
    this.drawing.move((place - view.top) * view.unit, store.cursor, this.frame);
    const sight = sightOf(store);
    this.#paintTips(sight);
    this.drawing.dim(unseenIn(sight, store.cursor));
    this.#light();
    this.#say();
  }

  #redraw(width, height) {
    const { drawing, window: view, trace, store } = this;
    const frame = this.frame = this.#frame(width, height);
    const focused = [drawing.items, drawing.heads].find(layer => layer.contains(document.activeElement));
    this.pen.font = `12px ${getComputedStyle(this.host).fontFamily}`;
    this.plan = makePlan({
      trace, arrows: this.arrows, timeline: this.timeline, cone: this.#cone, selection: store.selection, branch: store.branch,
      passes: this.#passes, anchor: view.anchor, hidden: this.hidden, extra: this.#extra(), index: this.index,
      measure: text => this.pen.measureText(text).width,
      box: { width: width - AXIS, height: height - frame.head, unit: view.unit, top: view.top, margin: frame.turned ? MARGIN_TURNED : 0 },
    });
    drawing.draw(this.plan, frame, {
      nameOf: host => trace.peers[host], shorten: name => this.#shorten(name), tell: each => tellItem(each, trace, this.index),
    });
    this.roving.forEach(each => each.update());
    this.#lights = "";
    this.#keepFocus(focused);
  }

  // Who stands on a message that leaves the window must not fall out of the widget: the keys would be the notebook's.
  #keepFocus(layer) {
    if (!layer || layer.contains(document.activeElement)) return;
    (layer.querySelector("[tabindex='0']") ?? this.host.closest("[tabindex]")).focus({ preventScroll: true });
  }

  // The picture's margins; names of many lanes stand aslant.
  #frame(width, height) {
    const lanes = Math.max(1, Math.min(MOST_LANES, this.trace.peers.length - this.hidden.size));
    const longest = Math.max(...this.trace.peers.map(name => Math.min(name.length, NAME_LENGTH)));
    const turned = longest * 7 > (width - AXIS) / lanes - 6;
    return { width, height, axis: AXIS, turned, head: turned ? HEAD_TURNED : HEAD };
  }

  #shorten(name) {
    const most = this.frame.turned ? 9 : NAME_LENGTH;
    return name.length > most ? `${name.slice(0, most - 1)}…` : name;
  }

  // Hosts that must have a lane, when not all have.
  #extra() {
    const { hover, selection } = this.store;
    if (this.trace.peers.length - this.hidden.size <= MOST_LANES) return [];
    return [selection, hover].flatMap(name => [...(hostsOf(name, this.trace.peers) ?? [])]).slice(0, 8);
  }

  #paintTips(sight) {
    const { store, trace, index } = this;
    const { tips, off } = this.folded.at(trace.rowsUpTo(store.cursor));
    const fills = sight?.fills ?? rankTips(tips.map((tip, peer) => (off[peer] ? null : tip)), hash => index.look(hash));
    this.drawing.paintTips(hash => (fills.has(hash) ? `var(--bl-tip-${fills.get(hash)})` : "var(--bl-full)"));
  }

  #light() {
    const { trace, store: { hover, selection, branch } } = this;
    const lights = `${hover}|${selection}`;
    if (lights === this.#lights) return;
    this.#lights = lights;
    const lookFor = name => ({
      arrows: ({ arrow }) => !name?.startsWith("peer:") && isNamed(trace, name, branch, arrow),
      marks: ({ row, record }) => rowOf(name, branch) === row || (name === `block:${record.facts.hash}` && record.facts.hash !== undefined),
      hosts: hostsOf(name, trace.peers) ?? new Set(),
    });
    this.drawing.light(lookFor(hover), lookFor(selection));
  }

  #tellRows() {
    this.#collect();
    return listMessages(this.arrows, this.#passes, this.store, this.index);
  }

  #say() {
    const words = tellChart({
      plan: this.plan, trace: this.trace, index: this.index, cursor: this.store.cursor, total: this.#count(),
      subject: this.#cone ? this.subject : null, shown: this.shown,
    });
    setText(this.tools.words, words.short);
    setAttributes(this.tools.words, { title: words.short });
    setAttributes(this.drawing.root, { "aria-label": words.long });
  }

  // --- what the reader does ----------------------------------------------------------------------------------

  #slide(change) {
    change();
    this.paint.request();
  }

  #actions() {
    const { store } = this;
    const nameOf = row => `record:${store.branch}:${row}`;
    return {
      plan: () => this.plan ?? { strong: [], faint: [], marks: [] },
      cursor: () => store.cursor,
      point: (found, event) => {
        store.point(found && nameOf(found.row));
        if (found && event) this.tip.show(tellItem(found.each, this.trace, this.index, true), event);
        else this.tip.hide();
      },
      select: (found, y) => {
        this.window.keep(y);
        store.select(!found || store.selection === nameOf(found.row) ? null : nameOf(found.row));
      },
      goTo: found => {
        const { begins, ends } = found.each.arrow ?? {};
        store.select(nameOf(found.row));
        if (begins === undefined) store.goto(this.trace.columns.event[found.row]);
        else store.goto(store.cursor === begins && ends <= this.trace.lastEvent ? ends : begins);
      },
      pickTime: y => store.goto(this.timeline.pick(this.window.top + y / this.window.unit)),
      host: host => {
        const name = `peer:${this.trace.peers[host]}`;
        store.select(store.selection === name ? null : name);
      },
      lane: host => store.point(host === null ? null : `peer:${this.trace.peers[host]}`),
      menu: (found, target, place) => {
        const name = typeof found === "number" ? `peer:${this.trace.peers[found]}` : found && nameOf(found.menu);
        target.dispatchEvent(new CustomEvent("bl-menu", { bubbles: true, detail: { target: name, ...place } }));
      },
      drag: pixels => this.#slide(() => this.window.scroll(-pixels / this.window.unit)),
      zoom: (factor, y) => this.#slide(() => this.window.zoom(factor, y)),
    };
  }

  // Blocks that messages in sight are about, for the list.
  #findBlocks() {
    const found = new Set((this.plan?.strong ?? []).flatMap(({ arrow }) => this.trace.record(arrow.sent).facts.blocks ?? []));
    return [...found].filter(hash => this.index.get(hash)).slice(0, 20).map(hash => ({ hash, name: this.index.nameOf(hash) }));
  }

  stop() {
    this.unbind();
    this.lanes.stop();
    this.table.stop();
    this.roving.forEach(each => each.stop());
    this.paint.stop();
    this.resize.disconnect();
    this.host.replaceChildren();
  }
}
