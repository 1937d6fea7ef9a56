// The address book view: whom a peer has heard of, in which bucket, and with whom it is connected; up to four side by side.
import { drawLegend, drawSlots, drawTable, listSlots } from "./address-book-draw.js";
import { NEW, TRIED } from "./address-book-history.js";
import { BUNDLES, bundleBuckets, chooseStyle, countBundles, measureLines, sortBuckets } from "./address-book-layout.js";
import { INBOUND } from "./address-book-lines.js";
import { Books } from "./address-book-scene.js";
import {
  callAddress, callSource, groupNews, nameOfAddress, readIp, tellAddress, tellEmpty, tellHead, tellMarks, tellNews, tellSummary, tellWho,
} from "./address-book-words.js";
import { columnHeads } from "./column-heads.js";
import { formatCount, formatTime } from "./describe.js";
import { button, element, setAttributes, setText } from "./dom.js";
import { summary } from "./legend.js";
import { aboutOf, shownOf } from "./lens.js";
import { MOST_POOLS as MOST_BOOKS, choosePools as chooseBooks } from "./mempool-layout.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { bindStack } from "./stack-keys.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";

const NEWS = [{ from: 280, lines: 3 }, { from: 190, lines: 2 }, { from: 0, lines: 1 }]; // below a book, by pixels of the stage
const MOST_READ = 64; // entries that become those lines: what came in one event is one
const LINE = 20; // pixels of each
const WIDE = 560; // pixels of a column that has names at its connections and the two tables side by side
const SLOT = { named: 70, bare: 18, kind: 96 }; // pixels of a slot with a name, without, and of the words before them
const PADDING = 8; // on both sides of a column
const ROW = 24; // pixels of a row of slots
const TITLE = 42; // pixels over the buckets of a table
const LEAST = 60; // pixels for the buckets of a table
const BESIDE = { [NEW]: 0.6, [TRIED]: 0.4 }; // parts of the width
const BETWEEN = 12; // pixels between two tables

/** Draws the books into `host`. Option: `seen_by`, a peer or up to four. */
export function mount(host, store, options) {
  const view = new AddressBookView(host, store, options);
  return () => view.stop();
}

class AddressBookView {
  #shown; // host numbers
  #followed; // the selection that they have followed
  #lens = null; // addresses of the bundle that is looked into; null for all
  #drawn = ""; // what the picture was made of
  #explained = null; // what the legend was made of
  #marks = new Map(); // element -> Stay[], or Line[]
  #scene = null;

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-address-book");
    this.books = new Books(trace);
    const wanted = [seenBy ?? []].flat().map(name => trace.peers.indexOf(name)).filter(at => at >= 0).slice(0, MOST_BOOKS);
    this.memory = `address book:${wanted}`; // which books were shown, for who comes back to the tab
    [this.#shown, this.#followed] = store.memory.get(this.memory) ?? [wanted.length ? wanted : [this.books.history.fullest()], null];
    this.heads = columnHeads(trace.peers, "book", {
      change: (at, to) => this.#show(this.#shown.map((each, place) => (place === at ? to : each))),
      add: () => this.#show([...this.#shown, trace.peers.findIndex((_, each) => !this.#shown.includes(each))]),
      remove: at => this.#show(this.#shown.filter((_, place) => place !== at)),
    });
    this.all = button("", "Show all addresses again", () => this.#look(null));
    this.all.classList.add("bl-side");
    const head = element("div", { class: "bl-head" }, element("span", {}, "Colour: network group"), this.heads.more, this.all);
    this.stage = element("div", { class: "bl-books bl-scroll" });
    this.detail = element("p", { class: "bl-detail" });
    this.legend = element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" });
    host.append(head, this.heads.root, this.stage, this.detail, this.legend);
    tooltip(host);
    this.words = summary(host, "Address book");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.stage);
  }

  #bind() {
    const { store, stage } = this;
    const isBundle = mark => Number(mark?.dataset.count) > 1;
    const nameAt = target => {
      const mark = target.closest?.("[data-name]");
      return mark && !isBundle(mark) ? mark.dataset.name : null;
    };
    this.unpoint = bindPointing(stage, store, nameAt);
    this.keys = bindStack(stage, store, mark => this.#marks.get(mark)?.map(held => nameOfAddress(this.#scene, addressOf(held))) ?? null, name => this.#select(name));
    stage.addEventListener("click", ({ target }) => {
      const mark = target.closest?.("[data-name]");
      if (isBundle(mark)) this.#look(new Set(this.#marks.get(mark).map(addressOf)));
      else if (mark) this.#select(store.selection === mark.dataset.name ? null : mark.dataset.name);
    });
    this.table = tableButton(this.host, store, {
      title: "Known addresses", graph: stage, rows: () => this.#makeTable(),
      columns: ["address", "of", "group", "network", "book of", "table", "bucket", "told by", { title: "since", format: formatTime }, "state"],
    });
  }

