// One step of a chain as a row: when, how long after its cause, what; and its first fields and bytes on demand.
import { toHex } from "./checksum.js";
import { formatCount, formatTime } from "./describe.js";
import { element } from "./dom.js";
import { envelopeEnd, flatten, readMessage } from "./fields.js";
import { messageMark } from "./marks.js";
import { valueOf } from "./values.js";
import { tellRecord } from "./why-words.js";

const FIRST_FIELDS = 6;
const FIRST_BYTES = 48;
const DEEPEST = 10; // indents; deeper ones stand under each other
const INDENT = 16; // pixels

/**
 * @param {{trace, index}} view whose trace and names of blocks are meant
 * @param {number} row
 * @param {{number?: number, depth?: number, since: number|null}} place in the list; `since` is the row of its cause
 */
export function makeStep({ trace, index }, row, { number = null, depth = 0, since }) {
  const record = trace.record(row);
  const delay = since === null ? 0 : record.at - trace.columns.at[since];
  const waited = since === null ? "" : delay ? `+${formatTime(delay)}` : "at once";
  const isMessage = record.facts.command !== undefined;
  const main = element("button", { type: "button", class: "bl-step-main", tabindex: "-1" },
    element("span", { class: "bl-number" }, number === null ? "" : String(number)),
    element("span", { class: "bl-at" }, formatTime(record.at)),
    element("span", { class: "bl-waited" }, waited),
    isMessage ? messageMark(record.facts.class) : element("span", { class: "bl-no-mark" }),
    element("span", { class: "bl-what" }, tellRecord(trace, record, index)));
  main.querySelector(".bl-what").style.paddingLeft = `${Math.min(depth, DEEPEST) * INDENT}px`;
  const made = element("li", { class: "bl-step", "data-row": row }, main);
  if (record.facts.message !== undefined) addPeek(made, { trace, index }, row);
  return made;
}

/** A row that stands for steps which are not shown; pressing it shows them. */
export function makeGap(words) {
  return element("li", {}, element("button", { type: "button", class: "bl-gap", tabindex: "-1" }, words));
}

function addPeek(made, view, row) {
  const unfold = element("button", { type: "button", class: "bl-unfold", tabindex: "-1", "aria-expanded": "false" }, "hex");
  const what = made.querySelector(".bl-what").textContent;
  unfold.setAttribute("aria-label", `hex: fields and bytes of ${what}`);
  unfold.addEventListener("click", () => {
    const isOpen = made.classList.toggle("bl-open");
    unfold.setAttribute("aria-expanded", String(isOpen));
    made.querySelector(".bl-peek")?.remove();
    if (isOpen) made.append(makePeek(view, row));
  });
  made.append(unfold);
}

/** The first fields behind the envelope (of an empty message the envelope's), and the first bytes. */
function makePeek({ trace, index }, row) {
  const message = trace.messageOf(row);
  if (!message) return element("div", { class: "bl-peek" }, "These bytes are still on their way from Python.");
  const nodes = readMessage(message);
  const leaves = flatten(nodes, () => true).filter(({ parts }) => !parts.length);
  const payload = leaves.filter(({ start }) => start >= envelopeEnd(nodes));
  const shown = (payload.length ? payload : leaves).slice(0, FIRST_FIELDS);
  const hidden = (payload.length || leaves.length) - shown.length;
  const list = element("dl", {}, ...shown.flatMap(node => [
    element("dt", {}, `${node.name.replaceAll("_", " ")}${node.number === null ? "" : ` ${node.number}`}`),
    element("dd", {}, valueOf(node, message.bytes, hash => index.get(hash)?.name)),
  ]));
  const from = payload.length ? envelopeEnd(nodes) : 0;
  const bytes = message.bytes.subarray(from, from + FIRST_BYTES);
  const hex = toHex(bytes).replace(/../g, "$& ").trim();
  const more = from + bytes.length < message.bytes.length ? " …" : "";
  const size = `${formatCount(message.bytes.length)} bytes${hidden > 0 ? `, ${formatCount(hidden)} more fields` : ""}`;
  return element("div", { class: "bl-peek" }, list, element("code", {}, hex + more),
    element("p", {}, size, element("button", { type: "button", class: "bl-show-bytes" }, "Open in Bytes")));
}
