// Readings: what the rule and the popular text come to on a branch, how both are drawn, and what stands where there is no example.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawCommittee, findGrowingEpoch, findHastyHeight, findVagueCheckpoints } from "../../widgets/blockchain_lab_widgets/js/readings-misread.js";
import { Readings, validatorOf } from "../../widgets/blockchain_lab_widgets/js/readings-scene.js";
import { MOST_CELLS, makeStrip, tellStrip } from "../../widgets/blockchain_lab_widgets/js/readings-strips.js";
import { tellSummary } from "../../widgets/blockchain_lab_widgets/js/readings-words.js";
import { EPOCH, ToyBranch, blockOf } from "./toy_finality.mjs";
import { finality as story, forkAndHeal } from "./toy_story.mjs";
import { switchedOn } from "./toy_trees.mjs";

const ABOUT = ["epoch", "checkpoint", "dynasty", "finality", "withdrawal", "deposit", "who votes", "stake", "consensus"];
const READINGS = {
  sentences: ABOUT.map(about => ({ about, says: `says ${about}`, holds: `holds ${about}`, source: "a paper", story: "toy" })),
  rules: { preset: "toy", epoch_length: EPOCH, checkpoint_offset: 0, minimum_deposit: 1, coin: 100, withdrawal_delay: 2, withdrawal_after: 0 },
};

function open(toy) {
  toy.head.readings = READINGS;
  const trace = toy.trace();
  const readings = new Readings(trace);
  return (seconds, viewer = 0, chosen = null, isAlone = false) => {
    const { list, scene, isOff } = readings.look(trace.rowsUpTo(trace.eventAt(seconds * 1e6)), viewer, { chosen, isAlone });
    return { list, scene, isOff, by: Object.fromEntries(list.map(each => [each.about, each])) };
  };
}

const cut = open(story());

/** One branch with these notes in its blocks, read by ann behind its last one. */
function branchOf(deposits, blocks) {
  const toy = switchedOn(["ann"]);
  const branch = new ToyBranch(toy, deposits);
  toy.later(1, () => {
    for (const [topic, facts] of branch.start()) toy.note(0, topic, facts);
    for (const more of blocks) for (const [topic, facts] of branch.grow("ann", more.votes ?? [], more.notes ?? []).notes) toy.note(0, topic, facts);
    toy.note(0, "tip changed", { hash: blockOf(blocks.length), height: blocks.length, work: "1", previous: toy.genesis, disconnected: 0, connected: blocks.length });
  });
  return open(toy.run());
}

test("growing epochs are 5, 6, 7 blocks long; a block belongs to the last one that has begun", () => {
  const numbers = Array.from({ length: 19 }, (_, height) => findGrowingEpoch(height, 5).number);
  assert.deepEqual(numbers, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3]);
  assert.deepEqual(findGrowingEpoch(18, 5), { number: 3, begins: 18 });
});

test("one vote would make an epoch final as far as it has come, and every block above it a checkpoint", () => {
  assert.deepEqual([findHastyHeight(3, 5, 23), findHastyHeight(3, 5, 16), findHastyHeight(0, 5, 23)], [19, 16, 0]);
  assert.deepEqual(findVagueCheckpoints(10, 23), { from: 11, to: 23 });
});

test("a lot draws half of the validators, whatever their order", () => {
  const names = ["ann", "bob", "cat", "dan", "eve"];
  assert.equal(drawCommittee(names, 7).length, 3);
  assert.deepEqual(drawCommittee(names, 7), drawCommittee([...names].reverse(), 7));
});

test("early in a run most sentences say the same, or have no example", () => {
  const { by, list } = cut(3);
  assert.equal(by.epoch.values.parts, false);
  assert.equal(by["who votes"].values, null);
  assert.equal(by["who votes"].missing, "No block of this branch carries a vote yet; the story toy shows it.");
  assert.match(tellSummary("ann", list), /Epoch: epoch 0, from G on; the misreading says the same so far\. .*Withdrawal: no example yet\./);
});

