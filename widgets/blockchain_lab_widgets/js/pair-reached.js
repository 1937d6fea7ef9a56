// Whom the difference has reached, and when: a curve, and a line for each peer.
import { CurvePlot } from "./curve-plot.js";
import { formatTime } from "./describe.js";
import { element, setText } from "./dom.js";
import { describeLine } from "./events-filter.js";
import { painter } from "./paint.js";
import { SIDES, stepsOf } from "./pair-model.js";
import { Table } from "./table.js";

const BRIEF = 100_000; // µs: a span that is always shown
const [BEFORE, BEHIND] = [0.3, 0.1]; // of the time in which peers are reached, for what was before and is behind it

/** The rows: peer, when, how long after the first difference, what it lived then. Pure. */
export function listReached(plain, tell) {
  const partings = new Map(plain.divergences.map(each => [each.peer, each]));
  const start = plain.divergences[0].at;
  return plain.cone.map(([peer, at]) => ({ name: `peer:${peer}`, cells: [peer, at, at - start, tell(partings.get(peer))] }));
}

/** Draws it into `host`. */
export function mountReached(host, { pair, indices }) {
  const { stores } = pair;
  const [store] = stores;
  host.classList.add("bl-pair-reached");
  const empty = element("p", { class: "bl-empty" });
  const box = element("div", { class: "bl-pair-curve" });
  host.append(empty, box);
  const plot = new CurvePlot(box, { title: "Peers that the difference has reached", onTime: at => store.gotoTime(at) });
  const tellRow = (side, row) => {
    if (row === null) return `${SIDES[side]} nothing more`;
    const { who, what } = describeLine(stores[side].trace, stores[side].trace.record(row), indices[side]);
    return `${SIDES[side]} ${who}: ${what}`;
  };
  const tell = ({ a, b }) => [a, b].map((row, side) => tellRow(side, row)).join("; ");
  const columns = ["peer", { title: "reached at", format: formatTime }, { title: "later by", format: formatTime }, "with"];
  const table = new Table(box, store, "Reached", columns, () => (pair.first ? listReached(pair.plain, tell) : []), () => "the first one first");
  const paint = painter(host, store, () => {
    const { plain } = pair;
    box.hidden = table.root.hidden = !plain?.cone.length;
    empty.hidden = !box.hidden;
    setText(empty, !plain ? pair.problem : plain.divergences.length ? "No peer has lived anything else." : `No record differs up to ${formatTime(plain.until)}: nobody is reached.`);
    if (!box.hidden) plot.set(drawn(plain, store));
  });
  const resize = new ResizeObserver(() => paint.request());
  resize.observe(box);
  return () => {
    resize.disconnect();
    paint.stop();
    table.stop();
    plot.stop();
    host.replaceChildren();
  };
}

/** What the plot shows: the time in which peers were reached; faint is what lies behind the clock. Pure. */
export function drawn(plain, { clock, trace }) {
  const [first, last] = [plain.divergences[0].at, plain.cone.at(-1)[1]];
  const span = Math.max(last - first, BRIEF);
  const [from, to] = [Math.max(0, first - span * BEFORE), last + span * BEHIND];
  return {
    from, to, shown: clock, isAhead: true, cursor: clock >= from && clock <= to ? clock : null,
    y: { title: "peers reached", kind: "count", isWhole: true, least: 0, most: trace.peers.length },
    series: [{ name: "reached", label: "reached", points: stepsOf(plain), shape: "step" }],
    marks: [{ at: first, label: "first difference" }],
  };
}
