// The propagation tree: how one block or transaction went through the network, from whom to whom, and how fast.
import { BlockIndex } from "./blocks.js";
import { formatCount, formatTime } from "./describe.js";
import { element, setAttributes, setText, svg } from "./dom.js";
import { summary } from "./legend.js";
import { hostOf } from "./lens.js";
import { sightOf } from "./lens-sight.js";
import { spreadAs, tellSpreadAs } from "./lens-spread.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { roving } from "./roving.js";
import { MOST_PEERS, drawSpread } from "./spread-draw.js";
import { concerns, findSpread, isSpreadable, subjectOf } from "./spread-model.js";
import { nameOfSubject, tellPercentiles, tellReceipt, tellRest } from "./spread-words.js";
import { tableButton } from "./table.js";

const LATEST = ""; // in the choice: whatever was newest at the cursor
const TOPICS = ["block accepted", "transaction accepted"];

/** Draws the tree into `host`. */
export function mount(host, store) {
  const view = new SpreadView(host, store);
  return () => view.stop();
}

class SpreadView {
  #chosen = LATEST; // in the choice
  #subject = null; // "block:<hash>" | "tx:<txid>" that is drawn
  #spread = null;
  #axis = null;
  #drawn = ""; // what the picture was made of
  #listed = ""; // what the choice was made of
  #followed = null; // the selection that the choice has followed

