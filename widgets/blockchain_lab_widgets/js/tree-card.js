// What is known of the selected block: place and work, who has it, who had it first, its hash, the message that brought it.
import { button, element, setAttributes, setText } from "./dom.js";
import { compareWork, describePlace, findFirst, findOwners, listNames, nameState } from "./tree-words.js";

/**
 * Finds the message that brought a block, or its header when no block came. Looks at each record once.
 *
 * A node's note has the record of the arrival as its cause.
 */
export class Bringer {
  #key = "";

  /** The row of the arrival among the first `rows` records, null for none. `peer` null: whoever got it first. */
  find(trace, hash, rows, peer) {
    const key = [hash, peer, trace.epoch].join("|");
    if (key !== this.#key) Object.assign(this, { block: null, header: null, next: 0 });
    this.#key = key;
    const note = trace.kinds.indexOf("note");
    const { kind, cause, facts, peer: peers } = trace.columns;
    for (; this.next < rows && this.block === null; this.next++) {
      const row = this.next;
      if (kind[row] !== note || cause[row] < 0 || (peer !== null && peers[row] !== peer)) continue;
      if (trace.table[facts[cause[row]]].message === undefined) continue;
      const { topic, hash: own, hashes } = trace.table[facts[row]];
      if (own === hash && (topic === "block accepted" || topic === "orphan block" || topic === "block invalid")) this.block = cause[row];
      else if (this.header === null && topic === "headers accepted" && hashes.includes(hash)) this.header = cause[row];
    }
    return [this.block, this.header].find(row => row !== null && row < rows) ?? null;
  }
}

/** The card under the tree. `update` with what is known of a block; null puts it away. */
export function blockCard(store) {
  const { trace } = store;
  const bringer = new Bringer();
  let shown = null; // {block, rows, viewer, isAlone}: alone with what one peer knows
  const showBytes = () => {
    const row = bringer.find(trace, shown.block.hash, shown.rows, shown.viewer);
    if (row === null) return;
    store.select(`record:${store.branch}:${row}`);
    store.open("bytes");
  };
  const why = button("Why?", "Why does this block exist?", () => store.askWhy(`block:${shown.block.hash}`));
  const bytes = button("Bytes", "Bytes", showBytes);
  const close = button("×", "Let the block go", () => store.select(null));
  const name = element("b");
  const place = element("span");
  const owners = element("span");
  const first = element("span");
  const event = element("button", { type: "button", class: "bl-card-event" });
  event.addEventListener("click", () => store.goto(trace.record(shown.block.seen).event));
  const hash = element("code", { class: "bl-card-hash" });
  const root = element("div", { class: "bl-card", role: "group", hidden: "" },
    element("div", { class: "bl-card-head" }, name, place, element("span", { class: "bl-card-acts" }, why, bytes, close)),
    element("div", {}, owners, first, event), hash);

  const update = known => {
    setAttributes(root, { hidden: known === null ? "" : null });
    shown = known;
    if (known === null) return;
    const { block, model, state, index, rows, viewer, isAlone } = known;
    setAttributes(root, { "aria-label": `Block ${block.name}` });
    setText(name, block.name);
    const top = index.get(model.fills.keys().next().value);
    const isLess = block.work && top?.work && block.work !== top.work;
    setText(place, `${nameState(model, block.order)}, ${describePlace(block)}${isLess ? ` (${compareWork(block.work, top.work)} than ${top.name})` : ""}`);
    const has = findOwners(state, block.order, trace.peers).map(([what, names]) => `${what}: ${listNames(names)}`);
    setText(owners, has.length ? has.join("; ") : "nobody has it yet");
    const found = isAlone ? null : findFirst(trace, block);
    setText(first, isAlone ? "" : found === null ? ". Everybody starts with it." : `. First ${found.loaded ? "on the disk of" : "seen by"} ${found.who}, ${found.when}, `);
    setText(event, found === null ? "" : `event ${found.event}`);
    setAttributes(event, { hidden: found === null ? "" : null });
    setText(hash, block.hash);
    const row = bringer.find(trace, block.hash, rows, viewer);
    const words = row === null ? "Bytes: no message has brought it yet" : "Bytes of the message that brought it";
    setAttributes(bytes, { disabled: row === null ? "" : null, title: words, "aria-label": words });
    setAttributes(why, { disabled: block.seen < 0 || block.seen >= rows ? "" : null });
  };
  return { root, update };
}
