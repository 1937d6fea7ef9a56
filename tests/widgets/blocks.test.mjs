import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { ToyStory, chainOf, forkAndHeal, hashOf } from "./toy_story.mjs";

const [FIRST, SECOND] = [chainOf(1, 4), chainOf(3, 4, "b")];

function story(...notes) {
  const toy = new ToyStory(["ann"]);
  notes.forEach(([topic, facts], i) => toy.later(1000 * (i + 1), () => toy.note(0, topic, facts)));
  return toy.run();
}

test("blocks are called by their height, later ones of a height by a letter too", () => {
  const index = new BlockIndex(story(
    ["headers accepted", { parent: hashOf("0000a"), height: 1, hashes: FIRST }],
    ["headers accepted", { parent: FIRST[1], height: 3, hashes: SECOND }],
  ).trace()).update();

  assert.deepEqual(["G", "B1", "B2", "B3", "B4", "B3b", "B4b"], index.list.map(block => block.name));
  assert.equal(FIRST[1], index.get(SECOND[0]).parent);
});

test("an orphan has no height, and gets its name when somebody accepts it", () => {
  const orphan = ["orphan block", { hash: FIRST[3], parent: FIRST[2] }];
  const alone = new BlockIndex(story(orphan).trace()).update();
  assert.deepEqual([null, "?0004"], [alone.get(FIRST[3]).height, alone.nameOf(FIRST[3])]);

  const accepted = new BlockIndex(story(orphan, ["block accepted", { hash: FIRST[3], parent: FIRST[2], height: 4 }]).trace()).update();
  assert.deepEqual([4, "B4", FIRST[2]], [accepted.get(FIRST[3]).height, accepted.nameOf(FIRST[3]), accepted.get(FIRST[3]).parent]);
});

test("a hash that nobody ever spoke of is called by its first digits", () => {
  assert.equal("?abcd", new BlockIndex(story().trace()).update().nameOf("abcdef"));
});

test("records that come later are read then, and a replaced future forgets its blocks", () => {
  const toy = forkAndHeal();
  const trace = toy.trace();
  const index = new BlockIndex(trace).update();
  assert.equal(9, index.list.length);

  const cut = trace.rowsUpTo(40);
  toy.rows.length = cut;
  toy.event = 41;
  toy.note(0, "block accepted", { hash: hashOf("other"), parent: hashOf("0000a"), height: 1 });
  const [head, buffer] = toy.packed({ epoch: 1, cut, from: cut, factsFrom: 1 });
  trace.append(head, buffer);

  assert.equal("B1b", index.update().nameOf(hashOf("other")));
  assert.ok(index.list.length < 9);
});
