// The curves view: values over time, growing with the cursor. What there is to draw is the run's; how, a plot's.
import { BlockIndex } from "./blocks.js";
import { CurvePlot } from "./curve-plot.js";
import { Slots, hostsOf } from "./curves-choose.js";
import { CurvesHistory } from "./curves-history.js";
import { KINDS, USUAL, listSorts, nameOfThing } from "./curves-kinds.js";
import { COLUMNS, listRows } from "./curves-table.js";
import { tellLine, tellScene } from "./curves-words.js";
import { describePlace } from "./describe.js";
import { element, setAttributes, setText, svg } from "./dom.js";
import { summary } from "./legend.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { download, fileName } from "./share-files.js";
import { drawParts } from "./share-svg.js";
import { subjectOf } from "./spread-model.js";
import { Standings } from "./standing.js";
import { tableButton } from "./table.js";

const MEMORY = "curves"; // what was drawn, for who comes back to the tab
const MOST_THINGS = 200; // in the choice: the latest ones
const LATEST = "";

/** Draws the curves into `host`. Option `curve`: which one, a name of `KINDS`. */
export function mount(host, store, options) {
  const view = new CurvesView(host, store, options);
  return () => view.stop();
}

class CurvesView {
  #kind = null; // chosen by the reader; null while the run says what is usual
  #what = LATEST; // which thing, or kind of thing
  #isWhole = false;
  #followed; // the selection that the choice of a thing has followed
  #line = null; // name of the line that was picked last
  #own = null; // what is pointed at in this plot
  #scene = null;
  #listed = "";
  #tabled = null; // the kind that the table lists

