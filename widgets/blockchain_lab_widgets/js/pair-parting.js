// Where the two lives of a peer part: its records of before, and what it did then in A and in B instead.
import { describeLine } from "./events-filter.js";
import { formatTime } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { messageMark } from "./marks.js";
import { painter } from "./paint.js";
import { SIDES, countShared, rowsAround } from "./pair-model.js";
import { bindPointing } from "./pointing.js";
import { roving } from "./roving.js";

const AROUND = { before: 3, after: 6 }; // records
const MOST_LISTED = 200; // peers in the choice

/** Draws it into `host`. */
export function mountParting(host, context) {
  const view = new PartingView(host, context);
  return () => view.stop();
}

class PartingView {
  #peer = null; // whose parting is shown; null for the first one
  #followed = null; // the selection that we have followed
  #drawn = "";

  constructor(host, { pair, indices, bindSide }) {
    const { stores } = pair;
    Object.assign(this, { host, pair, stores, indices });
    host.classList.add("bl-pair-parting");
    this.choice = element("select", { "aria-label": "Whose lives part" });
    this.choice.addEventListener("change", () => {
      this.#peer = this.choice.value;
      this.paint.request();
    });
    this.words = element("p", { class: "bl-detail" });
    this.empty = element("p", { class: "bl-empty" });
    this.lists = SIDES.map((_, side) => this.#makeList(side));
    this.columns = element("div", { class: "bl-pair-columns" }, ...this.lists.map(({ root }) => root));
    this.headLine = element("div", { class: "bl-head" }, element("label", {}, "Of ", this.choice));
    host.append(this.headLine, this.columns, this.words, this.empty);
    this.unbind = this.lists.map(({ root }, side) => bindSide(root, side));
    this.paint = painter(host, stores[0], () => this.#draw());
    this.leave = stores[1].subscribe(this.paint.request);
  }

  #makeList(side) {
    const store = this.stores[side];
    const list = element("div", { class: "bl-pair-records", role: "group", "aria-label": `Records of ${SIDES[side]}` });
    const ask = (title, act) => {
      const made = element("button", { type: "button", class: "bl-plain" }, title);
      made.addEventListener("click", act);
      return made;
    };
    const why = ask("Why?", () => store.askWhy());
    const bytes = ask("Bytes", () => store.open("bytes"));
    for (const [each, what] of [[why, "What led to the chosen record"], [bytes, "The chosen record's message, byte by byte"]]) {
      setAttributes(each, { title: `${SIDES[side]}: ${what}`, "aria-label": `${each.textContent} in ${SIDES[side]}` });
    }
    const head = element("div", { class: "bl-pair-column-head" }, element("b", {}, SIDES[side]), why, bytes);
    const nameAt = target => target.closest?.(".bl-pair-record")?.dataset.name;
    list.addEventListener("click", ({ target }) => {
      const made = target.closest(".bl-pair-record");
      if (!made) return;
      store.goto(Number(made.dataset.event));
      store.select(made.dataset.name);
    });
    return {
      root: element("section", { "aria-label": SIDES[side] }, head, list), list, why, bytes,
      keys: roving(list, () => [...list.querySelectorAll("button")]), unpoint: bindPointing(list, store, nameAt),
    };
  }

  #draw() {
    const { pair, stores } = this;
    const { plain, first } = pair;
    this.#follow();
    for (const part of [this.headLine, this.columns, this.words]) part.hidden = !first;
    this.empty.hidden = Boolean(first);
    setText(this.empty, plain ? `No record differs up to ${formatTime(plain.until)}.` : pair.problem);
    if (!first) return;
    const found = plain.divergences.find(({ peer }) => peer === this.#peer) ?? first;
    const drawn = JSON.stringify([found, plain.of]);
    if (drawn !== this.#drawn) this.#fill(plain, found);
    this.#drawn = drawn;
    this.lists.forEach(({ list, why, bytes }, side) => {
      const { selection, trace } = stores[side];
      for (const made of list.children) made.classList.toggle("bl-selected", made.dataset.name !== undefined && made.dataset.name === selection);
      const row = Number(selection?.match(/^record:\d+:(\d+)$/)?.[1] ?? -1);
      why.disabled = row < 0;
      bytes.disabled = row < 0 || trace.record(row).facts.message === undefined;
    });
  }

  /** A selected peer's parting is shown, when it has one. */
  #follow() {
    const { selection } = this.stores[0];
    if (selection === this.#followed) return;
    this.#followed = selection;
    if (selection?.startsWith("peer:")) this.#peer = selection.slice(5);
  }

  #fill(plain, found) {
    const { stores } = this;
    const options = plain.divergences.slice(0, MOST_LISTED).map(({ peer, at }) => new Option(`${peer || "the network"}, ${formatTime(at)}`, peer));
    this.choice.replaceChildren(...options);
    this.choice.value = found.peer;
    const host = stores[0].trace.peers.indexOf(found.peer);
    this.lists.forEach(({ list, keys }, side) => {
      const { trace } = stores[side];
      const parted = this.#findParted(found, side);
      const shared = parted ?? (host < 0 ? countShared(plain, stores) : trace.length);
      const rows = rowsAround(trace, host, shared, AROUND);
      const made = rows.map(row => this.#makeRecord(side, row, parted, shared));
      if (parted === null) made.splice(rows.filter(row => row < shared).length, 0, element("p", { class: "bl-pair-nothing" }, host < 0 ? "≠ nothing of the kind" : "≠ nothing more"));
      list.replaceChildren(...made);
      keys.update();
    });
    const who = found.peer || "the network";
    setText(this.words, `Up to ${formatTime(found.at)} ${who} has lived the same in both runs. ≠ marks the first record that is another one.`);
  }

  /** The row that is another one. What befalls the network at another time has nothing to do with it. */
  #findParted({ peer, at, a, b }, side) {
    const row = side ? b : a;
    const isOther = peer === "" && row !== null && this.stores[side].trace.columns.at[row] !== at;
    return isOther ? null : row;
  }

  #makeRecord(side, row, parted, shared) {
    const { trace, branch } = this.stores[side];
    const record = trace.record(row);
    const { who, what } = describeLine(trace, record, this.indices[side]);
    const isFirst = row === parted;
    const isShared = row < shared;
    const sign = isFirst ? "≠" : isShared ? "=" : "";
    const mark = record.facts.command === undefined ? element("span", { class: "bl-no-mark" }) : messageMark(record.facts.class);
    return element("button", {
      type: "button", class: `bl-pair-record${isFirst ? " bl-pair-differs" : isShared ? " bl-pair-shared" : ""}`, tabindex: "-1",
      "data-name": `record:${branch}:${row}`, "data-event": record.event, title: `${formatTime(record.at)}, ${who}: ${what}`,
    }, element("span", { class: "bl-pair-sign", "aria-label": isFirst ? "differs" : isShared ? "same" : null, role: sign ? "img" : null }, sign),
    element("span", { class: "bl-at" }, formatTime(record.at)), mark, element("span", { class: "bl-pair-what" }, `${who}: ${what}`));
  }

  stop() {
    this.paint.stop();
    this.leave();
    this.unbind.forEach(end => end());
    for (const { keys, unpoint } of this.lists) {
      keys.stop();
      unpoint();
    }
    this.host.replaceChildren();
  }
}
