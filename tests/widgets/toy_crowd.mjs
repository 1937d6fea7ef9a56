// Many toy peers that gossip blocks over random links, for pictures and measurements of large networks.
import { ToyStory, hashOf } from "./toy_story.mjs";

const REGIONS = ["north america", "europe", "asia", "europe", "south america", "africa", "north america", "oceania"];

/** Numbers in [0, 1) that are the same in every run (Park and Miller, 1988). */
export function luck(seed = 1) {
  let state = seed;
  return () => {
    state = (state * 48271) % 0x7fffffff;
    return (state - 1) / 0x7ffffffe;
  };
}

/** A ring, so that all are connected, and random chords: each [dialler, dialled]. */
export function randomLinks(peers, chords, draw) {
  const links = new Map();
  const add = (a, b) => {
    if (a !== b && !links.has(`${b}-${a}`)) links.set(`${a}-${b}`, [a, b]);
  };
  for (let peer = 0; peer < peers; peer++) {
    add(peer, (peer + 1) % peers);
    for (let i = 0; i < chords; i++) add(peer, Math.floor(draw() * peers));
  }
  return [...links.values()];
}

/**
 * Every peer tells its neighbours of a block that is new to it; they ask for it and tell theirs.
 *
 * @param {{peers: number, chords: number, blocks: number, seed: number}} options a block every 6 s, by turns a
 *   large and a small one
 * @returns {ToyStory}
 */
export function crowd({ peers = 200, chords = 2, blocks = 3, seed = 7 } = {}) {
  const draw = luck(seed);
  const names = Array.from({ length: peers }, (_, peer) => `p${peer}`);
  const story = new ToyStory(names, names.map((_, peer) => (peer % 25 === 3 ? "miner" : "peer")));
  const links = randomLinks(peers, chords, draw);
  story.head = { // what the picture knows besides the records
    links, regions: names.map((_, peer) => REGIONS[(peer * 7) % REGIONS.length]), firewalls: names.map((_, peer) => peer % 9 === 5),
  };
  const neighbours = names.map(() => []);
  names.forEach((_, peer) => story.later(0, () => story.write("start", peer)));
  links.forEach(([a, b], index) => story.later(1_000 * index, () => {
    const conn = story.connect(a, b);
    neighbours[a].push([b, conn]);
    neighbours[b].push([a, conn + 1]);
  }));
  const spread = (peer, block, cause) => {
    story.note(peer, "block accepted", block, cause);
    story.note(peer, "tip changed", { hash: block.hash, height: block.height, previous: block.parent, disconnected: 0, connected: 1 }, cause);
    block.has.add(peer);
    for (const [other, conn] of neighbours[peer]) {
      const delay = () => Math.round(30_000 + 250_000 * draw());
      story.send(peer, other, conn, "inv", { label: "inv 1", size: 61, cause, delay: delay(), blocks: [block.hash], onArrival: row => {
        if (block.asked.has(other)) return;
        block.asked.add(other);
        story.send(other, peer, conn ^ 1, "getdata", { label: "getdata 1", size: 61, cause: row, delay: delay(), blocks: [block.hash], onArrival: got =>
          story.send(peer, other, conn, "block", { size: block.size, cause: got, delay: 2 * delay(), blocks: [block.hash], onArrival: came => spread(other, block, came) }) });
      } });
    }
  };
  let parent = story.genesis;
  for (let height = 1; height <= blocks; height++) {
    const hash = hashOf(`${height.toString(16).padStart(4, "0")}a`);
    const block = { hash, parent, height, size: height % 2 ? 900_000 : 20_000 };
    Object.defineProperties(block, { has: { value: new Set() }, asked: { value: new Set() } }); // not part of the note
    const miner = Math.floor(draw() * peers);
    story.later(5_000_000 + 6_000_000 * height, () => {
      block.asked.add(miner);
      spread(miner, block, -1);
    });
    parent = hash;
  }
  return story.run();
}