  constructor(host, store, { curve = null }) {
    Object.assign(this, { host, store, trace: store.trace });
    Object.assign(this, { index: new BlockIndex(store.trace), history: new CurvesHistory(store.trace), standings: new Standings(store.trace), slots: new Slots() });
    host.classList.add("bl-curves");
    this.#kind = store.memory.get(MEMORY) ?? curve;
    this.choice = element("select", { "aria-label": "Which curves" });
    this.which = element("select", { "aria-label": "Of what" });
    this.whole = element("input", { type: "checkbox" });
    this.save = element("button", { type: "button", class: "bl-plot-save", title: "Save the plot as SVG", "aria-label": "SVG: save the plot" }, "SVG");
    this.head = element("div", { class: "bl-head" }, element("label", {}, "Draw ", this.choice), this.which, element("label", { class: "bl-whole" }, this.whole, " whole run"), this.save);
    this.stage = element("div", { class: "bl-curves-stage" });
    this.legend = makeLegend();
    this.detail = element("p", { class: "bl-detail" });
    this.empty = element("p", { class: "bl-empty" }, "Nothing here changes over time yet. Play, or let somebody act.");
    host.append(this.head, this.stage, this.legend, this.detail, this.empty);
    this.plot = new CurvePlot(this.stage, {
      title: "Curves", onTime: at => store.gotoTime(at), onPick: (name, isWalk) => this.#pick(name, isWalk), onHover: name => this.#point(name),
    });
    this.words = summary(host, "Curves");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.stage);
  }

  #bind() {
    const { store } = this;
    const nameAt = target => {
      const line = target.closest?.(".bl-plot-name, .bl-plot-series")?.closest(".bl-plot-series")?.dataset.name;
      return line === undefined ? this.#own : this.#scene.picks(line);
    };
    this.unpoint = bindPointing(this.stage, store, nameAt);
    this.choice.addEventListener("change", () => {
      this.#kind = this.choice.value;
      [this.#what, this.#line] = [LATEST, null];
      store.memory.set(MEMORY, this.#kind);
      this.paint.request();
    });
    this.save.addEventListener("click", () => this.#saveSvg());
    this.which.addEventListener("change", () => {
      this.#what = this.which.value;
      this.paint.request();
    });
    this.whole.addEventListener("change", () => {
      this.#isWhole = this.whole.checked;
      this.paint.request();
    });
  }

  // --- what is drawn -----------------------------------------------------------------------------------------

  /** Everything that a scene is made of, at the cursor. */
  #ask() {
    const { store, trace, history, index, slots } = this;
    index.update();
    history.update();
    this.#follow();
    const rows = trace.rowsUpTo(store.cursor);
    const peers = trace.peers;
    const elsewhere = store.hover !== null && store.hover !== this.#own ? hostsOf(store.hover, peers) : [];
    return {
      history, trace, rows, slots, peers, clock: store.clock, what: this.#what, isWhole: this.#isWhole && !this.#isSealed,
      chosen: hostsOf(store.selection, peers), pointed: [...new Set([...elsewhere, ...this.#findNeighbours(elsewhere, rows)])],
      lens: peers.indexOf(store.lens), nameOf: name => nameOfThing(name, index),
    };
  }

  #findNeighbours(hosts, rows) {
    if (hosts.length !== 1) return [];
    return [...this.standings.at(rows)[hosts[0]].lines.values()].filter(host => host >= 0);
  }

  /** Who may not read on may not see what is ahead. */
  get #isSealed() {
    return this.store.sealed !== null && this.store.sealed.event < this.trace.lastEvent;
  }

  /** A selected block or transaction is the one whose coverage is drawn; so is what a selected record is about. */
  #follow() {
    const { selection, branch } = this.store;
    if (selection === this.#followed) return;
    this.#followed = selection;
    const [, on, row] = selection?.match(/^record:(\d+):(\d+)$/) ?? [];
    const isHere = row !== undefined && Number(on) === branch && Number(row) < this.trace.length;
    const name = isHere ? subjectOf(this.trace.record(Number(row)).facts) : selection;
    if (this.kind === "coverage" && this.history.things.has(name)) this.#what = name;
  }

  /** What is drawn: as chosen, when the run has it, else what is usual. */
  get kind() {
    const isThere = name => Object.hasOwn(KINDS, name ?? "") && KINDS[name].isThere(this.history);
    return isThere(this.#kind) ? this.#kind : (USUAL.find(isThere) ?? Object.keys(KINDS).find(isThere) ?? null);
  }

  #draw() {
    const asked = this.#ask();
    const { kind } = this;
    this.#list(asked);
    for (const part of [this.head, this.stage, this.detail]) part.hidden = kind === null;
    this.empty.hidden = kind !== null;
    if (kind === null) {
      this.legend.hidden = true;
      return this.words.set(this.empty.textContent);
    }
    const scene = this.#scene = KINDS[kind].draw(asked);
    this.legend.hidden = scene.model.band === null;
    if (scene.model.band) setText(this.legend.querySelector(".bl-band-words"), `${scene.model.band.label}: from the least to the most`);
    this.plot.set(scene.model);
    this.#light();
    this.#tell(asked);
    this.#makeTable();
  }

  #list({ history, rows }) {
    const { store, which, whole } = this;
    const kinds = Object.entries(KINDS).filter(([, kind]) => kind.isThere(history));
    const begun = [...history.things.values()].filter(({ learned }) => learned[0].row < rows || this.#isWhole);
    const listed = [this.kind, kinds.map(([name]) => name), begun.length, this.#what, this.trace.epoch].join(" ");
    setAttributes(whole, { disabled: this.#isSealed ? "" : null, title: this.#isSealed ? store.sealed.reason : "Show what lies ahead, too" });
    whole.checked = this.#isWhole && !this.#isSealed;
    if (listed === this.#listed) return;
    this.#listed = listed;
    this.choice.replaceChildren(...kinds.map(([name, { title }]) => new Option(title, name)));
    this.choice.value = this.kind ?? "";
    which.hidden = !["coverage", "percentiles"].includes(this.kind);
    const things = new Set(begun.slice(-MOST_THINGS).map(({ name }) => name));
    if (history.things.has(this.#what)) things.add(this.#what);
    const options = this.kind === "coverage" ? [["the latest", LATEST], ...[...things].map(name => [nameOfThing(name, this.index), name])]
      : listSorts(history).map(([sort, plural]) => [`of ${plural}`, sort]);
    which.replaceChildren(...options.map(([title, value]) => new Option(title, value)));
    which.value = options.some(([, value]) => value === this.#what) ? this.#what : (options[0]?.[1] ?? "");
  }

  /** The selection's line is the chosen one; a line that stands for nothing in other views is so for this view alone. */
  #light() {
    const { picks, model: { series } } = this.#scene;
    const { selection, hover } = this.store;
    const nameFor = what => (what === null ? null : (series.find(({ name }) => picks(name) === what)?.name ?? null));
    const line = series.find(({ name }) => name === this.#line && [null, selection].includes(picks(name)));
    this.chosen = line?.name ?? nameFor(selection);
    this.plot.light({ chosen: this.chosen, hover: nameFor(hover) });
  }

  #tell(asked) {
    const { model } = this.#scene;
    const told = tellScene(this.kind, this.#scene, asked);
    const line = model.series.find(({ name }) => name === this.chosen);
    const whole = line && this.kind !== "coverage" ? `${tellLine(line, model, asked.clock)} ` : "";
    const alone = asked.lens >= 0 && ["coverage", "percentiles", "bytes"].includes(this.kind) ? " No single peer knows this." : "";
    setText(this.detail, `${whole}${told}${alone}`);
    this.words.set(`${KINDS[this.kind].title}. ${told}`);
  }

  // --- what the reader does ----------------------------------------------------------------------------------

  #pick(name, isWalk) {
    const { store } = this;
    const what = this.#scene.picks(name);
    this.#line = !isWalk && this.#line === name ? null : name;
    if (what !== null) store.select(!isWalk && store.selection === what && this.#line === null ? null : what);
    this.paint.request();
  }

  #point(name) {
    const what = name === null ? null : this.#scene.picks(name);
    this.#own = what;
    this.store.point(what);
  }

  /** The plot as it stands, for a slide. */
  #saveSvg() {
    const { store, trace, kind, stage } = this;
    const { text } = drawParts([stage], { title: `${trace.title}: ${KINDS[kind].title}`, caption: describePlace(store) });
    download(fileName(`${trace.name}-${kind}`, store.cursor, "svg"), text, "image/svg+xml");
  }

  #makeTable() {
    if (this.#tabled === this.kind) return this.table.update();
    this.#tabled = this.kind;
    this.table?.stop();
    const { kind } = this;
    this.table = tableButton(this.host, this.store, {
      title: "Curves", graph: this.stage, columns: COLUMNS[kind], place: this.head, rows: () => {
        const asked = this.#ask();
        return listRows(kind, KINDS[kind].draw(asked), asked);
      },
    });
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.unpoint();
    this.table?.stop();
    this.plot.stop();
    this.words.stop();
    this.host.replaceChildren();
  }
}

function makeLegend() {
  const entry = (mark, words) => element("span", {}, svg("svg", { width: 24, height: 12, "aria-hidden": "true" }, mark), words);
  return element("div", { class: "bl-legend bl-plot", role: "note", "aria-label": "Legend" },
    entry(svg("rect", { class: "bl-plot-band", width: 24, height: 12 }), element("span", { class: "bl-band-words" })),
    entry(svg("line", { class: "bl-plot-median", x1: 1, x2: 23, y1: 6, y2: 6 }), element("span", {}, "their median")));
}
