// What one must know before one acts: the network at the cursor, each peer's tip, what was turned and parted.
import { withCheckpoint } from "./acting-validators.js";
import { BlockIndex } from "./blocks.js";
import { Folded } from "./fold.js";
import { getLinks, networkFold } from "./network-fold.js";

const CHECKPOINTS = new Set(["finality loaded", "checkpoint reached"]);

export const actingFold = {
  initial: trace => ({
    ...networkFold.initial(trace),
    tipRows: trace.peers.map(() => -1), // row of the note that told of a peer's tip, -1 for none
    checkpoints: trace.peers.map(() => []), // {block, epoch}[] that a vote can name; empty where there are no validators
    knobs: new Map(trace.knobs.map(({ name, value }) => [name, value])),
    latencies: new Map(trace.latencies.map((latency, link) => [keyOf(...trace.links[link]), latency])), // µs, by "a-b"
    partition: null, // the action that stands, while there is one
  }),

  apply(state, record, trace) {
    networkFold.apply(state, record, trace);
    const { row, kind, peer, facts } = record;
    if (kind === "note" && (facts.topic === "tip changed" || facts.topic === "chain loaded")) state.tipRows[peer] = row;
    if (kind === "note" && CHECKPOINTS.has(facts.topic)) state.checkpoints[peer] = withCheckpoint(state.checkpoints[peer], facts);
    if (kind !== "action") return;
    if (facts.do === "SetLink" && facts.latency !== null) state.latencies.set(keyOfNames(trace, facts), facts.latency);
    if (facts.do === "SetKnob") state.knobs.set(facts.knob, facts.value);
    if (facts.do === "Partition") state.partition = facts;
    if (facts.do === "Heal") state.partition = null;
  },

  copy: state => ({
    ...networkFold.copy(state), tipRows: state.tipRows.slice(), checkpoints: state.checkpoints.slice(), knobs: new Map(state.knobs),
    latencies: new Map(state.latencies), partition: state.partition,
  }),
};

/** The name of a pair of hosts, "a-b", the smaller number first. */
export function keyOf(one, other) {
  return `${Math.min(one, other)}-${Math.max(one, other)}`;
}

function keyOfNames({ peers }, { a, b }) {
  return keyOf(peers.indexOf(a), peers.indexOf(b));
}

/**
 * Where one would act.
 *
 * @typedef {object} Scene
 * @property {import("./store.js").Store} store
 * @property {object} state `actingFold` at the cursor
 * @property {Map<string, {a, b, reachable}>} links the connections at the cursor, by "a-b"
 * @property {BlockIndex} index
 */

/** @returns {() => Scene} looks at the cursor */
export function sceneOf(store) {
  const { trace } = store;
  const folded = new Folded(trace, actingFold);
  const index = new BlockIndex(trace);
  return () => {
    const state = folded.at(trace.rowsUpTo(store.cursor));
    return { store, state, links: getLinks(state), index: index.update() };
  };
}
