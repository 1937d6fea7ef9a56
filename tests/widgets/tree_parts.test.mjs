import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { FULL, chainFold, groupByState } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { MOST_TREES, SMALL, choosePeers, describeLocal, layoutSmall } from "../../widgets/blockchain_lab_widgets/js/tree-compare.js";
import { readSeenBy } from "../../widgets/blockchain_lab_widgets/js/tree-head.js";
import { layoutTree } from "../../widgets/blockchain_lab_widgets/js/tree-layout.js";
import { blocksOf } from "../../widgets/blockchain_lab_widgets/js/tree-light.js";
import { Nursery, fillTags, makeModel } from "../../widgets/blockchain_lab_widgets/js/tree-model.js";
import { News } from "../../widgets/blockchain_lab_widgets/js/tree-news.js";
import { HOLD, describeReorganisations, findReorganisations, findWay, measureWay } from "../../widgets/blockchain_lab_widgets/js/tree-reorg.js";
import { listBlocks } from "../../widgets/blockchain_lab_widgets/js/tree-table.js";
import { describeTip, listTips } from "../../widgets/blockchain_lab_widgets/js/tree-tips.js";
import { compareWork, formatWork, listNames, nameState } from "../../widgets/blockchain_lab_widgets/js/tree-words.js";
import { ToyStory, chainOf, forkAndHeal, hashOf, joinLate } from "./toy_story.mjs";
import { follow, lightAndHeavy, liar, switchedOn } from "./toy_trees.mjs";

/** A story's state and model at an event. */
function look(story, { event = Infinity, viewer = null, keep } = {}) {
  const trace = story instanceof ToyStory ? story.trace() : story;
  const index = new BlockIndex(trace).update();
  const folded = new Folded(trace, chainFold(index));
  const state = folded.at(trace.rowsUpTo(event));
  const model = makeModel(state, index, viewer, keep);
  return { trace, index, folded, state, model, nameOf: order => index.list[order].name };
}

const layoutOf = ({ model, trace }, width = 560) => layoutTree(model.tree, [...model.tags.keys()], fillTags(model, trace.peers), width);

// --- tips and work ---------------------------------------------------------------------------------------------

test("best is most work: a shorter branch of hard blocks has the first colour and the straight lane", () => {
  const { model, index } = look(lightAndHeavy());

  assert.deepEqual([["B5c", 0], ["B10", 1], ["B6b", 2]], [...model.fills].map(([hash, fill]) => [index.nameOf(hash), fill]));
  assert.equal("B5c", index.nameOf(model.head));
});

test("tips say height and work: most, less by how much, the same, the longest", () => {
  const tipsAt = event => {
    const { state, model, index, trace } = look(lightAndHeavy(), { event });
    return listTips(state, model, index, trace.peers, null).map(({ name, words, peers }) => [name, words.join(", "), peers.join()]);
  };

  assert.deepEqual([["B10", "work 22, most", "ann,bob"], ["B6b", "same work", "cat"]], tipsAt(4));
  assert.deepEqual([["B5c", "work 66, most", "bob"], ["B10", "44 less work, longest", "ann"], ["B6b", "44 less work", "cat"]], tipsAt(5));
});

test("seen by a peer, its best header is told beside its tip when it is ahead", () => {
  const { state, model, index, trace } = look(liar({ blocks: 900, downloaded: 100 }), { viewer: 2 });
  const words = listTips(state, model, index, trace.peers, 2).map(describeTip);

  assert.deepEqual(["tip B100, height 100, 1,600 less work; nina stands on it", "headers to B900, height 900, work 1,802, most"], words);
});

test("work of many digits is a power of two, and differences stay exact", () => {
  assert.equal("304", formatWork(304n));
  assert.equal("2^80.00", formatWork(2n ** 80n));
  assert.equal("2^255.58", formatWork(3n * 2n ** 254n));
  assert.equal("1 less work", compareWork(2n ** 80n - 1n, 2n ** 80n));
  assert.equal("same work", compareWork(2n ** 80n, 2n ** 80n));
});

