// All peers at the cursor, and in which order a table lists them. Knows no page.
import { BlockIndex } from "./blocks.js";
import { sightOf } from "./lens-sight.js";
import { shapesFor } from "./marks.js";
import { rankTips } from "./palette.js";
import { COLUMNS, textIn, valueIn } from "./peers-columns.js";
import { Settings } from "./peers-settings.js";
import { Standings, countStates } from "./standing.js";
import { compareCells } from "./table-rows.js";

const HOLDS = { "transaction accepted": "waiting", "item learned": "items", "finality loaded": "casper", "peer misbehaved": "faults" };

/** What a run holds anything of, in its past and its future: so columns stay while the cursor moves. */
class Run {
  #trace;
  #rows = 0;
  #epoch = -1;

  constructor(trace) {
    this.#trace = trace;
  }

  /** O(new records); all of them when the future was replaced. */
  update() {
    const trace = this.#trace;
    if (this.#epoch !== trace.epoch) this.#reset();
    const { columns, kinds, table } = trace;
    for (; this.#rows < trace.length; this.#rows++) {
      const kind = kinds[columns.kind[this.#rows]];
      const { topic, do: done, policy } = table[columns.facts[this.#rows]];
      if (kind === "note" && Object.hasOwn(HOLDS, topic)) this[HOLDS[topic]] = true;
      else if (kind === "connect") this.lines = this.links = true;
      else if (kind === "send") this.messages = true;
      else if (policy !== undefined || (kind === "command" && done === "SetPolicy")) this.turned = true;
    }
    return this;
  }

  /** Does anybody hold anything in which two peers can differ? */
  get holds() {
    return this.chain || this.waiting || this.items;
  }

  #reset() {
    const { roles, eras, genesis, items, links, epoch } = this.#trace;
    this.#rows = 0;
    this.#epoch = epoch;
    Object.assign(this, { roles: new Set(roles).size, eras: new Set(eras).size, chain: genesis !== null });
    Object.assign(this, { waiting: false, items: items.some(each => each.length), casper: false, faults: false });
    Object.assign(this, { lines: false, links: links.length > 0, messages: false, turned: false });
  }
}

/**
 * @property {import("./standing.js").Standing[]} peers
 * @property {number|null} chosen the host that is selected
 * @property {number} top height of the highest tip
 * @property {Map<string, number>} fills tip -> index of its colour
 * @property {object[]} columns those that hold anything in this run
 * @property {import("./lens-sight.js").Sight|null} sight of the peer under the lens
 */
export class PeersScene {
  constructor(store) {
    const { trace } = store;
    Object.assign(this, { store, trace, index: new BlockIndex(trace), run: new Run(trace), sight: null, shapes: shapesFor(trace.roles) });
    this.standings = new Standings(trace);
    this.settings = new Settings(trace);
  }

  /** Follow the store; at another event than the cursor's when one is given. */
  update(event = this.store.cursor) {
    const { store, trace, index } = this;
    const rows = trace.rowsUpTo(event);
    index.update();
    this.peers = this.standings.at(rows);
    this.settings.at(rows);
    this.sight = sightOf(store);
    this.columns = COLUMNS.filter(({ has }) => has(this.run.update()));
    const name = store.selection?.startsWith("peer:") ? store.selection.slice(5) : null;
    this.chosen = name !== null && trace.peers.includes(name) ? trace.peers.indexOf(name) : null;
    const hosts = [...trace.peers.keys()];
    this.top = hosts.reduce((top, host) => Math.max(top, this.heightOf(host) ?? 0), 0);
    this.fills = this.sight?.fills ?? rankTips(this.peers.map(({ tip }) => tip), hash => index.look(hash));
    return this;
  }

  /** The tip on which a host stands, as far as the one under the lens knows it. */
  tipOf(host) {
    return this.sight ? this.sight.tipOf(host) : this.peers[host].tip;
  }

  /** How high that is. */
  heightOf(host) {
    if (!this.sight) return this.peers[host].height;
    const tip = this.sight.tipOf(host);
    return tip === null ? null : this.index.look(tip).height;
  }

  /** How many different local states there are. */
  get states() {
    return countStates(this.peers);
  }

  /**
   * The hosts to list: those in whose row all words of a filter stand, in the order of a column; equal ones by number, and
   * what is not known last.
   *
   * @param {{column: string, down: boolean}|null} sort by the column of that id
   */
  arrange(sort, filter) {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    const texts = this.columns.filter(({ isNumber }) => !isNumber);
    const isWanted = host => {
      const text = texts.map(column => textIn(column, this, host)).join(" ").toLowerCase();
      return words.every(word => text.includes(word));
    };
    const hosts = [...this.trace.peers.keys()].filter(host => !words.length || isWanted(host));
    const column = this.columns.find(({ id }) => id === sort?.column);
    if (!column) return hosts;
    const keys = new Map(hosts.map(host => [host, valueIn(column, this, host)]));
    const isKnown = host => keys.get(host) !== null;
    const known = hosts.filter(isKnown).sort((a, b) => (sort.down ? -1 : 1) * compareCells(keys.get(a), keys.get(b)));
    return [...known, ...hosts.filter(host => !isKnown(host))];
  }

  /** Which hosts an event may have changed. An action, or a blame, may concern any. */
  touched(event) {
    const { trace } = this;
    const { columns: { peer, kind, facts }, kinds, table } = trace;
    const hosts = new Set();
    for (let row = trace.rowsUpTo(event - 1); row < trace.rowsUpTo(event); row++) {
      if (kinds[kind[row]] === "action" || table[facts[row]].topic === "peer misbehaved") return [...trace.peers.keys()];
      if (peer[row] >= 0) hosts.add(peer[row]);
    }
    return [...hosts];
  }

  /**
   * What the cursor's event has changed: "host/column" of the cells with another text than before. Who is further behind
   * because somebody else went on has not changed. Follows the store.
   */
  findChanges() {
    const { cursor } = this.store;
    const hosts = this.sight || cursor === 0 ? [] : this.touched(cursor);
    const read = () => hosts.map(host => COLUMNS.map(column => textIn(column, this, host)));
    if (hosts.length) this.update(cursor - 1);
    const before = read();
    this.update();
    const now = read();
    return new Set(hosts.flatMap((host, at) => COLUMNS.filter(({ id }, place) => id !== "behind" && before[at][place] !== now[at][place]).map(({ id }) => `${host}/${id}`)));
  }
}
