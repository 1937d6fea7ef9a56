// What is said of a growing curve, and where its line lies.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseStep, findMoment, layOut, PLOT, sayAxes, sayCurve, sayProgress, sayTime } from "../../widgets/blockchain_lab_widgets/js/growing-words.js";

const CURVE = { seconds: [0, 1, 2, 4], percents: [10, 50, 80, 100] };
const STATE = { ...CURVE, phase: "playing", found: 1200, blocks: 4000, left: 42.4, passed: 18, trouble: "", many: "blocks", since: "a block was found" };
const WIDTH = 720;

test("progress says how far it is, and how long that takes", () => {
  assert.equal("1,200 of 4,000 blocks, about 42 s left", sayProgress(STATE));
  assert.equal("1,200 of 4,000 blocks", sayProgress({ ...STATE, left: null }));
  assert.equal("Beginning …", sayProgress({ ...STATE, found: 0, blocks: 0 }));
  assert.equal("Stopped after 1,200 of 4,000 blocks.", sayProgress({ ...STATE, phase: "stopped" }));
  assert.equal("4,000 of 4,000 blocks in 18 s.", sayProgress({ ...STATE, phase: "over", found: 4000 }));
  assert.equal("1,200 of 4,000 rumours, about 42 s left", sayProgress({ ...STATE, many: "rumours" }));
  assert.equal("Python raised it", sayProgress({ ...STATE, trouble: "Python raised it" }));
});

test("times are told in the unit that people would use", () => {
  assert.deepEqual(["0.4 s", "12 s", "3 min"], [0.4, 12, 180].map(sayTime));
});

test("the curve is told in words, as far as it goes", () => {
  assert.equal("50 % of the peers are reached after 1.00 s, 90 % after 4.00 s.", sayCurve(STATE));
  assert.equal("50 % of the peers are reached after 1.00 s.", sayCurve({ seconds: [0, 1], percents: [10, 50] }));
  assert.equal("seconds since a rumour began; share of the peers that it has reached", sayAxes({ since: "a rumour began" }));
  assert.equal("No curve yet.", sayCurve({ seconds: [], percents: [] }));
  assert.equal(null, findMoment({ seconds: [0], percents: [20] }, 50));
});

test("the line goes in steps from the first moment to the last", () => {
  const { points, times, end } = layOut(CURVE, WIDTH);
  const pairs = points.split(" ").map(pair => pair.split(",").map(Number));
  assert.equal(7, pairs.length);
  assert.equal(PLOT.left, pairs[0][0]);
  assert.equal(WIDTH - PLOT.margin, end);
  assert.deepEqual([end, PLOT.top], pairs.at(-1));
  for (let place = 1; place < pairs.length; place += 1) {
    const [before, after] = [pairs[place - 1], pairs[place]];
    assert.ok(before[0] === after[0] || before[1] === after[1], "level or upright");
  }
  assert.deepEqual(["0", "1", "2", "3", "4"], times.map(([, text]) => text));
  assert.deepEqual("", layOut({ seconds: [], percents: [] }, WIDTH).points);
});

test("six numbers at most, and round ones", () => {
  assert.deepEqual([0.0005, 0.2, 1, 2, 10], [0.003, 0.9, 6, 6.1, 60].map(most => chooseStep(most)));
  assert.deepEqual(["0.0", "0.2", "0.4", "0.6", "0.8"], layOut({ seconds: [0, 0.9], percents: [0, 100] }, WIDTH).times.map(([, text]) => text));
});

test("in a narrow cell the line is as high, and fewer numbers stand further apart", () => {
  const { points, times, end } = layOut({ seconds: [0, 5.9], percents: [0, 100] }, 260);
  assert.equal(240, end);
  assert.deepEqual(["0", "2", "4"], times.map(([, text]) => text));
  assert.ok(times[1][0] - times[0][0] >= 60);
  assert.equal(`${end.toFixed(1)},${PLOT.top.toFixed(1)}`, points.split(" ").at(-1));
});
