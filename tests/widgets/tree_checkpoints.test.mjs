// Checkpoints in the block tree: whose state says what, what is in conflict, where epochs begin and links go.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { chainFold } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
import { FinalityIndex, nameOfVote, readVote } from "../../widgets/blockchain_lab_widgets/js/finality-index.js";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { findNotable, findVoted, tellCheckpoints } from "../../widgets/blockchain_lab_widgets/js/tree-checkpoints.js";
import { arcPath, headRoom, placeEpochs } from "../../widgets/blockchain_lab_widgets/js/tree-epochs.js";
import { layoutTree } from "../../widgets/blockchain_lab_widgets/js/tree-layout.js";
import { blocksOf } from "../../widgets/blockchain_lab_widgets/js/tree-light.js";
import { makeModel } from "../../widgets/blockchain_lab_widgets/js/tree-model.js";
import { describeBlock, nameState } from "../../widgets/blockchain_lab_widgets/js/tree-words.js";
import { blockOf } from "./toy_finality.mjs";
import { finality as story, forkAndHeal } from "./toy_story.mjs";

function open(trace) {
  const index = new BlockIndex(trace).update();
  const finality = new FinalityIndex(trace).update();
  const folded = new Folded(trace, chainFold(index));
  const modelAt = (seconds, viewer = null) => makeModel(folded.at(trace.rowsUpTo(trace.eventAt(seconds * 1e6))), index, viewer, { finality });
  return { trace, index, finality, modelAt };
}

const cut = open(story().trace());

/** Level of each checkpoint by its name: {B4: "finalised"}. */
function levels({ checkpoints, list }) {
  return Object.fromEntries([...checkpoints.marks].map(([order, { level }]) => [list[order].name, level]));
}

test("a checkpoint is reached, then justified, then final, as blocks say so that somebody holds", () => {
  assert.deepEqual(levels(cut.modelAt(9)), { G: "finalised", B4: "checkpoint" });
  assert.deepEqual(levels(cut.modelAt(13)), { G: "finalised", B4: "justified" });
  assert.deepEqual(levels(cut.modelAt(21)), { G: "finalised", B4: "finalised", B8: "justified" });
});

test("who has not got the block that says so does not know it", () => {
  const { marks } = cut.modelAt(12.2, 4).checkpoints; // eve hears of a block last
  assert.equal(marks.get(cut.index.get(blockOf(4)).order).level, "checkpoint");
  assert.equal(levels(cut.modelAt(12.2, 0)).B4, "justified");
});

test("final checkpoints of two branches are in conflict, what both build on is not", () => {
  const found = levels(cut.modelAt(52));
  assert.deepEqual([found.B12, found.B16, found.B16b, found.B20, found.B20b], ["finalised", "conflicting", "conflicting", "justified", "justified"]);
  assert.match(tellCheckpoints(cut.modelAt(52).checkpoints), /^2 final checkpoints in conflict, 4 other final ones, 2 only justified$/);
  assert.deepEqual(levels(cut.modelAt(45, 0)).B16, "finalised"); // before ann hears of the other branch
});

test("a block's words tell its epoch, its level, and the link that justified it", () => {
  const model = cut.modelAt(30);
  const order = height => cut.index.get(blockOf(height)).order;
  assert.match(nameState(model, order(8)), /^full block, active, checkpoint of epoch 2, final$/);
  assert.match(nameState(model, order(6)), /^full block, active, final$/);
  assert.match(nameState(model, order(14)), /^full block, active$/);
  assert.match(describeBlock(model, order(12), cut.trace.peers), /justified from B8: 98,169 of 101,181 units, 98,169 of 101,181 of the rear set/);
});

test("a tree without checkpoints has no marks, no words and no room for them", () => {
  const plain = open(forkAndHeal().trace());
  const model = plain.modelAt(60);
  assert.equal(model.checkpoints, null);
  assert.deepEqual(headRoom(model.checkpoints), { over: 0, lanes: 0 });
  assert.equal(nameState(model, 0), "full block, active");
  const [plainly, roomy] = [undefined, headRoom(null)].map(head => layoutTree(model.tree, [], new Map(), 900, head));
  for (const part of ["boxes", "runs", "tags", "links", "width", "height"]) assert.deepEqual(roomy[part], plainly[part]);
});

test("epochs begin left of their checkpoints; numbers stand where there is room", () => {
  const model = cut.modelAt(30);
  const layout = layoutTree(model.tree, findNotable(model.checkpoints), new Map(), 934, headRoom(model.checkpoints));
  const borders = placeEpochs(model.checkpoints, layout.spotOf, model.list);
  assert.deepEqual(borders.map(({ text }) => text), ["epoch 1", "epoch 2", "epoch 3"]);
  for (const { epoch, x } of borders) assert.equal(x, layout.spotOf(cut.index.get(blockOf(4 * epoch)).order).x - 8);
  const crowded = { marks: new Map([...Array(60).keys()].map(at => [at, { epoch: at + 1 }])) };
  const dense = placeEpochs(crowded, order => ({ x: 9 * order + 8, y: 0, width: 8 }), []);
  assert.equal(dense.length, 30); // 9 pixels are too near: every other border
  assert.ok(dense.slice(0, -1).every(({ text }) => !text.startsWith("epoch")));
});

test("an arc goes over its own branch, and through the gap to one below", () => {
  const model = cut.modelAt(52);
  const layout = layoutTree(model.tree, findNotable(model.checkpoints), new Map(), 934, headRoom(model.checkpoints));
  const box = name => layout.spotOf(model.list.find(block => block.name === name).order);
  const arc = (from, to) => arcPath(...[from, to].map(name => model.list.find(block => block.name === name).order), layout.spotOf, model.list);
  const starts = path => path.line.match(/^M([\d.]+) ([\d.]+)/).slice(1).map(Number);
  assert.deepEqual(starts(arc("B12", "B16")), [box("B12").x + 28, box("B12").y - 1]);
  assert.deepEqual(starts(arc("B12", "B16b")), [box("B12").x + 28, box("B12").y + 29]);
  assert.ok(box("B16b").y - box("B16").y >= 28 + 8 + 16);
  assert.equal(arcPath(0, 9999, layout.spotOf, model.list), null);
});

test("a vote is selected by its target and its validator, and means its link", () => {
  const name = nameOfVote({ validator: "cat: a", target: blockOf(16, "b") });
  assert.deepEqual(readVote(name), { validator: "cat: a", target: blockOf(16, "b") });
  assert.equal(readVote("block:00"), null);
  const own = nameOfVote({ validator: "cat", target: blockOf(16, "b") });
  assert.deepEqual(findVoted(own, cut.finality, cut.index), { source: cut.index.get(blockOf(12)).order, target: cut.index.get(blockOf(16, "b")).order });
  assert.equal(findVoted(name, cut.finality, cut.index), null);
  assert.deepEqual(blocksOf({ trace: cut.trace, branch: 0 }, own), [blockOf(16, "b")]);
});
