// Whom the difference has reached, and when: a curve, and a line for each peer.
import { describeLine } from "./events-filter.js";
import { formatTime } from "./describe.js";
import { element, setText } from "./dom.js";
import { painter } from "./paint.js";
import { Table } from "./table.js";

/** The rows: peer, when, how long after the first difference, what it lived then. Pure. */
export function listReached(plain, tell) {
  const partings = new Map(plain.divergences.map(each => [each.peer, each]));
  const start = plain.divergences[0].at;
  return plain.cone.map(([peer, at]) => ({ name: `peer:${peer}`, cells: [peer, at, at - start, tell(partings.get(peer))] }));
}

/** Draws it into `host`. */
export function mountReached(host, { pair, indices }) {
  const { stores } = pair;
  host.classList.add("bl-pair-reached");
  const empty = element("p", { class: "bl-empty" });
  const anchor = element("span", { hidden: "" });
  host.append(empty, anchor);
  const tellRow = (side, row) => {
    if (row === null) return `${"AB"[side]} nothing more`;
    const { who, what } = describeLine(stores[side].trace, stores[side].trace.record(row), indices[side]);
    return `${"AB"[side]} ${who}: ${what}`;
  };
  const tell = ({ a, b }) => [a, b].map((row, side) => tellRow(side, row)).join("; ");
  const columns = ["peer", { title: "reached at", format: formatTime }, { title: "later by", format: formatTime }, "with"];
  const table = new Table(anchor, stores[0], "Reached", columns, () => (pair.first ? listReached(pair.plain, tell) : []), () => "in the order of time");
  const paint = painter(host, stores[0], () => {
    const { plain } = pair;
    table.root.hidden = !plain?.cone.length;
    empty.hidden = !table.root.hidden;
    setText(empty, !plain ? pair.problem : plain.divergences.length ? "No peer has lived anything else." : `No record differs up to ${formatTime(plain.until)}: nobody is reached.`);
  });
  return () => {
    paint.stop();
    table.stop();
    host.replaceChildren();
  };
}
