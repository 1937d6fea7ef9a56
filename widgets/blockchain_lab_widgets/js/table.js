// A real table behind a graph: the same facts for who hears them, copies them, sorts or searches them.
import { describePlace, formatCount } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { painter } from "./paint.js";
import { roving } from "./roving.js";
import { arrangeRows, nextSort } from "./table-rows.js";

/** What a table stands in for, and where its button goes, when a view says nothing else. */
const GRAPHS = ".bl-stage, .bl-scroll, .bl-split";
const PLACES = [".bl-zoom", ".bl-head", ".bl-legend"];

/**
 * Adds a "Table" button to a view. While it is pressed a table stands in place of the graph, whose box is gone
 * (`display: none`, so its size is 0); otherwise `rows` is never asked.
 *
 * @param {Element} host of a view that has put its graph and its head or legend there already
 * @param {string} options.title what the table lists, "Peers"; place and time are added
 * @param {(string|{title: string, format: function})[]} options.columns the first one names its row; numbers go through
 *   `format` (a count, usually) and sort as numbers
 * @param {() => ((string|number|null)[]|{name: string, cells: (string|number|null)[]})[]} options.rows at `store.cursor`, folded
 *   by itself: nothing of the graph may have been drawn. `name` is what choosing the row selects ("peer:ann")
 * @param {Element} [options.graph] what it stands in for
 * @param {Element} [options.place] where the button goes
 * @returns {{update: function, stop: function}} `update` asks for another drawing, when something changed that is not in the store
 */
export function tableButton(host, store, { title, columns, rows, graph = host.querySelector(GRAPHS), place = null }) {
  const button = element("button", {
    type: "button", class: "bl-table-button", "aria-pressed": "false", title: `${title} as a table`, "aria-label": `Table: ${title}`,
  }, "Table");
  (place ?? PLACES.map(part => host.querySelector(part)).find(Boolean) ?? host).append(button);
  const memory = `table:${title}`; // whoever reads tables finds the table again behind the next tab
  let table = null;
  const show = wanted => {
    table?.stop();
    table = wanted ? new Table(graph, store, title, columns, rows) : null;
    button.setAttribute("aria-pressed", String(wanted));
    graph.style.display = wanted ? "none" : "";
  };
  button.addEventListener("click", () => {
    store.memory.set(memory, table === null);
    show(table === null);
  });
  if (store.memory.get(memory)) show(true);
  return {
    update: () => table?.paint.request(),
    stop() {
      table?.stop();
      button.remove();
    },
  };
}

/** The table itself, behind `graph`; `tell` says in its caption of when it is. */
export class Table {
  #sort = null; // {column, down}
  #shown = []; // [name, ...cells] as drawn

  constructor(graph, store, title, columns, rows, tell = () => describePlace(store)) {
    Object.assign(this, { store, title, rows, tell });
    this.columns = columns.map(column => (typeof column === "string" ? { title: column } : column));
    this.words = element("span");
    this.hidden = element("p", { class: "bl-table-hidden" });
    this.heads = this.columns.map((column, at) => this.#makeHead(column.title, at));
    this.body = element("tbody");
    const caption = element("caption", {}, title, this.words);
    const table = element("table", {}, caption, element("thead", {}, element("tr", {}, ...this.heads)), this.body);
    this.root = element("div", { class: "bl-table", role: "region", "aria-label": title }, table, this.hidden);
    graph.after(this.root);
    this.body.addEventListener("click", event => this.#choose(event.target.closest("tr")));
    this.roving = roving(this.root, () => [...this.root.querySelectorAll("button")]);
    this.paint = painter(this.root, store, () => this.#draw());
  }

  #makeHead(title, at) {
    const sorter = element("button", { type: "button", title: `Sort by ${title}` }, title);
    sorter.addEventListener("click", () => {
      this.#sort = nextSort(this.#sort, at);
      this.paint.request();
    });
    return element("th", { scope: "col" }, sorter);
  }

  #draw() {
    const { columns, store } = this;
    const { rows, hidden } = arrangeRows(this.rows(), this.#sort);
    this.heads.forEach((head, at) => {
      const isNumber = typeof rows.find(({ cells }) => cells[at] !== null)?.cells[at] === "number";
      const order = this.#sort?.column === at ? (this.#sort.down ? "descending" : "ascending") : null;
      head.classList.toggle("bl-number", isNumber);
      setAttributes(head, { "aria-sort": order });
    });
    while (this.body.rows.length > rows.length) this.body.lastChild.remove();
    rows.forEach((row, at) => this.#drawRow(this.body.rows[at] ?? this.body.appendChild(makeRow(columns.length)), row));
    setText(this.words, `, ${this.tell()}`);
    setText(this.hidden, rows.length ? hidden : "Nothing to list at this moment.");
    this.roving.update();
  }

  #drawRow(made, { name, cells }) {
    const { columns, store } = this;
    made.dataset.name = name ?? "";
    made.classList.toggle("bl-selected", name !== null && name === store.selection);
    cells.forEach((cell, at) => {
      const text = typeof cell === "number" ? (columns[at].format ?? formatCount)(cell) : (cell ?? "");
      const box = made.cells[at];
      box.classList.toggle("bl-number", typeof cell === "number");
      if (at || name === null) return void setText(box, text);
      if (box.firstElementChild === null) box.replaceChildren(element("button", { type: "button" }));
      setText(box.firstElementChild, text);
      setAttributes(box.firstElementChild, { "aria-pressed": String(name === store.selection) });
    });
  }

  #choose(row) {
    const name = row?.dataset.name;
    if (name) this.store.select(this.store.selection === name ? null : name);
  }

  stop() {
    this.paint.stop();
    this.roving.stop();
    this.root.remove();
  }
}

function makeRow(columns) {
  const head = element("th", { scope: "row" });
  return element("tr", {}, head, ...Array.from({ length: columns - 1 }, () => element("td")));
}