  constructor(host, store) {
    Object.assign(this, { host, store, trace: store.trace });
    host.classList.add("bl-spread");
    this.index = new BlockIndex(store.trace);
    this.choice = element("select", { "aria-label": "What spreads" });
    this.shown = element("span", { class: "bl-summary" });
    const head = element("div", { class: "bl-head" }, element("label", {}, "Show ", this.choice), this.shown);
    this.stage = element("div", { class: "bl-scroll bl-spread-stage" });
    this.rest = element("p", { class: "bl-detail" });
    this.empty = element("p", { class: "bl-empty" }, "Nothing has spread yet. Play, or let somebody mine.");
    host.append(head, this.stage, makeLegend(), this.rest, this.empty);
    this.words = summary(host, "Propagation");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.stage); // it shrinks when the words below it come
  }

  #bind() {
    const { store } = this;
    const nameAt = target => target.closest?.(".bl-receipt")?.dataset.name;
    this.unpoint = bindPointing(this.stage, store, nameAt);
    this.roving = roving(this.stage, () => [...this.stage.querySelectorAll(".bl-receipt")]);
    this.stage.addEventListener("click", ({ target }) => {
      const name = nameAt(target);
      if (name) store.select(store.selection === name ? null : name);
    });
    this.choice.addEventListener("change", () => {
      this.#chosen = this.choice.value;
      this.paint.request();
    });
    this.table = tableButton(this.host, store, {
      title: "Who got it when", graph: this.stage, columns: ["peer", "from", column("header after"), column("has it after"), "way"], rows: () => this.#makeTable(),
    });
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  #draw() {
    const { trace } = this;
    this.index.update();
    this.#follow();
    this.#list();
    const subject = this.#subject = this.#chosen || this.#findLatest();
    const isThere = subject !== null;
    for (const part of [this.stage, this.rest, this.host.querySelector(".bl-legend")]) part.hidden = !isThere;
    this.empty.hidden = isThere;
    if (!isThere) return void setText(this.shown, "");
    const data = `${subject}/${trace.epoch}/${trace.length}/${this.store.branch}/${this.store.lens}`;
    const sight = sightOf(this.store);
    if (!this.#drawn.startsWith(`${data} `)) this.#spread = sight ? spreadAs(sight, findSpread(trace, subject)) : findSpread(trace, subject);
    this.stage.classList.toggle("bl-alone", sight !== null);
    const drawn = `${data} ${this.stage.clientWidth} ${this.stage.clientHeight}`;
    if (drawn !== this.#drawn) this.#drawPicture();
    this.#drawn = drawn;
    this.#mark();
    this.table.update();
  }

  /** A selected block or transaction is shown; so is what a selected record is about. */
  #follow() {
    const { selection, branch } = this.store;
    if (selection === this.#followed) return;
    this.#followed = selection;
    const [, on, row] = selection?.match(/^record:(\d+):(\d+)$/) ?? [];
    if (isSpreadable(selection)) this.#chosen = selection;
    else if (row !== undefined && Number(on) === branch && Number(row) < this.trace.length) this.#followRecord(this.trace.record(Number(row)).facts);
  }

  #followRecord(facts) {
    const subject = subjectOf(facts);
    if (subject && !(this.#subject && concerns(facts, this.#subject))) this.#chosen = subject;
  }

  /** What was accepted last at the cursor by anybody; null for nothing. O(rows back). */
  #findLatest() {
    const { trace, store } = this;
    const host = hostOf(store);
    for (let row = trace.rowsUpTo(store.cursor) - 1; row >= 0; row--) {
      if (host !== null && trace.columns.peer[row] !== host) continue;
      const facts = trace.table[trace.columns.facts[row]];
      if (TOPICS.includes(facts.topic)) return subjectOf(facts);
    }
    return null;
  }

  #list() {
    const { trace, index } = this;
    const listed = `${trace.table.length}/${trace.epoch}/${this.#chosen}`;
    if (listed === this.#listed) return;
    this.#listed = listed;
    const subjects = new Set(trace.table.filter(({ topic }) => TOPICS.includes(topic)).map(subjectOf));
    if (this.#chosen) subjects.add(this.#chosen);
    const options = [...subjects].map(name => new Option(nameOfSubject(name, index), name));
    this.choice.replaceChildren(new Option("the latest", LATEST), ...options);
    this.choice.value = this.#chosen;
  }

  // --- the picture -------------------------------------------------------------------------------------------

  #drawPicture() {
    const { store, trace } = this;
    const spread = this.#spread;
    const focused = this.stage.querySelector(":focus")?.dataset.host;
    const { root, axis, hidden } = drawSpread(spread, {
      peers: trace.peers, columns: trace.columns, width: Math.max(300, this.stage.clientWidth), height: this.stage.clientHeight, nameOf: row => `record:${store.branch}:${row}`,
    });
    this.#axis = axis;
    this.stage.replaceChildren(root);
    this.roving.update();
    if (focused !== undefined) this.stage.querySelector(`[data-host="${focused}"]`)?.focus();
    const name = nameOfSubject(this.#subject, this.index);
    const sight = sightOf(store);
    const shares = sight ? tellSpreadAs(sight, spread) : tellPercentiles(spread, trace.peers.length);
    const rest = sight ? "" : tellRest(spread, trace.peers);
    const more = hidden ? ` The first ${formatCount(MOST_PEERS)} peers are shown, ${formatCount(hidden)} are not.` : "";
    setText(this.shown, this.#chosen ? "" : name);
    this.rest.replaceChildren(element("b", {}, shares), element("br"), rest + more);
    this.words.set(`${name}: ${shares}. ${rest}`);
  }

  /** Time, selection and hover change no mark's place. */
  #mark() {
    const { store, stage } = this;
    for (const made of stage.querySelectorAll("[data-event]")) made.classList.toggle("bl-later", Number(made.dataset.event) > store.cursor);
    for (const made of stage.querySelectorAll(".bl-receipt")) {
      const { name, host } = made.dataset;
      const peer = `peer:${this.trace.peers[host]}`;
      made.classList.toggle("bl-selected", [name, peer].includes(store.selection));
      made.classList.toggle("bl-hover", [name, peer].includes(store.hover));
      setAttributes(made, { "aria-pressed": String(name === store.selection) });
    }
    const x = this.#axis.x(store.clock);
    setAttributes(stage.querySelector(".bl-clock"), { x1: x, x2: x });
  }

  #makeTable() {
    this.index.update();
    const subject = this.#subject;
    if (subject === null) return [];
    const { peers } = this.trace;
    const spread = this.#spread;
    const { receipts, headersOnly, start } = spread;
    const nameOf = row => `record:${this.store.branch}:${row}`;
    return [
      ...receipts.map(receipt => ({
        name: nameOf(receipt.row),
        cells: [peers[receipt.host], receipt.from < 0 ? null : peers[receipt.from], receipt.header && receipt.header.at - start, receipt.at - start, tellReceipt(receipt, spread, peers)],
      })),
      ...headersOnly.map(({ host, at, row, from }) => ({ name: nameOf(row), cells: [peers[host], peers[from] ?? null, at - start, null, "only the header"] })),
      ...spread.before.map(host => ({ name: `peer:${peers[host]}`, cells: [peers[host], null, null, null, "had it from before"] })),
      ...spread.never.map(host => ({ name: `peer:${peers[host]}`, cells: [peers[host], null, null, null, "never heard of it"] })),
    ];
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.roving.stop();
    this.unpoint();
    this.table.stop();
    this.words.stop();
    this.host.replaceChildren();
  }
}

function column(title) {
  return { title, format: formatTime };
}

function makeLegend() {
  const mark = (...parts) => svg("svg", { width: 24, height: 12, "aria-hidden": "true" }, ...parts);
  const entry = (picture, words) => element("span", {}, picture, element("span", {}, words));
  const line = name => mark(svg("line", { class: name, x1: 1, x2: 23, y1: 10, y2: 2 }));
  return element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" },
    entry(mark(svg("circle", { class: "bl-full", cx: 12, cy: 6, r: 5 })), "has it"),
    entry(mark(svg("circle", { class: "bl-header", cx: 12, cy: 6, r: 4 })), "header only"),
    entry(line("bl-edge"), "brought"), entry(line("bl-used"), "announced"), entry(line("bl-unused"), "announced for nothing"));
}
