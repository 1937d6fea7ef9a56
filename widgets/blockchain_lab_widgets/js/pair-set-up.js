// What both runs are made from, where it differs: a table of paths and values.
import { element, setText } from "./dom.js";
import { painter } from "./paint.js";
import { nameOfPath, tellValue } from "./pair-words.js";
import { Table } from "./table.js";

/** The rows: what, in A, in B. Pure. */
export function listSetUp({ setUp }, knobs) {
  return setUp.map(({ path, a, b }) => [nameOfPath(path, knobs), tellValue(a, path, knobs), tellValue(b, path, knobs)]);
}

/** Draws it into `host`. */
export function mountSetUp(host, { pair }) {
  const [store] = pair.stores;
  host.classList.add("bl-pair-set-up");
  const empty = element("p", { class: "bl-empty" });
  const anchor = element("span", { hidden: "" });
  host.append(empty, anchor);
  const rows = () => (pair.plain ? listSetUp(pair.plain, store.trace.knobs) : []);
  const table = new Table(anchor, store, "Set-up", ["what", "A", "B"], rows, () => "where it differs");
  const paint = painter(host, store, () => {
    const { plain } = pair;
    table.root.hidden = !plain?.setUp.length;
    empty.hidden = !table.root.hidden;
    setText(empty, plain ? "The set-up is the same: scenario, seed, knobs, policies, and what was done." : pair.problem);
  });
  return () => {
    paint.stop();
    table.stop();
    host.replaceChildren();
  };
}
