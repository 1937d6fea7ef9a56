// How both runs end: what differs, for how many peers, and A beside B for each.
import { countOf, formatCount, formatTime } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { painter } from "./paint.js";
import { OUTCOMES, tellChange, tellOutcome } from "./pair-words.js";
import { roving } from "./roving.js";
import { Table } from "./table.js";

/** The fields that differ, the most telling first: `{field, title, changed}`, with how many peers' do. Pure. */
export function listFields({ outcomes }) {
  return Object.keys(OUTCOMES).filter(field => field in outcomes).map(field => ({
    field, title: OUTCOMES[field], changed: outcomes[field].filter(value => tellChange(field, value) !== "same").length,
  })).filter(({ changed }) => changed);
}

/** The rows for one field: peer, A, B, change, reached at; peers that differ first. Pure. */
export function listOutcomes({ outcomes, cone }, field, peers, nameOf) {
  const reached = new Map(cone);
  const rows = outcomes[field].map((value, host) => ({
    name: `peer:${peers[host]}`,
    cells: [peers[host], tellOutcome(field, value[0], nameOf[0]), tellOutcome(field, value[1], nameOf[1]), tellChange(field, value), reached.get(peers[host]) ?? null],
  }));
  const isSame = ({ cells }) => cells[3] === "same";
  return [...rows.filter(row => !isSame(row)), ...rows.filter(isSame)];
}

/** Draws the outcomes into `host`. */
export function mountOutcomes(host, { pair, indices }) {
  const [store] = pair.stores;
  host.classList.add("bl-pair-outcomes");
  const choice = element("div", { class: "bl-pair-fields", role: "radiogroup", "aria-label": "What differs in the end" });
  const anchor = element("span", { hidden: "" });
  const empty = element("p", { class: "bl-empty" });
  host.append(choice, empty, anchor);
  let chosen = null;
  let listed = null; // the comparison whose fields stand there
  const nameOf = indices.map(index => hash => index.nameOf(hash));
  const columns = ["peer", "A", "B", "B differs by", { title: "reached at", format: formatTime }];
  const rows = () => (pair.plain && chosen ? listOutcomes(pair.plain, chosen, store.trace.peers, nameOf) : []);
  const table = new Table(anchor, store, "In the end", columns, rows, () => `at ${formatTime(pair.source.plain.until ?? 0)}: ${OUTCOMES[chosen] ?? ""}`);
  const keys = roving(choice, () => [...choice.children]);

  const show = field => {
    chosen = field;
    for (const each of choice.children) setAttributes(each, { "aria-checked": String(each.dataset.field === field) });
    table.paint.request();
  };
  const list = plain => {
    const fields = plain ? listFields(plain) : [];
    const made = fields.map(({ field, title, changed }) => {
      const each = element("button", { type: "button", class: "bl-plain", role: "radio", "data-field": field, title: `${title}: differs for ${countOf(changed, "peer")}` },
        title, element("span", { class: "bl-pair-count" }, formatCount(changed)));
      each.addEventListener("click", () => show(field));
      return each;
    });
    choice.replaceChildren(...made);
    show(fields.some(({ field }) => field === chosen) ? chosen : (fields[0]?.field ?? null));
    keys.update(choice.querySelector("[aria-checked='true']") ?? undefined);
  };
  const paint = painter(host, store, () => {
    const { plain } = pair;
    if (plain !== listed) list(plain);
    listed = plain;
    choice.hidden = table.root.hidden = !chosen;
    empty.hidden = Boolean(chosen);
    setText(empty, !plain ? pair.problem : plain.divergences.length ? "All peers end alike." : `No record differs up to ${formatTime(plain.until)}: all peers end alike.`);
  });
  return () => {
    paint.stop();
    keys.stop();
    table.stop();
    host.replaceChildren();
  };
}
