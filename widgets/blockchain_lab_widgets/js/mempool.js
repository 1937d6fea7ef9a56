// The mempool view: what waits at a peer, best payers on top; up to four pools side by side on one scale.
import { BlockIndex } from "./blocks.js";
import { columnHeads } from "./column-heads.js";
import { formatCount, formatTime } from "./describe.js";
import { button, element, setAttributes, setText, svg } from "./dom.js";
import { summary } from "./legend.js";
import { aboutOf, hostOf, shownOf } from "./lens.js";
import { CoinIndex } from "./mempool-coins.js";
import { drawPool } from "./mempool-draw.js";
import { PoolHistory } from "./mempool-history.js";
import { MOST_POOLS, choosePools, placeBlock, rateOf, scaleFor, sortByRate, stackRows } from "./mempool-layout.js";
import { formatRate, sizeOf, tellLeaving, tellPool, tellShare, tellSummary, tellTransaction, tellUnits, unitsOf } from "./mempool-words.js";
import { nameOfTx } from "./messages-at.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { subjectOf } from "./spread-model.js";
import { bindStack } from "./stack-keys.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";

const MOST_LEFT = 3; // lines below a pool: who left last
const LINE = 20; // pixels of each
const LOW = 260; // pixels of a stage that shows one line less

/** Draws the pools into `host`. Option: `seen_by`, a peer or up to four. */
export function mount(host, store, options) {
  const view = new MempoolView(host, store, options);
  return () => view.stop();
}

