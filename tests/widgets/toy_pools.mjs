// Toy peers with full memory pools, for pictures and measurements: thousands wait, blocks take the best payers.
import { luck } from "./toy_crowd.mjs";
import { ToyStory, hashOf } from "./toy_story.mjs";

/** The name of a toy transaction. */
export const txOf = number => `${number.toString(16).padStart(4, "0")}7e57`.padEnd(64, "0");

/**
 * Transactions come to the first peer and, most of them, to the others; then the first finds a block.
 *
 * @param {{peers: number, count: number, take: number, seed: number}} options `take`: how many the block takes
 */
export function pools({ peers = 4, count = 5000, take = 2000, seed = 3 } = {}) {
  const draw = luck(seed);
  const names = ["ann", "bob", "cat", "dan", "eve", "fay"].slice(0, peers);
  const story = new ToyStory(names);
  names.forEach((_, peer) => story.later(0, () => story.write("start", peer)));
  const pays = new Map();
  for (let number = 0; number < count; number++) {
    const size = 110 + Math.floor(400 * draw() ** 3);
    pays.set(txOf(number), { size, fee: Math.round(size * (1 + 60 * draw() ** 4)), hosts: names.map((_, peer) => peer === 0 || draw() < 0.9) });
  }
  [...pays].forEach(([txid, { size, fee, hosts }], at) => hosts.forEach((isHere, peer) => {
    if (isHere) story.later(1_000_000 + 1_000 * at + 20 * peer, () => story.note(peer, "transaction accepted", { txid, size, virtual_size: size, fee }));
  }));
  const best = [...pays].sort(([, a], [, b]) => b.fee / b.size - a.fee / a.size).slice(0, take);
  names.forEach((_, peer) => story.later(2_000_000 + 1_000 * count + 50_000 * peer, () => {
    const hash = hashOf("0001a");
    story.note(peer, "block accepted", { hash, parent: story.genesis, height: 1 });
    story.note(peer, "tip changed", { hash, height: 1, previous: story.genesis, disconnected: 0, connected: 1 });
    const taken = best.filter(([, { hosts }]) => hosts[peer]).map(([txid]) => txid);
    if (taken.length) story.note(peer, "transactions removed", { txids: taken, reason: "confirmed" });
  }));
  return story.run();
}
