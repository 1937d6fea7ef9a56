// What was turned while the run went on: how long links take, by which policies peers go.
import { Folded } from "./fold.js";

const NOTHING = Object.freeze({});

/** One number for a pair of hosts, in whichever order. */
const pairOf = (a, b, count) => Math.min(a, b) * count + Math.max(a, b);

/** Maps are replaced when they change, so copies may share them. */
export const settingsFold = {
  initial: ({ peers }) => ({ latencies: new Map(), turned: peers.map(() => NOTHING) }),

  apply(state, { kind, peer, facts }, trace) {
    if (kind === "start" && facts.policy) turn(state, peer, facts.policy);
    if (kind === "command" && facts.do === "SetPolicy") turn(state, peer, { [facts.key]: facts.value });
    if (kind === "action" && facts.do === "SetLink" && facts.latency !== null) {
      slow(state, [facts.a, facts.b].map(name => trace.peers.indexOf(name)), facts.latency, trace);
    }
    if (kind === "action" && facts.do === "SetKnob") {
      const { path, pair } = trace.knobs.find(({ name }) => name === facts.knob) ?? {};
      if (pair && path.endsWith(".latency")) slow(state, pair, facts.value, trace);
    }
  },

  copy: ({ latencies, turned }) => ({ latencies, turned: turned.slice() }),
};

function turn(state, host, values) {
  state.turned[host] = { ...state.turned[host], ...values };
}

function slow(state, [a, b], latency, { peers }) {
  state.latencies = new Map(state.latencies).set(pairOf(a, b, peers.length), latency);
}

/** What is set at any place of a trace. */
export class Settings {
  #trace;
  #folded;
  #state;
  #atStart = new Map(); // pair -> µs at time 0: the story's own links, and those that were ever used
  #rows = 0; // how many records have been looked through for links
  #links = null; // the list of links that was read

  constructor(trace) {
    this.#trace = trace;
    this.#folded = new Folded(trace, settingsFold);
  }

  /** After so many records. O(new records + records between the last place and this one). */
  at(rows) {
    this.#learn();
    this.#state = this.#folded.at(rows);
    return this;
  }

  // What a link takes at time 0 stays true in every future.
  #learn() {
    const { links, latencies, peers, kinds, columns, table } = this.#trace;
    if (this.#links !== links) links.forEach(([a, b], at) => this.#atStart.set(pairOf(a, b, peers.length), latencies[at]));
    this.#links = links;
    const connect = kinds.indexOf("connect");
    this.#rows = Math.min(this.#rows, columns.length);
    for (; this.#rows < columns.length; this.#rows++) {
      const row = this.#rows;
      const { latency } = columns.kind[row] === connect ? table[columns.facts[row]] : NOTHING;
      if (latency !== undefined) this.#atStart.set(pairOf(columns.peer[row], columns.other[row], peers.length), latency);
    }
  }

  /** How long the link between two hosts takes, µs, one way, without jitter; null where nobody ever said so. */
  latencyOf(a, b) {
    const pair = pairOf(a, b, this.#trace.peers.length);
    return this.#state.latencies.get(pair) ?? this.#atStart.get(pair) ?? null;
  }

  /** The policy values of a host that were turned: {key: value}. */
  turned(host) {
    return this.#state.turned[host] ?? NOTHING;
  }
}