test("on both sides of a cut a block has its own dynasty, and one number for all is wrong", () => {
  const { by, scene } = cut(46, 0);
  const { dynasty, misread, elsewhere } = by.dynasty.values;
  assert.deepEqual([dynasty, misread], [scene.walk.dynasty, scene.walk.finals]);
  const strip = makeStrip("dynasty", by.dynasty.values, scene);
  assert.ok(strip.over.length > 2);
  assert.deepEqual(strip.under.map(({ from, to }) => [from, to]), [[0, strip.total]]);
  assert.ok(elsewhere.every(({ dynasty: other }) => other !== dynasty));
  assert.deepEqual(cut(46, 0, null, true).scene.others, []); // under a lens nobody else's branch is known
  assert.notDeepEqual(scene.others, []);
});

test("what is final, justified, and called final is drawn to the block", () => {
  const { by, scene } = cut(21);
  assert.deepEqual([by.finality.values.final, by.finality.values.justified], [4, 8]);
  const { over, under, cells } = makeStrip("finality", by.finality.values, scene);
  assert.deepEqual([over.map(({ from, to }) => [from, to]), under.map(({ from, to }) => [from, to])], [[[0, 5], [8, 9]], [[0, by.finality.values.misread + 1]]]);
  assert.deepEqual(cells.map(({ kind }) => kind).slice(0, 6), ["final", "final", "final", "final", "final", "block"]);
  assert.match(by.finality.words.here, /^\d+ blocks would be called final and can still be left\.$/);
});

test("who has left may withdraw a delay after its dynasty began, not after it asked", () => {
  const votes = ["ann", "bob", "cat"];
  const blocks = Array.from({ length: 6 * EPOCH }, (_, at) => ({ votes: (at + 1) % EPOCH === 1 && at > EPOCH ? votes : [] }));
  blocks[EPOCH + 1].notes = [["exit asked", { validator: "cat", ends: 2 }]];
  const at = branchOf({ ann: 300, bob: 300, cat: 300 }, blocks);
  const { by, scene } = at(1);
  const { asked, begins, allowed, misread } = by.withdrawal.values;
  assert.deepEqual([asked, misread], [1, 3]);
  assert.equal(begins, scene.walk.starts.get(2));
  assert.equal(allowed, begins + 2);
  assert.ok(allowed > misread);
  const { over, under } = makeStrip("withdrawal", by.withdrawal.values, scene);
  assert.deepEqual(over.map(({ text }) => text), ["in", "wait", "out"]);
  assert.deepEqual(under.map(({ text, from, to }) => [text, from, to])[0], ["wait", 0, 2]);
  assert.deepEqual(at(1, 0, "nobody").by.withdrawal.values.validator, "cat");
});

test("deposits stand on a scale with both figures; a name that is no peer is a validator's", () => {
  const { by, scene } = branchOf({ ann: 300, tim: 500_000 }, [{}])(1);
  const { cells, over, under } = makeStrip("deposit", by.deposit.values, scene);
  assert.deepEqual(cells.map(({ name }) => name), ["peer:ann", "validator:tim"]);
  assert.ok(under[0].from < over[0].from);
  assert.ok(cells[0].from < under[0].from && cells[1].from > over[0].from); // 3 coins and 5,000
});

test("a long branch is drawn by its last blocks, and says what is left out", () => {
  const { by, scene } = branchOf({ ann: 300 }, Array.from({ length: 100 }, () => ({})))(1);
  for (const about of ["epoch", "checkpoint", "consensus"]) {
    const strip = makeStrip(about, by[about].values, scene);
    assert.ok(strip.cells.length <= MOST_CELLS);
    assert.ok([...strip.over, ...strip.under].every(({ from, to }) => from >= 0 && from < to && to <= strip.total));
    assert.match(tellStrip(strip), /^Rule: .* Misreading: .*blocks are not drawn\.$/);
  }
});

test("where nobody speaks of Casper, or the peer is off, there is nothing to compare", () => {
  assert.deepEqual(new Readings(forkAndHeal().trace()).look(60, 0).list, []);
  const { list, isOff } = cut(0, 4); // she starts later
  assert.deepEqual([list, isOff], [[], true]);
  assert.deepEqual(["peer:ann", "validator:x:y", "block:00", null].map(validatorOf), ["ann", "x:y", null, null]);
});
