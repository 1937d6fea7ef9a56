// The curves of a run: cut at any record, chosen when there are too many, and told in words. Python's are the oracle of
// test_curve_folds.py; here is what Python has not: whose lines are drawn, and what nobody may see yet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { Slots, chooseLines, findOutliers, hostsOf } from "../../widgets/blockchain_lab_widgets/js/curves-choose.js";
import { CurvesHistory, coverageOf, waitFor } from "../../widgets/blockchain_lab_widgets/js/curves-history.js";
import { KINDS, findLatestThing, listSorts, nameOfThing } from "../../widgets/blockchain_lab_widgets/js/curves-kinds.js";
import { RowBand, RowSeries } from "../../widgets/blockchain_lab_widgets/js/curves-series.js";
import { COLUMNS, listRows } from "../../widgets/blockchain_lab_widgets/js/curves-table.js";
import { tellLine, tellScene } from "../../widgets/blockchain_lab_widgets/js/curves-words.js";
import { ToyStory, hashOf } from "./toy_story.mjs";

const SECOND = 1_000_000;
const B1 = hashOf("0001a");

/** Ten peers; p0 makes a block at 1 s, each other one has it a second after the one before; p9 never. */
function makeStory() {
  const peers = Array.from({ length: 10 }, (_, i) => `p${i}`);
  const story = new ToyStory(peers);
  story.later(0, () => peers.forEach((_, host) => story.write("start", host)));
  peers.slice(0, 9).forEach((_, host) => story.later((host + 1) * SECOND, () => {
    story.note(host, "block accepted", { hash: B1, parent: hashOf("0000a"), height: 1 });
    story.note(host, "tip changed", { hash: B1, height: 1 });
  }));
  return story.run();
}

/** What a kind of curve is asked with, in the god view, with nothing chosen. */
function ask(trace, event, more = {}) {
  const index = new BlockIndex(trace).update();
  return {
    history: new CurvesHistory(trace).update(), trace, rows: trace.rowsUpTo(event), clock: trace.timeOf(event), isWhole: false, what: "",
    chosen: [], pointed: [], lens: -1, slots: new Slots(), nameOf: name => nameOfThing(name, index), ...more,
  };
}

const labels = ({ model: { series } }) => series.map(({ label }) => label);

test("a series is cut at a record, forwards and backwards, with one point for each time of change", () => {
  const series = new RowSeries();
  [[3, 0, 1], [5, 20, 2], [6, 20, 3], [7, 40, 3], [9, 50, 4], [10, 50, 3]].forEach(each => series.push(...each));

  assert.deepEqual([[0, 1], [20, 2]], series.at(6)); // within the microsecond of row 6
  assert.deepEqual([[0, 1], [20, 3]], series.at(10).slice(0, 2));
  assert.deepEqual([[0, 1], [20, 3]], series.at(99)); // 4 and 3 at one time: nothing has changed
  assert.deepEqual([], series.at(3));
  assert.deepEqual([[0, 1], [20, 3]], series.at(Infinity));
  assert.deepEqual([[0, 1]], series.at(5)); // the whole one was asked for between
  assert.deepEqual([null, 1, 3], [series.valueAt(3), series.valueAt(4), series.valueAt(8)]);
  assert.equal(4, series.samplesAt(8).length);
});

test("a band knows the least, the middle and the most at each change", () => {
  const band = new RowBand();
  [[0, 0, "a", 5], [1, 1, "b", 1], [2, 2, "c", 3], [3, 3, "a", 0]].forEach(each => band.push(...each));

  assert.deepEqual([[0, 5, 5, 5], [1, 1, 1, 5], [2, 1, 3, 5], [3, 0, 1, 3]], band.at(9));
  assert.equal(2, band.at(2).length);
  band.push(4, 3, "b", 0);
  assert.deepEqual([3, 0, 0, 3], band.at(9).at(-1)); // one corner for one time
  assert.equal(4, band.at(9).length);
});

test("far from the others is who lies outside by Tukey's rule, the farthest first", () => {
  const values = [..."abcdefgh"].map((key, i) => [key, 10 + (i % 3)]);

  assert.deepEqual([], findOutliers(values));
  assert.deepEqual(["z", "y"], findOutliers([...values, ["y", 30], ["z", -20]]));
  assert.deepEqual(["y"], findOutliers([...values.map(([key]) => [key, 7]), ["y", 6]]));
  assert.deepEqual([[], ["y"]], [15, 16].map(far => findOutliers([...values, ["y", far]]))); // half of them within 10 .. 12
  assert.deepEqual([], findOutliers([["a", 0], ["b", 99]]));
});

test("up to eight are all drawn; of more those that are chosen, pointed at, or far away", () => {
  const values = Array.from({ length: 20 }, (_, i) => [i, i === 7 ? 0 : 5]);

  assert.deepEqual({ keys: [0, 1, 2], isBanded: false, outliers: [] }, chooseLines(values.slice(0, 3), [], []));
  assert.deepEqual({ keys: [3, 12, 7], isBanded: true, outliers: [7] }, chooseLines(values, [3, 77], [12, 3]));
  assert.equal(7, chooseLines(values, [1, 2, 3, 4], [5, 6, 8, 9, 10]).keys.length);
});

