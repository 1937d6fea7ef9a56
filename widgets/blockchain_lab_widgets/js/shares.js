// The shares view: does everybody make the share of blocks that its share of the resource promises?
import { BlockIndex } from "./blocks.js";
import { BranchChoice } from "./branch-choice.js";
import { chainFold } from "./chain-fold.js";
import { countOf } from "./describe.js";
import { Keyed, element, setAttributes, setText, svg } from "./dom.js";
import { BranchStates } from "./finality-branch.js";
import { FinalityIndex } from "./finality-index.js";
import { Folded } from "./fold.js";
import { summary } from "./legend.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { countStale, findEnd, listBars, sumBars } from "./shares-model.js";
import { nameBar, tellBar, tellFairness, tellShares } from "./shares-words.js";
import { bindStack } from "./stack-keys.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";
import { formatShare } from "./validators-words.js";

const MEMORY = "shares";
const COLUMNS = ["Name", "Units", "Share of the resource", "Blocks", "Share of the blocks", "Expected", "3σ", "Beside the branch", "Fair"];
const NOTHING = "Nobody says here who proposes blocks, and by which share: this lab has no lottery, or none has begun yet.";
const percent = part => `${(100 * Math.max(0, Math.min(1, part))).toFixed(2)}%`;

/** Draws the histogram into `host`. Option `seen_by`: the peer on whose branch blocks are counted. */
export function mount(host, store, options) {
  const view = new SharesView(host, store, options);
  return () => view.stop();
}

class SharesView {
  #shown = "";
  #scene = { bars: [], sums: { blocks: 0, units: 0, stale: 0 } };

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-shares");
    this.index = new BlockIndex(trace);
    this.finality = new FinalityIndex(trace);
    this.folded = new Folded(trace, chainFold(this.index));
    this.states = new BranchStates(this.index, this.finality);
    this.choice = new BranchChoice(store, MEMORY, seenBy, () => this.paint.request());
    this.shown = element("span", { class: "bl-summary" });
    this.axis = element("div", { class: "bl-bar-row bl-bar-axis", "aria-hidden": "true" }, element("span"), makeAxis(), element("span"));
    this.list = element("div", { class: "bl-rows" });
    this.stage = element("div", { class: "bl-shares-stage bl-scroll" }, this.axis, this.list);
    this.detail = element("p", { class: "bl-detail" });
    this.empty = element("p", { class: "bl-empty" }, NOTHING);
    this.parts = [this.stage, this.detail, makeLegend()];
    host.append(element("div", { class: "bl-head" }, this.choice.root, this.shown), ...this.parts, this.empty);
    this.rows = new Keyed(this.list, newRow);
    tooltip(host);
    this.words = summary(host, "Shares");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.table = tableButton(host, store, { title: "Shares", columns: COLUMNS, graph: this.stage, rows: () => this.#makeTable() });
  }

  #bind() {
    const { store, stage } = this;
    const nameAt = target => target.closest?.("[data-name]")?.dataset.name || null;
    this.unpoint = bindPointing(stage, store, nameAt);
    this.keys = bindStack(stage, store, () => null);
    stage.addEventListener("click", ({ target }) => {
      const name = nameAt(target);
      if (name) store.select(store.selection === name ? null : name);
    });
  }