class MempoolView {
  #shown; // host numbers
  #followed = null; // the selection that they have followed
  #lens = null; // txids of the bundle that is looked into; null for all
  #drawn = ""; // what the picture was made of
  #marks = new Map(); // element -> {stays}
  #pools = []; // by column: those who wait, best payers first

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-mempool");
    this.index = new BlockIndex(trace);
    this.history = new PoolHistory(trace).update();
    this.coins = new CoinIndex(trace);
    const wanted = [seenBy ?? []].flat().map(name => trace.peers.indexOf(name)).filter(at => at >= 0).slice(0, MOST_POOLS);
    this.memory = `mempool:${wanted}`; // which pools were shown, for who comes back to the tab
    this.#shown = store.memory.get(this.memory) ?? (wanted.length ? wanted : [this.history.busiest()]);
    this.heads = columnHeads(trace.peers, "pool", {
      change: (at, to) => this.#show(this.#shown.map((each, place) => (place === at ? to : each))),
      add: () => this.#show([...this.#shown, trace.peers.findIndex((_, each) => !this.#shown.includes(each))]),
      remove: at => this.#show(this.#shown.filter((_, place) => place !== at)),
    });
    this.all = button("", "Show all that wait again", () => this.#look(null));
    this.all.classList.add("bl-side");
    this.shares = element("span", { class: "bl-summary" });
    this.units = element("span");
    const head = element("div", { class: "bl-head" }, this.units, this.heads.more, this.all, this.shares);
    this.stage = element("div", { class: "bl-pools bl-scroll" });
    this.detail = element("p", { class: "bl-detail" });
    this.rival = element("span");
    host.append(head, this.heads.root, this.stage, this.detail, makeLegend(this.rival));
    tooltip(host);
    this.words = summary(host, "Mempool");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.stage);
  }

  #bind() {
    const { store, stage } = this;
    const nameAt = target => {
      const mark = target.closest?.("[data-name]");
      return mark && !(Number(mark.dataset.count) > 1) ? mark.dataset.name : null;
    };
    this.unpoint = bindPointing(stage, store, nameAt);
    this.keys = bindStack(stage, store, mark => this.#marks.get(mark)?.stays.map(({ txid }) => `tx:${txid}`) ?? null);
    stage.addEventListener("click", ({ target }) => {
      const mark = target.closest?.("[data-name]");
      if (Number(mark?.dataset.count) > 1) this.#look(new Set(this.#marks.get(mark).stays.map(({ txid }) => txid)));
      else if (mark) store.select(store.selection === mark.dataset.name ? null : mark.dataset.name);
    });
    const unitOf = part => ({ get title() { return findUnits()[part]; } }); // asked when the table is opened
    const findUnits = () => ({ ...this.#findUnits(), same: `same ${this.#findUnits().claim}` });
    this.table = tableButton(this.host, store, {
      title: "Waiting transactions", graph: stage, rows: () => this.#makeTable(),
      columns: ["transaction", Object.assign(unitOf("perOne"), { format: formatRate }), "fee", unitOf("size"), { title: "since", format: formatTime }, "waits at", "peers", unitOf("same")],
    });
  }

  #show(hosts) {
    this.#shown = hosts;
    this.store.memory.set(this.memory, hosts);
    this.paint.request();
  }

  #look(lens) {
    this.#lens = lens;
    this.paint.request();
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  #update() {
    const { store, trace } = this;
    this.index.update();
    this.history.update();
    this.coins.update();
    this.history.eyes = hostOf(store);
    const about = aboutOf(store);
    if (about !== this.#followed) {
      this.#followed = about;
      const hosts = shownOf(store, this.heads, () => choosePools(about, this.#shown, trace.peers));
      if (hosts !== this.#shown) this.#show(hosts);
    }
    return trace.rowsUpTo(store.cursor);
  }

  #draw() {
    const rows = this.#update();
    const { history, stage, trace, store } = this;
    const versions = this.#shown.map(host => `${host}:${history.versionOf(host, rows)}`);
    const drawn = [trace.epoch, trace.length, trace.messages.length, stage.clientWidth, stage.clientHeight, this.#lens?.size, store.lens, ...versions].join(" ");
    if (drawn !== this.#drawn && stage.clientWidth) this.#drawPools(rows);
    if (stage.clientWidth) this.#drawn = drawn;
    this.#mark(rows);
    this.table.update();
  }

  /** A run's transactions are all of one kind. */
  #findUnits() {
    return unitsOf(this.history.stays.find(stays => stays.length) ?? []);
  }

  #drawPools(rows) {
    const { history, stage, trace: { peers } } = this;
    const units = this.#findUnits();
    setText(this.units, tellUnits(units));
    setText(this.rival, `another takes its ${units.claim}`);
    const found = this.#shown.map(host => history.bestWaiting(host, rows));
    if (this.#lens && !found.flat().some(({ txid }) => this.#lens.has(txid))) this.#lens = null;
    this.#pools = this.#lens ? found.map(stays => stays.filter(({ txid }) => this.#lens.has(txid))) : found;
    const focused = this.keys.remember();
    const width = Math.floor(stage.clientWidth / this.#shown.length);
    const lines = stage.clientHeight < LOW ? MOST_LEFT - 1 : MOST_LEFT;
    const height = Math.max(120, stage.clientHeight - lines * LINE - 12);
    const scale = scaleFor(this.#pools, height);
    this.#marks.clear();
    stage.replaceChildren(...this.#shown.map((host, at) => this.#drawColumn(host, this.#pools[at], { rows, width, height, scale, lines })));
    this.keys.update(focused);
    this.heads.update(this.#shown, found.map((stays, at) => tellPool(stays, history.isOn(this.#shown[at], rows))));
    setText(this.all, this.#lens ? `× ${formatCount(this.#lens.size)} of ${formatCount(Math.max(...found.map(stays => stays.length)))}` : "");
    this.all.hidden = this.#lens === null;
    setText(this.shares, found.length === 1 ? tellShare(found[0]) : "");
    const isRival = ({ txid }) => this.#hasRival(txid, rows);
    this.words.set(found.map((stays, at) => tellSummary(peers[this.#shown[at]], stays, history.isOn(this.#shown[at], rows), stays.filter(isRival).length)).join(" "));
  }

  #drawColumn(host, stays, { rows, width, height, scale, lines }) {
    const { history, trace: { peers } } = this;
    const column = element("div", { class: "bl-pool" });
    if (stays.length) {
      const pool = {
        rows: stackRows(stays, scale), peers, line: this.#lens || stays[0].isGas ? null : placeBlock(sizeOf(stays), scale),
        isRival: txid => this.#hasRival(txid, rows), holders: txid => history.holders(txid, rows).map(stay => stay.host), isAlone: history.eyes !== null,
      };
      const { root, marks } = drawPool(pool, { host, width: width - 1, height });
      for (const [mark, row] of marks) this.#marks.set(mark, row);
      column.append(root);
    } else {
      const hasHad = history.stays[host].some(({ from }) => from < rows);
      const isOn = history.isOn(host, rows);
      const why = isOn === null ? `${peers[host]} is no node of ours: what waits there is not known.`
        : !isOn ? `${peers[host]} is off: a pool does not outlive its node.`
        : hasHad ? "Nothing waits here now." : "No transaction has come yet. Play, or let somebody pay.";
      const empty = element("p", { class: "bl-empty" }, why);
      empty.style.height = `${height}px`;
      column.append(empty);
    }
    column.append(this.#listLeft(host, rows, lines));
    return column;
  }

  #hasRival(txid, rows) {
    return this.coins.rivalsOf(txid).some(other => this.history.isHeard(other, rows));
  }

  /** Who left last. */
  #listLeft(host, rows, most) {
    const { history, index, store, trace } = this;
    const lines = history.lastLeft(host, rows, most).map(leaving => {
      const words = tellLeaving(leaving, history.tipBehind(leaving), index);
      const at = formatTime(trace.columns.at[leaving.row]);
      const name = leaving.txids.length === 1 ? `tx:${leaving.txids[0]}` : `record:${store.branch}:${leaving.row}`;
      return element("button", {
        type: "button", tabindex: "-1", class: "bl-left", "data-name": name, "data-host": host, "data-tip": `${words}, at ${at}`,
      }, element("span", {}, words), " ", element("span", { class: "bl-at" }, at));
    });
    return element("div", { class: "bl-lefts" }, ...lines);
  }

  /** The transaction that the selection means; null for none. */
  #findChosen() {
    const { store: { selection, branch }, trace } = this;
    const [, on, row] = selection?.match(/^record:(\d+):(\d+)$/) ?? [];
    const isHere = row !== undefined && Number(on) === branch && Number(row) < trace.length;
    const name = isHere ? subjectOf(trace.record(Number(row)).facts) : selection;
    return name?.startsWith("tx:") ? name.slice(3) : null;
  }

  /** Selection and hover change no mark's place. */
  #mark(rows) {
    const { store, coins, stage } = this;
    const chosen = this.#findChosen();
    const rivals = new Set(chosen ? coins.rivalsOf(chosen) : []);
    const pointed = store.hover?.startsWith("tx:") ? store.hover.slice(3) : null;
    const light = (mark, txids) => {
      const { name } = mark.dataset;
      const isChosen = txids.includes(chosen) || name === store.selection;
      mark.classList.toggle("bl-selected", isChosen);
      mark.classList.toggle("bl-same-coin", txids.some(txid => rivals.has(txid)));
      mark.classList.toggle("bl-hover", txids.includes(pointed) || name === store.hover);
      setAttributes(mark, { "aria-pressed": String(isChosen) });
    };
    for (const [mark, { stays }] of this.#marks) light(mark, stays.map(({ txid }) => txid));
    for (const line of stage.querySelectorAll(".bl-left")) light(line, [line.dataset.name.replace(/^tx:/, "")]);
    const told = chosen === null ? [] : tellTransaction(chosen, {
      history: this.history, coins, index: this.index, peers: this.trace.peers, columns: this.trace.columns, rows,
    });
    if (told.length) this.detail.replaceChildren(element("b", { title: chosen }, nameOfTx(chosen)), ` ${told.join(" ")}`);
    else setText(this.detail, "Choose a transaction: who has it, and what became of it.");
  }

  #makeTable() {
    const rows = this.#update();
    const { history, coins, trace: { peers, columns } } = this;
    const found = new Map(); // txid -> Stay, of the first pool that has it
    for (const host of this.#shown) for (const stay of history.waiting(host, rows)) if (!found.has(stay.txid)) found.set(stay.txid, stay);
    return sortByRate(found.values()).map(stay => {
      const holders = history.holders(stay.txid, rows);
      const here = holders.filter(({ host }) => this.#shown.includes(host)).map(({ host }) => peers[host]);
      const rivals = coins.rivalsOf(stay.txid).filter(txid => history.isHeard(txid, rows));
      const cells = [nameOfTx(stay.txid), rateOf(stay), stay.fee, stay.size, columns.at[stay.from], here.join(", "), holders.length, rivals.map(nameOfTx).join(", ")];
      return { name: `tx:${stay.txid}`, cells };
    });
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.keys.stop();
    this.unpoint();
    this.table.stop();
    this.words.stop();
    this.host.replaceChildren();
  }
}

function makeLegend(rival) {
  const mark = (...parts) => svg("svg", { width: 24, height: 12, "aria-hidden": "true" }, ...parts);
  const bar = strength => {
    const made = svg("rect", { class: "bl-bar", x: 1, y: 1, width: 22, height: 10 });
    made.style.setProperty("--bl-strength", `${strength}%`);
    return made;
  };
  const entry = (picture, words) => element("span", {}, picture, element("span", {}, words));
  const line = svg("line", { x1: 1, x2: 23, y1: 6, y2: 6 });
  return element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" },
    entry(mark(bar(80)), "pays much"), entry(mark(bar(18)), "pays little"),
    entry(mark(bar(40), svg("line", { class: "bl-seam", x1: 1, x2: 23, y1: 6, y2: 6 })), "several: press to look in"),
    entry(mark(bar(40), svg("rect", { class: "bl-rival", x: 1, y: 1, width: 4, height: 10 })), rival),
    entry(mark(svg("g", { class: "bl-block-line" }, line)), "what fits in a block"));
}