test("who stays keeps its colour and dashes", () => {
  const slots = new Slots();

  assert.deepEqual([["a", 0], ["b", 1], ["c", 2]], [...slots.give(["a", "b", "c"])]);
  assert.deepEqual([["c", 2], ["d", 0]], [...slots.give(["c", "d"])].sort());
});

test("a name of the selection means hosts", () => {
  const peers = ["ann", "bob", "a,b"];
  assert.deepEqual([[1], [0, 2], [0, 1], [2], [], []], ["peer:bob", "group:0,2", "link:0-1", "peer:a,b", "block:00", null].map(name => hostsOf(name, peers)));
});

test("coverage counts peers, and its percentages count all of them", () => {
  const { history: { things } } = ask(makeStory().trace(), 1);
  const thing = things.get(`block:${B1}`);

  assert.equal(9, coverageOf(thing, Infinity).at(-1)[1]);
  assert.deepEqual([4 * SECOND, 8 * SECOND, null], [50, 90, 99].map(percent => waitFor(thing, percent, 10, Infinity)));
  const half = thing.learned[4].row;
  assert.deepEqual([null, 4 * SECOND], [half, half + 1].map(rows => waitFor(thing, 50, 10, rows)));
});

test("nothing beyond the cursor is drawn, told or listed", () => {
  const trace = makeStory().trace();
  const asked = ask(trace, 4); // three have it
  const scene = KINDS.coverage.draw(asked);

  assert.deepEqual([[1, 1], [2, 2], [3, 3]], scene.model.series[0].points.map(([at, count]) => [at / SECOND, count]));
  assert.equal(undefined, scene.model.series[0].ahead);
  assert.ok(scene.model.to < 5 * SECOND, `the axis ends where the news is, not at ${scene.model.to}`);
  assert.equal("B1: 3 of 10 peers have it; 50 % not yet, 90 % not yet, 99 % not yet.", tellScene("coverage", scene, asked));
  assert.deepEqual([["p0", SECOND, 0], ["p1", 2 * SECOND, SECOND], ["p2", 3 * SECOND, 2 * SECOND]], listRows("coverage", scene, asked).map(({ cells }) => cells));
  const whole = KINDS.coverage.draw({ ...asked, isWhole: true });
  assert.equal(9, whole.model.series[0].ahead.length);
  assert.equal(null, findLatestThing(asked.history, 10));
});

test("of ten peers the middle and the range are drawn, the one left behind by name, and the selected one", () => {
  const trace = makeStory().trace();
  const asked = ask(trace, trace.lastEvent, { chosen: [4] });
  const scene = KINDS.heights.draw(asked);

  assert.deepEqual(["median", "p4", "p9"], labels(scene));
  assert.deepEqual([6 * SECOND, 0, 1], scene.model.band.points.at(-1)); // then most had it, and never all
  assert.equal("Height: 0 to 1 at 10 peers, the median 1. Far from the others: p9.", tellScene("heights", scene, asked));
  assert.deepEqual([null, "peer:p9"], ["median", "peer:p9"].map(scene.picks));
  assert.equal("p9: height 0 since 0.000 s.", tellLine(scene.model.series[2], scene.model, asked.clock));
  assert.equal(10, listRows("heights", scene, asked).length);
  assert.deepEqual(["p4"], labels(KINDS.heights.draw({ ...asked, lens: 4 }))); // through its eyes
});

test("a run has the curves that it has something for", () => {
  const { history } = ask(makeStory().trace(), 1);

  assert.deepEqual(["coverage", "percentiles", "heights"], Object.keys(KINDS).filter(name => KINDS[name].isThere(history)));
  assert.deepEqual([["block", "blocks"]], listSorts(history));
  assert.deepEqual(Object.keys(KINDS).sort(), Object.keys(COLUMNS).sort());
});

test("bytes are drawn by class, by the largest eight when there are more names", () => {
  const story = new ToyStory(["ann", "bob"]);
  story.later(0, () => {
    const conn = story.connect(0, 1);
    for (let i = 0; i < 12; i++) story.send(0, 1, conn, `odd${i}`, { size: 100 + i, counted: `odd${i}` });
    story.send(0, 1, conn, "inv", { size: 50 });
  });
  const asked = ask(story.run().trace(), story.event);
  const scene = KINDS.bytes.draw(asked);

  assert.deepEqual(["odd11", "odd10", "odd9", "odd8", "odd7", "odd6", "odd5", "odd4"], labels(scene));
  assert.equal("1,316 B sent by all: odd11 8 %, odd10 8 %, odd9 8 %, odd8 8 %.", tellScene("bytes", scene, asked));
  assert.equal(13, listRows("bytes", scene, asked).length);
});

test("a replaced future is forgotten", () => {
  const trace = makeStory().trace();
  const history = new CurvesHistory(trace).update();
  assert.equal(9, history.things.get(`block:${B1}`).learned.length);

  const [head] = makeStory().packed();
  trace.append({ ...head, epoch: 1, cut: trace.rowsUpTo(3), from: trace.rowsUpTo(3), count: 0 }, new TextEncoder().encode("[]").buffer);
  history.update();
  assert.equal(2, history.things.get(`block:${B1}`).learned.length);
});
