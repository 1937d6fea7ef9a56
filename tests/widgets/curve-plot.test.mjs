// The geometry of a plot: round axes, lines that are read where they are drawn, names that do not touch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frameOf } from "../../widgets/blockchain_lab_widgets/js/curve-frame.js";
import { bandOf, cutLine, pathOf, placeLabels, shorten, thinLine, valueAt } from "../../widgets/blockchain_lab_widgets/js/curve-lines.js";
import { findRange, findTicks, formatValue } from "../../widgets/blockchain_lab_widgets/js/curve-scale.js";

const SECOND = 1e6;
const texts = ({ ticks }) => ticks.map(({ text }) => text);

test("an axis has round numbers in a unit that reads well", () => {
  const time = (least, most, parts) => {
    const found = findTicks({ least, most }, parts, "time");
    return [found.unit.name, ...texts(found)];
  };

  assert.deepEqual(["s", "0", "20", "40", "60"], time(0, 60 * SECOND, 5));
  assert.deepEqual(["ms", "0", "20", "40", "60", "80"], time(0, 84_200, 5));
  assert.deepEqual(["min", "0", "15", "30", "45"], time(0, 3_000 * SECOND, 4));
  assert.deepEqual(["h", "0", "1", "2"], time(0, 8_000 * SECOND, 3));
  assert.deepEqual(["days", "0", "5", "10"], time(0, 12 * 86_400 * SECOND, 4));
  assert.deepEqual(["s", "12.0", "12.5", "13.0"], time(12 * SECOND, 13.2 * SECOND, 3));
  assert.deepEqual(["0.0", "0.5", "1.0", "1.5"], texts(findTicks({ least: 0, most: 1.5e6 }, 4, "bytes")));
  assert.deepEqual(["140", "141"], texts(findTicks({ least: 140, most: 141 }, 8, "count", true)));
});

test("a range begins at zero unless all values lie far above it, and is never empty", () => {
  assert.deepEqual({ least: 0, most: 10, step: 2 }, findRange(2, 9, 5, "count", true));
  assert.deepEqual({ least: 138, most: 148, step: 2 }, findRange(139, 147, 5, "count", true));
  assert.deepEqual({ least: 0, most: 1, step: 1 }, findRange(0, 0, 5, "count", true));
  assert.deepEqual({ least: 140, most: 141, step: 1 }, findRange(140, 140, 5, "count", true));
  assert.deepEqual({ least: 0, most: 100_000, step: 20_000 }, findRange(12_000, 84_000, 5, "time"));
});

test("values are told with their unit, bytes to the last one", () => {
  assert.deepEqual(["4,500", "1,204 B", "84.2 ms", "3.25 s", "90 s", "2.5 min"],
    [formatValue(4500, "count"), formatValue(1204, "bytes"), formatValue(84_200, "time"), formatValue(3.25 * SECOND, "time"), formatValue(90 * SECOND, "time"), formatValue(150 * SECOND, "time")]);
});

test("a stepped line holds its value, a straight one is read between its points, dots stand for themselves", () => {
  const points = [[10, 0], [20, 4], [30, 2]];
  const read = (shape, ...times) => times.map(at => valueAt({ points, shape }, at));

  assert.deepEqual([null, 0, 0, 4, 2], read("step", 9, 10, 15, 20, 99));
  assert.deepEqual([null, 0, 2, 4, 3, null], read("line", 9, 10, 15, 20, 25, 31));
  assert.deepEqual([0, 2], read("dots", 15, 99));
  assert.deepEqual([[[10, 0], [20, 4]], []], [cutLine(points, 20), cutLine(points, 9)]);
});

test("paths step, lie straight, and close around a band", () => {
  const same = value => value;
  const points = [[0, 1], [4, 3]];

  assert.equal("M0 1L4 1L4 3L9 3", pathOf({ points }, 9, same, same));
  assert.equal("M0 1L4 3", pathOf({ points, shape: "line" }, 9, same, same));
  assert.equal("", pathOf({ points: [] }, 9, same, same));
  assert.equal("M0 2L4 2L4 5L9 5L9 1L4 1L4 0L0 0Z", bandOf([[0, 0, 2], [4, 1, 5]], 9, same, same));
});

test("a hundred thousand points become a few for each pixel, and none that can be seen is lost", () => {
  const points = Array.from({ length: 100_000 }, (_, i) => [i, i === 50_321 ? 99 : i % 7]);
  const thin = thinLine(points, at => at / 1000);

  assert.ok(thin.length <= 400, `${thin.length}`);
  assert.deepEqual([points[0], points.at(-1)], [thin[0], thin.at(-1)]);
  assert.ok(thin.some(([, value]) => value === 99));
  assert.ok(thin.every(([at], i) => !i || at > thin[i - 1][0]));
});

test("names keep their order, touch nowhere, and stay in the picture", () => {
  assert.deepEqual([20, 60], placeLabels([20, 60], 14, 0, 100));
  assert.deepEqual([36, 50, 64], placeLabels([50, 50, 50], 14, 0, 100));
  assert.deepEqual([86, 100], placeLabels([99, 99.5], 14, 0, 100));
  assert.deepEqual([0, 90, 14], placeLabels([1, 90, 2], 14, 0, 100));
  assert.deepEqual([0, 5, 10], placeLabels([5, 5, 5], 14, 0, 10));
  for (let round = 0; round < 50; round++) {
    const wanted = Array.from({ length: 8 }, (_, i) => (round * 37 + i * i * 13) % 200);
    const places = placeLabels(wanted, 14, 0, 200).sort((a, b) => a - b);
    assert.ok(places.every((at, i) => at >= 0 && at <= 200.001 && (!i || at - places[i - 1] > 13.999)), `${wanted}: ${places}`);
  }
  assert.equal("cather…", shorten("catherine", 7));
});

test("a frame leads from pixels to values and back, and looks only at what is shown", () => {
  const model = {
    from: 0, to: 60 * SECOND, shown: 30 * SECOND, isAhead: false, band: null, y: { title: "height", kind: "count", isWhole: true },
    series: [{ name: "a", label: "ann", points: [[0, 0], [10 * SECOND, 5], [50 * SECOND, 900]] }],
  };
  const frame = frameOf({ width: 500, height: 240 }, model);

  assert.equal(6, frame.most); // the 900 to come is nobody's business
  assert.equal(1000, frameOf({ width: 500, height: 240 }, { ...model, isAhead: true }).most);
  assert.deepEqual([frame.left, frame.right], [frame.x(0), frame.x(60 * SECOND)]);
  assert.deepEqual([15 * SECOND, 0, 60 * SECOND], [frame.atX(frame.x(15 * SECOND)), frame.atX(-9), frame.atX(900)]);
  assert.deepEqual([3, 0, 6], [Math.round(frame.atY(frame.y(3))), frame.atY(999), frame.atY(0)]);
  assert.ok(frame.width - frame.right >= 40, "there is room for the names");

  const fixed = frameOf({ width: 310, height: 200 }, { ...model, y: { ...model.y, least: 0, most: 100 } });
  assert.deepEqual([0, 100], [fixed.least, fixed.most]);
});