test("a work that is no number in hexadecimal digits is not known, and nothing breaks", () => {
  const story = switchedOn(["ann"]);
  const [hash] = chainOf(1, 1);
  story.later(1000, () => story.note(0, "block accepted", { hash, parent: story.genesis, height: 1, work: "<b>12</b>" }));

  assert.equal(null, look(story.run()).index.get(hash).work);
});

test("many names are a few and a count", () => {
  assert.equal("ann, bob and cat", listNames(["ann", "bob", "cat"]));
  assert.equal("a, b, c, d, e and 3 more", listNames([..."abcdefgh"]));
});

// --- what is planted and what is hidden --------------------------------------------------------------------------

test("while a download goes on nothing is planted anew: the tree is the same object", () => {
  const { trace, index, folded } = look(liar({ blocks: 900, downloaded: 300 }));
  const keep = { nursery: new Nursery() };
  for (const viewer of [null, 2]) {
    const trees = new Set();
    for (let event = 400; event < 600; event++) trees.add(makeModel(folded.at(trace.rowsUpTo(event)), index, viewer, keep).tree);
    assert.equal(1, trees.size);
  }
});

test("a thousand copies of a long chain share its bytes until one of them changes", () => {
  const { folded, trace } = look(liar({ blocks: 900 }));
  const { of } = folded.fold.copy(folded.at(trace.length));

  assert.equal(of[1].bytes, folded.at(trace.length).of[1].bytes);
  of[1].set(3, 1, 7, 900);
  assert.equal(FULL, folded.at(trace.length).of[1].of(3));
});

test("of a liar's 300 blocks a few are drawn, more at each wish, and one that is looked for always", () => {
  const draw = keep => {
    const looked = look(liar({ blocks: 900 }), { event: 700, keep });
    const boxes = layoutOf(looked).boxes.map(({ order }) => order);
    return { ...looked, boxes, high: boxes.filter(order => looked.index.list[order].height === 1).length };
  };
  const { model, high, index, boxes } = draw();
  assert.equal(5, high); // the server's, three of the liar's, and the mark for all others
  assert.deepEqual([{ branches: 297, blocks: 297 }, { branches: 37, blocks: 37 }], [...model.bundles.values()]);
  assert.equal(334, model.hidden);

  assert.equal(14, draw({ wishes: new Map([[0, 1]]) }).high);
  const last = index.atHeight[1].at(-1).order;
  assert.ok(!boxes.includes(last));
  assert.ok(draw({ opened: [last] }).boxes.includes(last));
});

test("hundreds of stale branches along a chain: the newest are drawn, the others counted", () => {
  const story = switchedOn(["ann"]);
  const chain = chainOf(1, 400);
  story.later(1000, () => story.note(0, "chain loaded", { height: 400, tip: chain[399], hashes: chain, parent: story.genesis, full: true }));
  for (let height = 2; height < 300; height++) story.later(2000 + height, () => {
    story.note(0, "headers accepted", { parent: chain[height - 2], height, hashes: [hashOf(`c${height.toString(16)}x`)] });
  });
  const looked = look(story.run());

  assert.equal(298 - 24, looked.model.hidden);
  assert.ok(layoutOf(looked).boxes.length < 80);
});

// --- reorganisations ---------------------------------------------------------------------------------------------

test("reorganisations are found among the records, told by name, and only of the peer we look through", () => {
  const trace = forkAndHeal().trace();
  const found = findReorganisations(trace, 0, trace.length, null);

  assert.equal("ann, bob and cat reorganised: 2 off, 3 on", describeReorganisations(found, trace.peers));
  assert.deepEqual([1], findReorganisations(trace, 0, trace.length, 1).map(({ peer }) => peer));
});