  /** What is chosen in a book is in it: the books stay. */
  #select(name) {
    this.#followed = name;
    this.#remember();
    this.store.select(name);
  }

  #show(hosts) {
    this.#shown = hosts;
    this.#remember();
    this.paint.request();
  }

  #remember() {
    this.store.memory.set(this.memory, [this.#shown, this.#followed]);
  }

  #look(lens) {
    this.#lens = lens;
    this.paint.request();
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  #update() {
    const { store, trace, books } = this;
    books.update();
    const about = aboutOf(store);
    if (about !== this.#followed) {
      this.#followed = about;
      const isOwn = this.host.querySelector(".bl-table")?.contains(document.activeElement); // chosen in our own table
      const hosts = shownOf(store, this.heads, () => (isOwn ? this.#shown : chooseBooks(about, this.#shown, trace.peers)));
      if (hosts !== this.#shown) this.#show(hosts);
    }
    const rows = trace.rowsUpTo(store.cursor);
    if (this.#scene?.rows !== rows || this.#scene.ranks !== books.ranks) this.#scene = books.at(rows);
    return this.#scene;
  }

  #draw() {
    const scene = this.#update();
    const { stage, trace, books: { history, occurring } } = this;
    if (this.#explained !== occurring) {
      this.#explained = occurring;
      this.legend.replaceChildren(...drawLegend(occurring));
    }
    const versions = this.#shown.map(host => `${host}:${history.versionOf(host, scene.rows)}`);
    const drawn = [trace.epoch, trace.length, stage.clientWidth, stage.clientHeight, this.#lens?.size, ...versions].join(" ");
    if (drawn !== this.#drawn && stage.clientWidth) this.#drawBooks(scene);
    if (stage.clientWidth) this.#drawn = drawn;
    this.#mark(scene);
    this.table.update();
  }

  #drawBooks(scene) {
    const { stage, books: { history }, trace: { peers } } = this;
    const found = this.#shown.map(host => history.standing(host, scene.rows));
    if (this.#lens && !found.flat().some(({ address }) => this.#lens.has(address))) this.#lens = null;
    const focused = this.keys.remember();
    this.#marks.clear();
    stage.replaceChildren(...this.#shown.map((host, at) => this.#drawColumn(scene, host, found[at])));
    this.keys.update(focused);
    const states = this.#shown.map(host => scene.stateOf(host));
    this.heads.update(this.#shown, this.#shown.map((host, at) => tellHead(found[at], scene.linesOf(host), states[at], scene.rows)));
    setText(this.all, this.#lens ? `× ${formatCount(this.#lens.size)} of ${formatCount(Math.max(...found.map(stays => stays.length)))}` : "");
    this.all.hidden = this.#lens === null;
    this.words.set(this.#shown.map((host, at) => tellSummary(peers[host], found[at], scene.linesOf(host), states[at], scene.rows)).join(" "));
  }

  #drawColumn(scene, host, standing) {
    const { stage, trace: { peers } } = this;
    const state = scene.stateOf(host);
    const column = element("div", { class: "bl-book" });
    const lines = NEWS.find(({ from }) => stage.clientHeight >= from).lines;
    const connections = scene.linesOf(host);
    if (state.book || connections.length) {
      const width = Math.floor(stage.clientWidth / this.#shown.length) - 2 * PADDING - 1;
      const isWide = width >= WIDE;
      const slots = listSlots(connections, this.books.history.shelves[host].lines.slotsAt(scene.rows));
      const fits = Math.floor((width - SLOT.kind) / (isWide ? SLOT.named : SLOT.bare));
      const { root, marks } = drawSlots(scene, host, slots, { isNamed: isWide, fits });
      for (const [mark, line] of marks) this.#marks.set(mark, [line]);
      const boxes = slots.map(({ most, lines: { length }, kind }) => ({
        width: SLOT.kind + Math.min(fits, kind === INBOUND ? length : Math.max(length, most ?? 0)) * (isWide ? SLOT.named : SLOT.bare), height: ROW,
      }));
      const height = stage.clientHeight - measureLines(boxes, width, 0) - lines * LINE - 30;
      column.append(root);
      if (state.book) column.append(this.#drawTables(scene, host, standing, { width, height, isWide, ...state.book }));
    }
    if (!state.book) {
      const before = this.books.history.shelves[host].stays.filter(({ to }) => to === this.#findEnd(host, scene.rows)).length;
      column.append(element("p", { class: "bl-empty" }, tellEmpty(peers[host], state, before)));
    }
    column.append(this.#listNews(scene, host, lines));
    return column;
  }

  /** The row at which a peer that is off was switched off. */
  #findEnd(host, rows) {
    return this.books.history.shelves[host].lives.findLast(([row]) => row < rows)?.[0] ?? -1;
  }

  #drawTables(scene, host, standing, { width, height, isWide, isBucketed }) {
    const shown = this.#lens ? standing.filter(({ address }) => this.#lens.has(address)) : standing;
    const tables = isBucketed ? [NEW, TRIED] : [NEW];
    const root = element("div", { class: "bl-book-tables" });
    const isBeside = isWide && isBucketed;
    const room = Math.max(LEAST, (isBeside ? height : height / tables.length) - TITLE);
    for (const table of tables) {
      const side = isBeside ? Math.floor((width - BETWEEN) * BESIDE[table]) : width;
      const stays = shown.filter(stay => stay.table === table);
      const buckets = sortBuckets(stays);
      const letters = Math.max(0, ...stays.map(({ address }) => callAddress(scene, address).length));
      const style = chooseStyle(buckets, { width: side, height: room, letters, share: 1 / this.#shown.length });
      const bundles = style === BUNDLES ? bundleBuckets(buckets, countBundles({ width: side, height: room })) : null;
      const { root: made, marks } = drawTable(scene, table, host, stays, { buckets, bundles, style, letters, width: side });
      for (const [mark, found] of marks) this.#marks.set(mark, found);
      root.append(made);
    }
    root.classList.toggle("bl-beside", isBeside);
    return root;
  }

  /** What happened last. */
  #listNews(scene, host, most) {
    const { store, trace: { columns }, books: { history } } = this;
    const lines = groupNews(history.lastNews(host, scene.rows, MOST_READ), columns).slice(0, most).map(entry => {
      const words = tellNews(scene, entry);
      const at = formatTime(columns.at[entry.row]);
      return element("button", {
        type: "button", tabindex: "-1", class: "bl-left", "data-name": `record:${store.branch}:${entry.row}`, "data-host": host, "data-tip": `${words}, at ${at}`,
      }, element("span", {}, words), " ", element("span", { class: "bl-at" }, at));
    });
    return element("div", { class: "bl-lefts" }, ...lines);
  }

  /** Selection and hover change no mark's place. */
  #mark(scene) {
    const { store, stage } = this;
    const chosen = scene.findChosen(store.selection, store.branch);
    const ips = new Set(scene.addressesOf(chosen).map(readIp));
    const buckets = new Set();
    const found = [];
    let told = 0;
    for (const [mark, all] of this.#marks) {
      const names = all.map(held => nameOfAddress(scene, addressOf(held)));
      const isChosen = chosen !== null && names.includes(chosen);
      const isTold = all.some(({ source }) => ips.has(source));
      if (isChosen) found.push(...all.filter((_, at) => names[at] === chosen));
      if (isTold) told += all.filter(({ source }) => ips.has(source)).length;
      if (isChosen && all.length === 1) buckets.add(mark.closest("[data-bucket]")?.dataset.bucket);
      light(mark, { isChosen, isTold, isHovered: store.hover !== null && names.includes(store.hover) });
    }
    for (const line of stage.querySelectorAll(".bl-left")) {
      const { name } = line.dataset;
      light(line, { isChosen: name === store.selection, isTold: false, isHovered: name === store.hover });
    }
    for (const tick of stage.querySelectorAll(".bl-tick")) tick.classList.toggle("bl-selected", buckets.has(tick.dataset.bucket));
    this.#tell(scene, chosen, found, told);
  }

  #tell(scene, chosen, found, told) {
    if (chosen === null) return setText(this.detail, "Choose an address: who told of it, in whose books it stands, and whom it has told of.");
    const address = found.length ? addressOf(found[0]) : scene.addressesOf(chosen)[0];
    if (address === undefined) return setText(this.detail, `${chosen.slice(chosen.indexOf(":") + 1)} has no address now.`);
    const stays = found.filter(({ table }) => table !== undefined);
    const words = tellAddress(scene, address, stays, { lines: found.filter(({ table }) => table === undefined), told });
    return this.detail.replaceChildren(element("b", {}, tellWho(scene, address)), ` ${words.join(" ")}`);
  }

  #makeTable() {
    const scene = this.#update();
    const { trace: { peers, columns }, books: { history } } = this;
    const stays = this.#shown.flatMap(host => history.standing(host, scene.rows));
    return stays.map(stay => {
      const marks = scene.lookAt(stay);
      const cells = [
        stay.address, marks.isNobody ? "nobody" : callAddress(scene, stay.address), marks.group, marks.net, peers[stay.host], stay.bucket === null ? "list" : stay.table, stay.bucket,
        callSource(scene, stay), columns.at[stay.from], tellMarks(marks, scene.rows).join(", "),
      ];
      return { name: nameOfAddress(scene, stay.address), cells };
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

/** "ip:port" of a stay or of a line. */
const addressOf = ({ address, remote }) => address ?? remote;

function light(mark, { isChosen, isTold, isHovered }) {
  mark.classList.toggle("bl-selected", isChosen);
  mark.classList.toggle("bl-told", isTold);
  mark.classList.toggle("bl-hover", isHovered);
  setAttributes(mark, { "aria-pressed": String(isChosen) });
}
