// The world of one peer in words: what it knows of another one, of a link, of the network. Pure.
import { countOf, formatCount } from "./describe.js";
import { BY_ADDRESS, BY_LINE } from "./lens-sight.js";

/** What the peer knows of another one, in a few words. */
export function tellWay(sight, peer) {
  const { name, ways, index } = sight;
  if (ways[peer] < BY_ADDRESS) return [`unknown to ${name}`];
  if (ways[peer] < BY_LINE) return [`${name} has heard of its address`];
  const tip = sight.tipOf(peer);
  const told = sight.trace.genesis === null ? [] : [tip === null ? `has told ${name} of no block` : `has told ${name} of ${index.nameOf(tip)}`];
  return [`connected to ${name}`, ...told];
}

/** A peer's name, then what the one under the lens knows of it; what it does for a living nobody tells. */
export function describePeerAs(sight, peer) {
  const { trace, host, name } = sight;
  if (peer === host) return `${name}\noff: it knows nothing`;
  return [trace.peers[peer], ...tellWay(sight, peer)].join("\n");
}

/** The height of the best block that another peer has told of; "" when it has told of none. */
export function describeHeightAs(sight, peer) {
  const tip = sight.tipOf(peer);
  if (tip === null) return "";
  const { height } = sight.index.look(tip);
  return height < 0 ? "?" : formatCount(height);
}

/** The network as the peer knows it, in a sentence or two. */
export function describeNetworkAs(sight, flying) {
  const { name, knowledge, met, trace } = sight;
  if (knowledge.off) return `As ${name} sees it: ${name} is off and knows nothing.`;
  return `As ${name} sees it: it knows ${formatCount(met)} of ${countOf(trace.peers.length, "peer")}, itself included, `
    + `and has ${countOf(knowledge.lines.size, "connection")}. ${countOf(flying, "message")} of its own on the way.`;
}

/** Its row in the table of peers: name, role, state, tip, height, connections. */
export function listPeerAs(sight, peer) {
  const { trace, index } = sight;
  const tip = sight.tipOf(peer);
  const block = index.get(tip);
  return [trace.peers[peer], null, tellWay(sight, peer)[0], block?.name ?? (tip && index.nameOf(tip)), block?.height ?? null, null];
}

/** How much of the world a peer knows, for the strip under the bar. */
export function tellShare(sight) {
  const { knowledge, met, trace, name } = sight;
  if (knowledge.off) return `${name} is off: it knows nothing, its disk keeps what it had`;
  const shares = [`${formatCount(met)} of ${countOf(trace.peers.length, "peer")}`];
  const { known, all } = sight.countBlocks();
  if (trace.genesis !== null && !knowledge.isHidden) shares.push(`${formatCount(known)} of ${countOf(all, "block")}`);
  return `knows ${shares.join(", ")}${knowledge.isHidden ? "; what it holds nobody sees" : ""}`;
}

/** Whether the peer knows of what the reader has selected; "" when it does, or when that is no question. */
export function tellChosen(sight, { selection, branch, trace }) {
  const [, kind, rest] = selection?.match(/^(peer|block|record):(.*)$/s) ?? [];
  const [on, row] = kind === "record" ? rest.split(":").map(Number) : [];
  const isKnown = {
    peer: () => sight.isKnown(trace.peers.indexOf(rest)),
    block: () => sight.knowsBlock(rest),
    record: () => on !== branch || !(row < trace.length) || sight.knowsRow(row),
  }[kind]?.() ?? true;
  return isKnown ? "" : `this ${kind} is unknown to ${sight.name}`;
}

/** "3 local states" */
export function tellStates(count) {
  return countOf(count, "local state");
}

/** What a local state is. */
export const STATES_TITLE = "Different local states now, among the peers that are on: two peers are in the same one when they stand on the same block, "
  + "hold the same waiting transactions and items, and see the same finality. No peer sees another one's.";
