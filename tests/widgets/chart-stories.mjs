// Random traces for the tests of the space-time chart: the same seed gives the same trace.
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { pack } from "./packed.mjs";

const CLASSES = ["connection", "addresses", "announce", "data"];

/** Whole numbers below `limit`, from a seed (mulberry32). */
export function drawFrom(seed) {
  let state = seed;
  return limit => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** The facts of a toy message of a class; `message` names its bytes. */
export const said = (kind, message, more = {}) => ({ command: `say${message}`, label: `say ${message}`, class: CLASSES[kind], size: 100, message, ...more });

/**
 * Rows and facts of a run of `events` events among `peers` peers: messages that arrive, are lost or never come, timers
 * and starts; bursts at one moment, and silences of half a minute.
 */
export function randomRun(seed, events, peers = 5) {
  const draw = drawFrom(seed);
  const facts = Array.from({ length: 8 }, (_, i) => said(i % 4, i, i < 4 ? { blocks: [`b${i}`] } : {}));
  facts.push({ timer: "tick" });
  const rows = [];
  const flying = []; // [row, from, to, facts]
  let now = 0;
  const send = (event, from, cause) => {
    const to = (from + 1 + draw(peers - 1)) % peers;
    const entry = 1 + draw(8);
    rows.push([now, event, "send", from, to, cause, entry, 2 * event]);
    flying.push([rows.length - 1, from, to, entry]);
  };
  for (let event = 1; event <= events; event++) {
    now += [0, 10, 1_000, 40_000, 30_000_000][Math.min(4, draw(40) % 9)];
    const arrives = flying.length && draw(3) > 0;
    const [sent, from, to, entry] = arrives ? flying.splice(draw(Math.min(4, flying.length)), 1)[0] : [-1, 0, draw(peers), 9];
    const kind = !arrives ? "timer" : draw(12) === 0 ? "drop" : "deliver";
    rows.push([now, event, kind, to, arrives ? from : -1, sent, entry]);
    const cause = rows.length - 1;
    if (kind !== "drop") for (let i = draw(3); i > 0; i--) send(event, to, cause);
  }
  return { rows, facts, peers: Array.from({ length: peers }, (_, i) => `peer${i}`) };
}

/** A trace of such a run, in two batches when `cut` says where the second begins. */
export function traceOf({ rows, facts, peers }) {
  const trace = new Trace();
  trace.append(...pack(rows, { facts, peers }));
  return trace;
}
