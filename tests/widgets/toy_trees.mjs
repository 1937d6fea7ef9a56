// Toy stories that grow unusual trees: a liar's many blocks, a long branch with little work, two branches of equal work.
import { ToyStory, chainOf, hashOf } from "./toy_story.mjs";

/** A story whose peers are all on from the first event. */
export function switchedOn(names) {
  const story = new ToyStory(names);
  story.later(0, () => names.forEach((_, peer) => story.write("start", peer)));
  return story;
}

const toHex = work => work.toString(16);

/** A whole branch that a peer accepts and follows; `each` is a block's work, `before` that of the branch it grows on. */
export function follow(story, peer, hashes, { parent, height, before, each, previous = "", disconnected = 0 }) {
  story.note(peer, "headers accepted", { parent, height, hashes });
  hashes.forEach((hash, i) => story.note(peer, "block accepted", {
    hash, parent: i ? hashes[i - 1] : parent, height: height + i, work: toHex(before + each * (i + 1)),
  }));
  const work = toHex(before + each * hashes.length);
  story.note(peer, "tip changed", {
    hash: hashes.at(-1), height: height + hashes.length - 1, work, previous, disconnected, connected: hashes.length,
  });
}

/**
 * ann and bob follow eight easy blocks, then bob learns of a branch of three hard ones: shorter, and more work.
 * cat has a third branch with the same work as the easy one.
 */
export function lightAndHeavy() {
  const story = switchedOn(["ann", "bob", "cat"]);
  const [common, light, heavy, equal] = [chainOf(1, 2), chainOf(3, 10, "b"), chainOf(3, 5, "c"), chainOf(3, 6, "d")];
  const onto = { parent: common[1], height: 3, before: 6 };
  story.later(1_000_000, () => [0, 1, 2].forEach(peer => follow(story, peer, common, { parent: story.genesis, height: 1, before: 2, each: 2 })));
  story.later(2_000_000, () => [0, 1].forEach(peer => follow(story, peer, light, { ...onto, each: 2 })));
  story.later(3_000_000, () => follow(story, 2, equal, { ...onto, each: 4 }));
  story.later(4_000_000, () => follow(story, 1, heavy, { ...onto, each: 20, previous: light.at(-1), disconnected: 8 }));
  return story.run();
}

/**
 * A server with a long chain, a newcomer that downloads it, and a liar who tells both of many blocks of height 1
 * and of many blocks whose parents nobody knows; one of the server's blocks is invalid to the newcomer.
 */
export function liar({ blocks = 4500, fakes = 300, orphans = 40, downloaded = 500 } = {}) {
  const story = switchedOn(["server", "liar", "nina"]);
  const chain = chainOf(1, blocks);
  const work = height => toHex(2 * height + 2);
  story.later(0, () => [0, 1].forEach(peer => story.note(peer, "chain loaded", {
    height: blocks, tip: chain.at(-1), work: work(blocks), hashes: chain, parent: story.genesis, full: true,
  })));
  for (let from = 0; from < blocks; from += 2000) story.later(100_000 + from, () => {
    const hashes = chain.slice(from, from + 2000);
    story.note(2, "headers accepted", { parent: from ? chain[from - 1] : story.genesis, height: from + 1, hashes });
    story.note(2, "best header", { hash: hashes.at(-1), height: from + hashes.length, work: work(from + hashes.length) });
  });
  for (let i = 0; i < fakes; i++) story.later(200_000 + i, () => {
    story.note(i % 2 ? 0 : 2, "headers accepted", { parent: story.genesis, height: 1, hashes: [hashOf(`f${i.toString(16)}x`)] });
  });
  for (let i = 0; i < orphans; i++) story.later(300_000 + i, () => {
    story.note(2, "orphan block", { hash: hashOf(`e${i.toString(16)}x`), parent: hashOf(`d${i.toString(16)}x`) });
  });
  for (let i = 0; i < downloaded; i++) story.later(400_000 + 1000 * i, () => {
    story.note(2, "block accepted", { hash: chain[i], parent: i ? chain[i - 1] : story.genesis, height: i + 1, work: work(i + 1) });
    story.note(2, "tip changed", { hash: chain[i], height: i + 1, work: work(i + 1), previous: "", disconnected: 0, connected: 1 });
  });
  story.later(400_000 + 1000 * downloaded, () => story.note(2, "block invalid", { hash: chain[downloaded], reason: "bad-txnmrklroot" }));
  return story.run();
}
