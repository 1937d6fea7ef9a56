// What came of a message at its receiver, and what came of it unedited in the future that was left.
import { Effects } from "./causes.js";
import { formatTime } from "./describe.js";
import { element } from "./dom.js";
import { tellRecord } from "./why-words.js";

const MOST = 6; // records in a list

/**
 * What a sent message caused at its receiver, directly.
 *
 * @param {Effects} effects up to date
 * @returns {{arrival: number, rows: number[]}} `arrival` is the row at which it arrived or was lost, -1 for neither (yet)
 */
export function findOutcome(effects, send) {
  const [arrival = -1] = effects.of(send);
  return { arrival, rows: arrival < 0 ? [] : effects.of(arrival) };
}

/** Shows, under an edited message, both futures side by side; nothing for a message that nobody edited. */
export class Outcome {
  #known = "";

  constructor(store, index) {
    Object.assign(this, { store, index, trace: store.trace, effects: new Effects(store.trace) });
    this.root = element("section", { class: "bl-outcome", "aria-label": "What came of the edit" });
    this.root.addEventListener("click", event => this.#onClick(event.target));
  }

  /** Where a sent message arrived, or the sending itself while it has not. */
  findArrival(send) {
    const { arrival } = findOutcome(this.effects.update(), send);
    return arrival < 0 ? send : arrival;
  }

  /** Keep in words what a message causes now: call it before the edit, and the result behind it. */
  keep(send) {
    const told = this.#tell(send);
    const { branch, memory } = this.store;
    return () => memory.set(this.#keyOf(send), { told, branch });
  }

  #keyOf(send) {
    return `bytes: unedited ${this.store.branch}/${send}`;
  }

  #tell(send) {
    const { arrival, rows } = findOutcome(this.effects.update(), send);
    const all = arrival < 0 ? [] : [arrival, ...rows];
    return all.map(row => {
      const record = this.trace.record(row);
      return { row, at: formatTime(record.at), words: tellRecord(this.trace, record, this.index) };
    });
  }

  /** Show what came of an edit, when there was one. */
  draw({ send, flips }) {
    const { trace, store } = this;
    this.root.hidden = !flips;
    const known = `${send}/${trace.length}/${trace.epoch}/${store.branches.length}/${flips?.length}/${store.cursor}`;
    if (!flips || known === this.#known) return;
    this.#known = known;
    const kept = store.memory.get(this.#keyOf(send)) ?? null;
    this.root.replaceChildren(this.#makeColumn("Edited, in this future", this.#tell(send), true));
    if (kept) this.root.append(this.#makeOther(kept));
  }

  #makeColumn(title, told, isHere) {
    const items = told.slice(0, MOST).map(({ row, at, words }) => {
      const parts = [element("span", { class: "bl-at" }, at), element("span", {}, words)];
      const isLater = isHere && this.trace.columns.event[row] > this.store.cursor;
      const inner = isHere ? element("button", { type: "button", "data-row": row, class: isLater ? "bl-later" : null }, ...parts) : element("span", {}, ...parts);
      return element("li", {}, inner);
    });
    if (!told.length) items.push(element("li", {}, "Nothing: it never arrived as a message."));
    if (told.length === 1) items.push(element("li", { class: "bl-nothing" }, "The receiver did nothing."));
    if (told.length > MOST) items.push(element("li", {}, `and ${told.length - MOST} more`));
    return element("div", {}, element("h4", {}, title), element("ul", {}, ...items));
  }

  #makeOther({ told, branch }) {
    const column = this.#makeColumn("As it was sent, in the other future", told, false);
    if (branch !== this.store.branch && this.store.branches[branch]) {
      column.append(element("button", { type: "button", class: "bl-plain", "data-branch": branch }, "Go to that future"));
    }
    return column;
  }

  #onClick(target) {
    const { row } = target.closest("[data-row]")?.dataset ?? {};
    const { branch } = target.closest("[data-branch]")?.dataset ?? {};
    if (branch !== undefined) this.store.switchTo(Number(branch));
    if (row === undefined) return;
    this.store.goto(this.trace.columns.event[row]);
    if (this.trace.record(Number(row)).facts.message !== undefined) this.store.select(`record:${this.store.branch}:${row}`);
  }
}