  #look() {
    const { store, trace, index, finality } = this;
    index.update();
    finality.update();
    this.choice.follow();
    const viewer = this.choice.host;
    const { tips, off, of } = this.folded.at(trace.rowsUpTo(store.cursor));
    const isThere = viewer >= 0 && !off[viewer] && (tips[viewer] ?? null) !== null;
    const state = isThere ? this.states.at(tips[viewer], viewer) : null;
    const bars = state ? listBars(state, countStale(index, finality, of[viewer], tips[viewer])) : [];
    return { bars, sums: sumBars(bars), isOff: off[viewer] === true };
  }

  #draw() {
    const { store, trace } = this;
    this.index.update();
    this.choice.follow();
    const place = [trace.rowsUpTo(store.cursor), trace.epoch, trace.length, this.choice.value].join(" ");
    if (place !== this.#shown) this.#rebuild();
    this.#shown = place;
    this.#mark();
    this.table.update();
  }

  #rebuild() {
    const { bars, sums, isOff } = this.#scene = this.#look();
    const isThere = bars.length > 0;
    for (const part of this.parts) part.hidden = !isThere;
    this.empty.hidden = isThere;
    const viewer = this.choice.value;
    if (!isThere) {
      setText(this.empty, isOff && this.finality.told.size ? `${viewer} is off.` : NOTHING);
      setText(this.shown, "");
      this.words.set(this.empty.textContent);
      return;
    }
    const end = findEnd(bars, sums);
    [0, 0.5, 1].forEach((part, at) => setText(this.axis.children[1].children[at], `${Math.round(100 * part * end)} %`));
    const byKey = new Map(bars.map(bar => [bar.count > 1 ? "others" : `name ${bar.name}`, bar]));
    this.rows.sync(byKey.keys(), (made, key) => drawRow(made, byKey.get(key), sums, end, this.trace.peers));
    const wanted = [...byKey.keys()].map(key => this.rows.live.get(key));
    if (wanted.some((made, at) => this.list.children[at] !== made)) this.list.append(...wanted);
    this.keys.update();
    setText(this.shown, [countOf(sums.blocks, "block"), sums.stale ? `${sums.stale} beside the branch` : "", tellFairness(bars, sums)].filter(Boolean).join(", "));
    this.words.set(tellShares(viewer, bars, sums));
  }

  /** Selection and hover change no bar. */
  #mark() {
    const { store } = this;
    const { bars, sums } = this.#scene;
    for (const made of this.rows.live.values()) {
      const isChosen = made.dataset.name === store.selection;
      made.classList.toggle("bl-selected", isChosen);
      made.classList.toggle("bl-hover", Boolean(made.dataset.name) && made.dataset.name === store.hover);
      setAttributes(made, { "aria-pressed": String(isChosen) });
    }
    const name = store.selection?.match(/^(?:peer|validator):(.*)$/s)?.[1];
    const bar = bars.find(each => each.count === 1 && each.name === name);
    if (bar) this.detail.replaceChildren(element("b", {}, bar.name), ` ${tellBar(bar, sums)}.`);
    else setText(this.detail, "Choose a name: what it holds, and how many blocks it should have made.");
  }

  #makeTable() {
    const { bars, sums } = this.#look();
    return bars.map(bar => ({
      name: bar.count > 1 ? null : nameOf(bar, this.trace.peers),
      cells: [
        nameBar(bar), bar.units, formatShare(bar.units, sums.units), bar.blocks, sums.blocks ? formatShare(bar.blocks, sums.blocks) : null,
        bar.expected.toFixed(1), bar.spread.toFixed(1), bar.stale, sums.units ? (bar.isFair ? "within 3σ" : "outside 3σ") : null,
      ],
    }));
  }

  stop() {
    for (const part of [this.paint, this.keys, this.table, this.words]) part.stop();
    this.unpoint();
    this.host.replaceChildren();
  }
}

const nameOf = ({ name }, peers) => `${peers.includes(name) ? "peer" : "validator"}:${name}`;

function makeAxis() {
  const label = (x, anchor) => svg("text", { x, y: 12, "text-anchor": anchor });
  return svg("svg", { class: "bl-measure", height: 16 }, label("0%", "start"), label("50%", "middle"), label("100%", "end"));
}

function newRow() {
  const rect = (name, y, height) => svg("rect", { class: name, y, height });
  const bars = svg("svg", { class: "bl-measure", height: 36, "aria-hidden": "true" }, rect("bl-band", 1, 34), rect("bl-resource", 5, 11), rect("bl-blocks", 19, 12), svg("line", { class: "bl-middle", y1: 1, y2: 35 }));
  return element("div", { class: "bl-bar-row", role: "button", tabindex: "-1" }, element("b"), bars, element("span", { class: "bl-bar-words", "aria-hidden": "true" }, element("span"), element("span")), element("span", { class: "bl-hidden" }));
}

function drawRow(made, bar, sums, end, peers) {
  const [name, picture, words, heard] = made.children;
  const [band, resource, blocks, middle] = picture.children;
  const part = (number, of) => (of ? number / of / end : 0);
  const [from, to] = [bar.expected - bar.spread, bar.expected + bar.spread].map(number => Math.max(0, Math.min(1, part(number, sums.blocks))));
  const told = `${nameBar(bar)} ${tellBar(bar, sums)}`;
  made.dataset.name = bar.count > 1 ? "" : nameOf(bar, peers);
  made.dataset.host = "";
  made.dataset.tip = told;
  made.classList.toggle("bl-unfair", !bar.isFair && sums.units > 0);
  setText(heard, ` ${tellBar(bar, sums)}`);
  setText(name, nameBar(bar));
  const isKnown = sums.units > 0 && sums.blocks > 0;
  setAttributes(band, { x: percent(from), width: percent(to - from), visibility: isKnown ? null : "hidden" });
  setAttributes(resource, { width: percent(part(bar.units, sums.units)) });
  setAttributes(blocks, { width: percent(part(bar.blocks, sums.blocks)) });
  setAttributes(middle, { x1: percent(part(bar.expected, sums.blocks)), x2: percent(part(bar.expected, sums.blocks)), visibility: isKnown ? null : "hidden" });
  setText(words.children[0], sums.units ? formatShare(bar.units, sums.units) : "");
  setText(words.children[1], `${sums.blocks ? formatShare(bar.blocks, sums.blocks) : "no block"}${made.classList.contains("bl-unfair") ? " !" : ""}`);
}

function makeLegend() {
  const entry = (mark, words) => element("span", {}, mark, element("span", {}, words));
  const box = (name, ...more) => svg("svg", { width: 20, height: 14, "aria-hidden": "true" }, svg("rect", { class: name, x: 1, y: 2, width: 18, height: 10 }), ...more);
  return element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" },
    entry(box("bl-resource"), "share of the resource"), entry(box("bl-blocks"), "share of the blocks"),
    entry(box("bl-band", svg("line", { class: "bl-middle", x1: 10, x2: 10, y1: 0, y2: 14 })), "expected, and 3σ of independent draws around it"));
}
