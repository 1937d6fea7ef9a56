// The network in words: for tooltips, accessible names, the summary and the table. Pure.
import { countOf, formatCount } from "./describe.js";
import { describeHeightAs, describeNetworkAs, describePeerAs, listPeerAs } from "./lens-words.js";
import { UNSEEN } from "./lens-sight.js";
import { DIALLING, HALF, OPEN, PARTED } from "./network-fold.js";

const STATES = {
  [OPEN]: "connected",
  [HALF]: "open at one end only",
  [DIALLING]: "being dialled",
  [PARTED]: "cut by the partition",
};

/** Is there a chain, and it is not known where on it this peer stands? A program's inside nobody sees. */
export function isUnknown({ state, trace, sight = null }, peer) {
  if (sight) return trace.genesis !== null && sight.tipOf(peer) === null;
  return !state.off[peer] && trace.genesis !== null && state.tips[peer] === null;
}

/** Is this a peer of which only that is told what the one under the lens knows? */
function isStranger({ sight = null }, peer) {
  return sight !== null && (peer !== sight.host || sight.knowledge.off);
}

/** "87", or "87 / 151" while headers are ahead of blocks; "off"; "?" where nobody knows; "" where no chain is. */
export function describeHeight(scene, peer) {
  const { trace, state, index, sight = null } = scene;
  if (sight !== null && peer !== sight.host) return describeHeightAs(sight, peer);
  if (state.off[peer]) return "off";
  if (state.tips[peer] === null) return trace.genesis === null ? "" : "?";
  const tip = index.look(state.tips[peer]).height;
  const best = index.look(state.best[peer]).height;
  return best > tip ? `${formatCount(tip)} / ${formatCount(best)}` : formatCount(tip);
}

/** A peer in a few lines: who it is, on which block it stands, with how many it is connected. */
export function describePeer(scene, peer) {
  const { state, trace, index, neighbours } = scene;
  if (isStranger(scene, peer)) return describePeerAs(scene.sight, peer);
  const role = trace.roles[peer] ? `, ${trace.roles[peer]}` : "";
  const where = trace.regions[peer] ? `, ${trace.regions[peer]}` : "";
  const lines = [`${trace.peers[peer]}${role}${where}`];
  if (trace.firewalls[peer]) lines.push("behind a firewall: nobody can dial it");
  if (trace.behind[peer] >= 0) lines.push(`stands behind ${trace.peers[trace.behind[peer]]}`);
  if (state.off[peer]) return [...lines, "off"].join("\n");
  const tip = index.get(state.tips[peer]);
  const best = index.get(state.best[peer]);
  if (isUnknown(scene, peer)) lines.push("what it holds is not known");
  else if (tip || trace.genesis !== null) lines.push(`tip ${tip?.name ?? "none"}, height ${formatCount(tip?.height ?? 0)}`);
  if ((best?.height ?? 0) > (tip?.height ?? 0)) lines.push(`headers up to ${best.name}`);
  return [...lines, `connected to ${countOf(neighbours[peer].length, "peer")}`].join("\n");
}

/** A link in a few lines. */
export function describeLink({ trace, flying, sight = null }, { a, b, state }) {
  const count = flying.filter(({ source, target }) => (source === a && target === b) || (source === b && target === a)).length;
  const lines = [`${trace.peers[a]} – ${trace.peers[b]}`, state === UNSEEN ? `not known to ${sight.name}` : STATES[state]];
  if (count) lines.push(`${countOf(count, "message")} on the way`);
  return lines.join("\n");
}

/** The whole picture in a sentence or two. `standing`: [block, how many peers stand on it]. */
export function describeNetwork({ state, trace, index, sight = null }, standing, flying) {
  if (sight) return describeNetworkAs(sight, flying);
  const off = state.off.filter(Boolean).length;
  const tips = standing.map(([tip, count]) => `${formatCount(count)} on ${index.nameOf(tip)}`);
  const unknown = trace.peers.filter((_, peer) => isUnknown({ state, trace }, peer)).length;
  const told = [...tips, ...(unknown ? [`${formatCount(unknown)} not known`] : []), ...(off ? [`${formatCount(off)} off`] : [])];
  const parts = [`${countOf(trace.peers.length, "peer")}${told.length ? `: ${told.join(", ")}` : ""}.`];
  if (state.apart) {
    const side = which => state.apart.filter(each => each === which).length;
    parts.push(`A partition stands between ${formatCount(side(1))} and ${formatCount(side(-1))} of them.`);
  }
  return [...parts, `${countOf(flying, "message")} on the way.`].join(" ");
}

/** The table behind the picture. */
export const PEER_COLUMNS = ["Peer", "Role", "State", "Tip", "Height", "Connections"];

/** Its rows. */
export function listPeers(scene) {
  const { state, trace, index, neighbours } = scene;
  return trace.peers.map((name, peer) => {
    if (isStranger(scene, peer)) return { name: `peer:${name}`, cells: listPeerAs(scene.sight, peer) };
    const isOff = state.off[peer];
    const [tip, best] = [index.get(state.tips[peer]), index.get(state.best[peer])];
    const isBehind = (best?.height ?? 0) > (tip?.height ?? 0);
    const walled = trace.firewalls[peer] ? ", firewalled" : "";
    const doing = isOff ? "off" : isBehind ? `headers up to ${best.name}` : "on";
    return {
      name: `peer:${name}`,
      cells: [name, trace.roles[peer], doing + walled, isOff ? null : (tip?.name ?? null), isOff ? null : (tip?.height ?? null), isOff ? 0 : neighbours[peer].length],
    };
  });
}
