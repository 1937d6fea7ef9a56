// What lights up in the network for a selection or for what the pointer is on, in any view. Pure.
import { union } from "./groups.js";
import { linkName } from "./network-fold.js";

/**
 * What stands in the light.
 *
 * @typedef {object} Light
 * @property {Set<number>} chosen peers that are meant themselves
 * @property {Set<number>} peers chosen ones and those that have to do with it: they are not faded
 * @property {Set<string>} links
 * @property {(flight) => boolean} isMessage is a message in flight meant?
 * @property {{source, target, sent}|null} way of a message that need not be in flight now
 */

const NOTHING = () => ({ chosen: new Set(), peers: new Set(), links: new Set(), isMessage: () => false, way: null });

/** The host numbers in a "group:..." name; [] for another name. */
export function groupOf(name) {
  return name?.startsWith("group:") ? name.slice(6).split(",").filter(Boolean).map(Number) : [];
}

/** The name of a group of hosts, in order; null for none. */
export function groupName(hosts) {
  return hosts.length ? `group:${[...new Set(hosts)].sort((a, b) => a - b).join(",")}` : null;
}

/**
 * Who has a block or a transaction after the first `rows` records, as far as the records tell. O(facts + rows).
 *
 * @returns {Set<number>} host numbers
 */
export function whoHas(trace, rows, kind, hash) {
  const tells = new Set();
  trace.table.forEach((facts, index) => {
    const { topic } = facts;
    const isBlock = kind === "block" && ((topic === "block accepted" && facts.hash === hash)
      || (topic === "chain loaded" && facts.full && facts.hashes.includes(hash)));
    if (isBlock || (kind === "tx" && topic === "transaction accepted" && facts.txid === hash)) tells.add(index);
  });
  const found = new Set(kind === "block" && hash === trace.genesis ? trace.peers.keys() : []);
  const [note, start] = ["note", "start"].map(name => trace.kinds.indexOf(name));
  const columns = trace.columns;
  for (let row = 0; row < rows; row++) {
    if (columns.kind[row] === note && tells.has(columns.facts[row])) found.add(columns.peer[row]);
    if (columns.kind[row] === start && hash !== trace.genesis) found.delete(columns.peer[row]); // it reads its disk again
  }
  return found;
}

/**
 * The light of one name of the selection grammar; null when it lights nothing here.
 *
 * @param {{trace, branch, rows, links, tips}} scene `rows` are the records up to the cursor, `links` those of
 *   `getLinks`, `tips` the block that each peer stands on
 * @returns {Light|null}
 */
export function lightOf(name, scene) {
  const [, kind, rest] = name?.match(/^([a-z]+):(.*)$/s) ?? [];
  return kind in LIGHTS ? LIGHTS[kind](rest, scene) : null;
}

const LIGHTS = {
  peer(name, { trace, links }) {
    const peer = trace.peers.indexOf(name);
    if (peer < 0) return null;
    const light = { ...NOTHING(), chosen: new Set([peer]), peers: new Set([peer]) };
    for (const [key, { a, b }] of links) {
      if (a !== peer && b !== peer) continue;
      light.links.add(key);
      light.peers.add(a).add(b);
    }
    for (const [inside, gateway] of trace.behind.entries()) {
      if (gateway >= 0 && (inside === peer || gateway === peer)) light.peers.add(inside).add(gateway);
    }
    light.isMessage = ({ source, target }) => source === peer || target === peer;
    return light;
  },

  group(hosts, { links }) {
    const inside = new Set(groupOf(`group:${hosts}`));
    const within = [...links].filter(([, { a, b }]) => inside.has(a) && inside.has(b)).map(([key]) => key);
    const isMessage = ({ source, target }) => inside.has(source) && inside.has(target);
    return { ...NOTHING(), chosen: inside, peers: inside, links: new Set(within), isMessage };
  },

  link(pair) {
    const [a, b] = pair.split("-").map(Number);
    const isMessage = ({ source, target }) => linkName(source, target) === pair;
    return { ...NOTHING(), peers: new Set([a, b]), links: new Set([pair]), isMessage };
  },

  block(hash, { trace, rows, tips }) {
    const peers = whoHas(trace, rows, "block", hash);
    const chosen = new Set([...tips.keys()].filter(peer => tips[peer] === hash));
    return { ...NOTHING(), chosen, peers: union(peers, chosen), isMessage: ({ facts }) => facts.blocks?.includes(hash) ?? false };
  },

  tx(txid, { trace, rows }) {
    const isMessage = ({ facts }) => facts.txids?.includes(txid) ?? false;
    return { ...NOTHING(), peers: whoHas(trace, rows, "tx", txid), isMessage };
  },

  record(place, { trace, branch }) {
    const [on, row] = place.split(":").map(Number);
    if (on !== branch || !(row < trace.length)) return null;
    const { kind, peer, other } = trace.columns;
    const sent = trace.kinds[kind[row]] === "send" ? row : trace.flights.sentOf(row);
    const [source, target] = sent < 0 ? [peer[row], other[row]] : [peer[sent], other[sent]];
    const peers = new Set([source, target].filter(host => host >= 0));
    const links = new Set(source >= 0 && target >= 0 ? [linkName(source, target)] : []);
    if (sent < 0) return { ...NOTHING(), chosen: new Set(source < 0 ? [] : [source]), peers, links };
    const way = target >= 0 ? { source, target, sent } : null;
    return { ...NOTHING(), peers, links, way, isMessage: flight => flight.sent === sent };
  },
};

/** Two lights at once: all that stands in either. */
export function joinLights(one, other) {
  if (!one || !other) return one ?? other;
  return {
    chosen: union(one.chosen, other.chosen), peers: union(one.peers, other.peers), links: union(one.links, other.links),
    isMessage: flight => one.isMessage(flight) || other.isMessage(flight), way: one.way ?? other.way,
  };
}