test("the way goes back along the old branch to the fork, and on along the new one", () => {
  const looked = look(lightAndHeavy());
  const { index, model, nameOf } = looked;
  const layout = layoutOf(looked, 2000);
  const order = name => index.list.find(block => block.name === name).order;
  const way = findWay(model.tree, layout, order("B10"), order("B5c"));
  const at = ([x, y]) => layout.boxes.filter(box => x === box.x + box.width / 2 && y === box.y + 14).map(box => nameOf(box.order)).join();

  assert.deepEqual(
    ["B10", "B9", "B8", "B7", "B6", "B5", "B4", "B3", "", "", "B2", "B3c", "B4c", "B5c"], way.map(at)); // "": corners of the arrow
  for (const [i, [x, y]] of way.entries()) if (i) assert.ok(x === way[i - 1][0] || y === way[i - 1][1], "never askew");
  const measured = measureWay(way);
  assert.ok(measured.every((part, i) => part >= (measured[i - 1] ?? 0)) && measured.at(-1) > 0.999);
});

test("a way through thousands of collapsed blocks stays on their bar", () => {
  const looked = look(liar({ blocks: 900, fakes: 0, orphans: 0 }));
  const layout = layoutOf(looked);
  const [from, to] = [10, 890].map(height => looked.index.atHeight[height][0].order);
  const [run] = layout.runs;

  for (const [x, y] of findWay(looked.model.tree, layout, from, to)) {
    assert.ok(x >= run.x && x <= run.x + run.width && y === run.y + 14);
  }
});

test("news come with the cursor, stay while it stands there and a little longer, and go when it jumps", () => {
  const trace = lightAndHeavy().trace();
  const news = new News(trace);
  const stand = (event, now) => news.update(trace.rowsUpTo(event), trace.rowsUpTo(event - 1), null, now);
  assert.deepEqual({ found: [], isJump: true }, stand(4, 0));
  assert.equal(1, stand(5, 100).found.length);
  assert.equal("bob reorganised: 8 off, 3 on", news.text);
  assert.deepEqual([], stand(5, 100 + 2 * HOLD).found);
  assert.equal("bob reorganised: 8 off, 3 on", news.text); // the cursor still stands there

  stand(4, 200 + 2 * HOLD);
  assert.equal("", news.text);
  stand(5, 300);
  assert.notEqual("", news.text);
});

// --- side by side --------------------------------------------------------------------------------------------------

test("one peer of every local state comes first, and stays while that is so", () => {
  const { state } = look(forkAndHeal(), { event: 73 });
  const groups = groupByState(state);

  assert.deepEqual([[0, 1, 2], [3, 4, 5]], groups);
  assert.deepEqual([0, 3, 1, 2, 4, 5], choosePeers(groups));
  assert.deepEqual([4, 1, 0, 2, 3, 5], choosePeers(groups, [4, 1, 0, 2, 3, 5]));
  assert.deepEqual([0, 3, 1, 2, 4, 5], choosePeers(groups, [0, 1, 2, 3, 4, 5]));
  assert.equal(MOST_TREES, choosePeers(Array.from({ length: 40 }, (_, i) => [i])).length);
});

test("a local tree tells tip, work, what it lacks and who has the same", () => {
  const { state, model, index, trace } = look(lightAndHeavy());
  const words = [0, 1].map(peer => describeLocal(state, model, index, groupByState(state), peer, trace.peers).words);

  assert.deepEqual(["tip B10, height 10, 44 less work, lacks 7 blocks", "tip B5c, height 5, most work, lacks 4 blocks"], words);
  const early = look(lightAndHeavy(), { event: 2 });
  assert.ok(describeLocal(early.state, early.model, early.index, groupByState(early.state), 0, early.trace.peers).words.endsWith("same as bob and cat"));
});

