// The table of peers: how each stands at the cursor, sorted by whatever the reader asks, found by a word.
import { countOf, formatCount } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { painter } from "./paint.js";
import { drawHead, drawRow, layColumns, makeHead, makeRow } from "./peers-draw.js";
import { PeersScene } from "./peers-scene.js";
import { bindPointing } from "./pointing.js";
import { roving } from "./roving.js";
import { nextSort } from "./table-rows.js";
import { virtualList } from "./virtual.js";

const ROW_HEIGHT = 24;
const MEMORY = "peers"; // how it was sorted and filtered, for who comes back to the tab
const STEPS = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 };

/** Draws the table into `host`. */
export function mount(host, store) {
  const view = new PeersView(host, store);
  return () => view.stop();
}

class PeersView {
  #sort; // {column, down}, null for the hosts' own order
  #order = []; // hosts as listed
  #changes = new Set();
  #active = 0; // the host of the tab stop
  #followed = null; // the selection that was brought into sight
  #heads = ""; // what the heads were made of

  constructor(host, store) {
    Object.assign(this, { host, store, trace: store.trace, scene: new PeersScene(store) });
    const { sort = null, words = "" } = store.memory.get(MEMORY) ?? {};
    this.#sort = sort;
    host.classList.add("bl-standing");
    this.word = element("input", { type: "search", placeholder: "find", "aria-label": "Find peers by name, state, role, tip or era", spellcheck: "false" });
    this.word.value = words;
    this.count = element("span", { class: "bl-summary" });
    const key = element("span", { class: "bl-standing-key" }, element("i"), "changed by this event");
    this.top = element("div", { role: "row", "aria-rowindex": "1", class: "bl-standing-row" });
    this.box = element("div", { role: "table", "aria-label": "Peers" }, element("div", { role: "rowgroup", class: "bl-standing-heads" }, this.top));
    this.empty = element("p", { class: "bl-empty" });
    host.append(element("div", { class: "bl-head" }, this.word, key, this.count), this.box, this.empty);
    this.list = virtualList(this.box, ROW_HEIGHT, position => this.#makeRow(position));
    setAttributes(this.box.lastElementChild, { role: "rowgroup" });
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
  }

  #bind() {
    const { box, store, top, trace } = this;
    const hostAt = target => Number(target.closest?.("[data-host]")?.dataset.host ?? -1);
    this.headKeys = roving(top, () => [...top.querySelectorAll("button")]);
    this.unpoint = bindPointing(box, store, target => (hostAt(target) < 0 ? null : `peer:${trace.peers[hostAt(target)]}`));
    this.word.addEventListener("input", () => this.#arrange(this.#sort));
    box.addEventListener("scroll", () => this.paint.request(), { passive: true }); // the tab stop stays in sight
    box.addEventListener("click", ({ target }) => {
      const { column } = target.closest("[data-column]")?.dataset ?? {};
      if (column) this.#arrange(nextSort(this.#sort, column));
      else if (hostAt(target) >= 0) this.#choose(hostAt(target));
    });
    box.addEventListener("keydown", event => this.#onKey(event));
  }

  #arrange(sort) {
    this.#sort = sort;
    this.store.memory.set(MEMORY, { sort, words: this.word.value });
    this.box.scrollTop = 0;
    this.paint.request();
  }

  // --- what is listed ----------------------------------------------------------------------------------------

  #draw() {
    const { scene, list, box } = this;
    this.#changes = scene.findChanges();
    const focused = box.contains(document.activeElement) ? document.activeElement.closest("[data-host]") : null;
    const keep = focused && Number(focused.dataset.host);
    this.#drawHeads();
    const count = this.#order.length;
    this.#order = scene.arrange(this.#sort, this.word.value);
    if (count !== this.#order.length) list.setCount(this.#order.length);
    this.#follow();
    this.#fillRows();
    if (keep !== null) this.#buttonOf(keep)?.focus({ preventScroll: true }); // its row may stand elsewhere now
    box.hidden = !this.#order.length;
    this.empty.hidden = this.#order.length > 0;
    setText(this.empty, this.trace.peers.length ? `No row has “${this.word.value.trim()}” in it.` : "Nobody takes part here.");
    setText(this.count, this.#tell());
    this.count.title = this.count.textContent;
  }

  #tell() {
    const { scene, trace } = this;
    const count = countOf(trace.peers.length, "peer");
    const found = this.#order.length < trace.peers.length ? `${formatCount(this.#order.length)} of ${count}` : count;
    const [era] = trace.eras;
    const habits = scene.run.eras === 1 && era && era !== "plain" ? [`era ${era}`] : [];
    const states = scene.run.holds ? [countOf(scene.states, "local state")] : [];
    return [found, ...habits, ...(scene.sight ? [`as ${scene.sight.name} knows them`] : states)].join(" · ");
  }

  #drawHeads() {
    const { scene: { columns, chosen, sight }, top, box, list, trace } = this;
    const isWide = trace.firewalls.some(Boolean) || trace.behind.some(gateway => gateway >= 0);
    const heads = [...columns.map(({ id }) => id), isWide, trace.peers.length].join(" ");
    if (heads !== this.#heads) {
      const widths = layColumns(columns, trace.peers, isWide);
      box.style.setProperty("--bl-columns", widths.map(width => `${width}px`).join(" "));
      box.style.setProperty("--bl-width", `${widths.reduce((sum, width) => sum + width, 0)}px`);
      setAttributes(box, { "aria-colcount": columns.length });
      top.replaceChildren(...columns.map(makeHead));
      list.redraw();
    }
    this.#heads = heads;
    const name = chosen === null || (sight && sight.host !== chosen) ? null : trace.peers[chosen];
    columns.forEach((column, at) => drawHead(top.children[at], column, this.#sort, name));
    this.headKeys.update();
  }

  // Somebody chose a peer, perhaps in another view: bring it into sight, if the filter lets it through.
  #follow() {
    const { store, scene: { chosen } } = this;
    if (store.selection === this.#followed) return;
    this.#followed = store.selection;
    const position = chosen === null ? -1 : this.#order.indexOf(chosen);
    if (position < 0) return;
    this.#active = chosen;
    this.list.reveal(position);
  }

  #makeRow(position) {
    const row = makeRow(this.scene.columns);
    this.#fill(row, position);
    return row;
  }

  #fill(row, position) {
    const { scene, store: { selection, hover } } = this;
    const host = this.#order[position];
    setAttributes(row, { "aria-rowindex": position + 2 });
    if (host !== undefined) drawRow(row, host, { scene, changes: this.#changes, selection, hover });
  }

  // One row in sight is the tab stop: that of the active peer, or the first one that can be seen.
  #fillRows() {
    const { list, box } = this;
    setAttributes(box, { "aria-rowcount": this.#order.length + 1 });
    for (const [position, row] of list.live) this.#fill(row, position);
    const first = Math.min(Math.ceil(box.scrollTop / ROW_HEIGHT), this.#order.length - 1);
    const stop = this.#buttonOf(this.#active) ?? list.elementAt(first)?.querySelector("button");
    for (const row of list.live.values()) {
      const button = row.querySelector("button");
      button.tabIndex = button === stop ? 0 : -1;
    }
  }

  #buttonOf(host) {
    return this.list.elementAt(this.#order.indexOf(host))?.querySelector("button") ?? null;
  }

  // --- the reader --------------------------------------------------------------------------------------------

  #choose(host) {
    const { store, trace } = this;
    const name = `peer:${trace.peers[host]}`;
    this.#active = host;
    store.select(store.selection === name ? null : name);
  }

  #onKey(event) {
    const { store, trace, list } = this;
    const row = event.target.closest("[data-host]");
    const step = STEPS[event.key];
    if (!row || event.ctrlKey || event.metaKey || event.altKey || !(step || event.key === "Enter")) return;
    event.preventDefault();
    const host = Number(row.dataset.host);
    if (event.key === "Enter") return void this.#choose(host);
    const position = Math.max(0, Math.min(this.#order.length - 1, this.#order.indexOf(host) + step));
    this.#active = this.#order[position];
    list.reveal(position);
    this.#fillRows();
    this.#buttonOf(this.#active)?.focus({ preventScroll: true });
    store.select(`peer:${trace.peers[this.#active]}`);
  }

  stop() {
    this.paint.stop();
    this.unpoint();
    this.headKeys.stop();
    this.list.stop();
    this.host.replaceChildren();
  }
}