test("small trees share one layout in which nothing overlaps", () => {
  for (const story of [lightAndHeavy(), forkAndHeal(), joinLate({ blocks: 300 }), liar({ blocks: 900 })]) {
    const { model } = look(story);
    const { boxes, runs, links } = layoutSmall(model.tree, [...model.tags.keys()], 560);
    const marks = [...boxes, ...runs];
    for (const [i, a] of marks.entries()) {
      for (const b of marks.slice(0, i)) assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= SMALL.height);
    }
    for (const link of links) assert.ok(link.x2 < link.x1);
    assert.equal(boxes.length + runs.reduce((sum, { orders }) => sum + orders.length, 0), model.tree.orders.length + model.tree.loose.length);
  }
});

test("seen_by names a peer, or peers side by side; names that nobody has are passed over", () => {
  const peers = ["ann", "bob"];
  assert.deepEqual({ viewer: "bob", isCompared: false, chosen: null }, readSeenBy("bob", peers));
  assert.deepEqual({ viewer: null, isCompared: false, chosen: null }, readSeenBy(null, peers));
  assert.deepEqual({ viewer: null, isCompared: false, chosen: null }, readSeenBy("zoe", peers));
  assert.deepEqual({ viewer: null, isCompared: true, chosen: ["bob", "ann"] }, readSeenBy(["bob", "zoe", "ann"], peers));
  assert.deepEqual({ viewer: null, isCompared: true, chosen: null }, readSeenBy([], peers));
});

// --- others --------------------------------------------------------------------------------------------------------

test("a peer that is switched off stands nowhere, and its local state does not count", () => {
  const story = lightAndHeavy();
  story.later(1_000_000, () => story.write("kill", 1, { reason: "killed" }));
  const { state, model, index } = look(story.run());

  assert.deepEqual([[0], [2]], groupByState(state));
  assert.deepEqual(["B10", "B6b"], [...model.fills.keys()].map(hash => index.nameOf(hash)));
  assert.ok(model.isStale(index.list.find(({ name }) => name === "B5c").order));
});

test("the table lists all blocks, newest first, orphans before them", () => {
  const { trace, model, index } = look(lightAndHeavy());
  const rows = listBlocks(trace, model, index);

  assert.equal(18, rows.length);
  assert.deepEqual(["B10", 10, "full block, active", "22", "2.000 s, ann", "ann"], rows[0].cells);
  assert.deepEqual(["G", 0, "full block, active", null, null, null], rows.at(-1).cells);
});

test("a record is about the blocks that it names, and only on its own branch", () => {
  const trace = lightAndHeavy().trace();
  const store = { trace, branch: 2 };
  const row = trace.length - 1;

  assert.deepEqual([trace.record(row).facts.hash], blocksOf(store, `record:2:${row}`));
  assert.deepEqual([], blocksOf(store, `record:0:${row}`));
  assert.deepEqual(["ab"], blocksOf(store, "block:ab"));
  assert.deepEqual([], blocksOf(store, "peer:ann"));
});

// --- where votes confirm ------------------------------------------------------------------------------------------

test("where votes confirm blocks, one beside the branch is not confirmed; where work decides, it is stale", () => {
  const tell = hasVotes => {
    const story = switchedOn(["ann"]);
    const [one, two] = [hashOf("a1"), hashOf("b1")];
    story.later(1_000_000, () => follow(story, 0, [one], { parent: story.genesis, height: 1, before: 0, each: 1 }));
    if (hasVotes) story.later(1_500_000, () => story.note(0, "block confirmed", { hash: one, height: 1, slot: 1, votes: 3, total: 3 }));
    story.later(2_000_000, () => story.note(0, "block accepted", { hash: two, parent: story.genesis, height: 1, work: "1" }));
    const { model, index } = look(story.run());
    const { order } = index.get(two);
    return [model.away, nameState(model, order), model.tags.get(order)[0].text];
  };

  assert.deepEqual(["not confirmed", "full block, not confirmed", "not confirmed"], tell(true));
  assert.deepEqual(["stale", "full block, stale", "stale"], tell(false));
});
