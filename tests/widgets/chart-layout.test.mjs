// The space-time chart's geometry: nothing outside the clip, labels apart, a window that follows in steps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { getCauses } from "../../widgets/blockchain_lab_widgets/js/causes.js";
import { Timeline } from "../../widgets/blockchain_lab_widgets/js/chart-axis.js";
import { Cone } from "../../widgets/blockchain_lab_widgets/js/chart-cone.js";
import { ARRIVED, Arrows, LOST } from "../../widgets/blockchain_lab_widgets/js/chart-data.js";
import { findAt } from "../../widgets/blockchain_lab_widgets/js/chart-input.js";
import { chooseLanes, clip, distanceTo, lineOf, placeLabels, placeLanes, placeTimes } from "../../widgets/blockchain_lab_widgets/js/chart-layout.js";
import { MOST, getSteps, makePlan } from "../../widgets/blockchain_lab_widgets/js/chart-plan.js";
import { ChartWindow } from "../../widgets/blockchain_lab_widgets/js/chart-window.js";
import { formatTick, formatWait, tellChart, tellItem } from "../../widgets/blockchain_lab_widgets/js/chart-words.js";
import { drawFrom, randomRun, traceOf } from "./chart-stories.mjs";
import { forkAndHeal, joinLate } from "./toy_story.mjs";

/** What `makePlan` wants, around an event. */
function sceneOf(trace, event, more = {}) {
  const timeline = new Timeline(trace).update();
  const box = { width: 500, height: 370, unit: 15, top: timeline.yOf(event) - 12, ...more.box };
  return {
    trace, timeline, arrows: new Arrows(trace).update(), index: new BlockIndex(trace).update(), cone: null, selection: null, branch: 0,
    passes: () => true, anchor: timeline.yOf(event), hidden: new Set(), extra: [], measure: text => 7 * text.length, ...more, box,
  };
}

test("a clipped line lies inside and on the line; what misses the box is nothing", () => {
  const draw = drawFrom(1);
  for (let i = 0; i < 3_000; i++) {
    const [x0, y0, x1, y1] = Array.from({ length: 4 }, () => draw(900) - 300);
    const line = { x0, y0, x1, y1 };
    const inside = clip(line, 300, 200);
    const hits = Array.from({ length: 101 }, (_, k) => k / 100)
      .some(part => { const [x, y] = [x0 + part * (x1 - x0), y0 + part * (y1 - y0)]; return x > 1 && x < 299 && y > 1 && y < 199; });
    if (hits) assert.notEqual(null, inside, JSON.stringify(line));
    if (!inside) continue;
    for (const [x, y] of [[inside.x0, inside.y0], [inside.x1, inside.y1]]) {
      assert.ok(x >= -1e-6 && x <= 300 + 1e-6 && y >= -1e-6 && y <= 200 + 1e-6, JSON.stringify(inside));
      assert.ok(distanceTo(line, x, y).distance < 1e-6);
    }
  }
  assert.equal(null, clip({ x0: -5, y0: 0, x1: -5, y1: 100 }, 300, 200));
});

test("in any picture of any trace nothing lies outside the plot, no two labels touch, and at most 60 messages stand out", () => {
  const traces = [joinLate({ blocks: 60, stalls: true }).trace(), forkAndHeal().trace(), traceOf(randomRun(2, 500)), traceOf(randomRun(3, 500, 40))];
  for (const trace of traces) {
    for (let event = 0; event <= trace.lastEvent; event += 23) {
      const plan = makePlan(sceneOf(trace, event, { selection: `record:0:${trace.rowsUpTo(event) - 1}` }));
      const { strong, faint, labels, marks, links, times } = plan;
      for (const { visible } of [...strong, ...faint, ...links]) {
        for (const x of [visible.x0, visible.x1]) assert.ok(x >= -1e-6 && x <= 500 + 1e-6);
        for (const y of [visible.y0, visible.y1]) assert.ok(y >= -1e-6 && y <= 370 + 1e-6);
      }
      for (const { box } of labels) assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= 500 && box.y + box.height <= 370);
      labels.forEach(({ box: a }, i) => labels.slice(i + 1).forEach(({ box: b }) =>
        assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y)));
      for (const { y } of [...marks, ...times]) assert.ok(y >= 0 && y <= 370);
      assert.ok(strong.length <= MOST && plan.hosts.length <= 24);
    }
  }
});

test("of more than 60 messages the nearest stand out, the others are thin lines, and the words say so", () => {
  const trace = joinLate({ blocks: 151, servers: 4, atOnce: 40 }).trace();
  const scene = sceneOf(trace, 150, { box: { unit: 4, top: 0 } });
  const plan = makePlan(scene);
  assert.deepEqual([MOST, true], [plan.strong.length, plan.faint.length > 40]);
  const away = ({ arrow }) => Math.min(...[arrow.begins, arrow.ends].map(event => Math.abs(scene.timeline.yOf(event) - scene.anchor)));
  assert.ok(Math.max(...plan.strong.map(away)) <= Math.min(...plan.faint.map(away)));

  const { short, long } = tellChart({ plan, trace, index: scene.index, cursor: 150, total: 1_240, subject: null, shown: new Set("abcd") });
  assert.equal(`60 of 1,240 messages around event 150; ${plan.faint.length} thin`, short);
  assert.ok(long.startsWith("Space-time chart, 5 lanes, from 0"), long);
});

test("a chain of causes has a number for each step between events, from the origin on, and comes first", () => {
  const trace = joinLate({ blocks: 40 }).trace();
  const records = Array.from({ length: trace.length }, (_, row) => trace.record(row));
  const { row, event } = records.findLast(({ kind, facts }) => kind === "deliver" && facts.command === "block");
  const steps = getSteps(trace, row);
  assert.equal(row, steps.at(-1).to);
  steps.forEach(({ from, to }) => assert.ok(trace.columns.event[from] < trace.columns.event[to]));

  const cone = new Cone(trace, `record:0:${row}`, 0).update();
  const timeline = new Timeline(trace, each => cone.has(each)).update();
  const scene = sceneOf(trace, event, { selection: `record:0:${row}`, cone, timeline, passes: () => true });
  scene.box.top = timeline.yOf(event) - 20;
  const plan = makePlan(scene);
  assert.deepEqual(steps.slice(-plan.links.length).map(({ to }) => to), plan.links.map(({ to }) => to));
  const ends = new Set(plan.strong.map(({ arrow }) => arrow.end));
  plan.links.filter(({ to }) => records[to].kind === "deliver").forEach(({ to }) => assert.ok(ends.has(to)));
});

test("a lost message ends before it arrives, one that arrives ends at its lane, and one without a lane is not drawn", () => {
  const lanes = placeLanes([0, 2], 200);
  const yOf = event => 10 * event;
  const base = { from: 0, to: 2, begins: 1, ends: 9 };
  assert.deepEqual([50, 150], [lanes.xOf(0), lanes.xOf(2)]);
  const arrived = lineOf({ ...base, fate: ARRIVED }, lanes, yOf, 20);
  assert.ok(arrived.x1 > 144 && arrived.x1 < 150 && arrived.y1 <= 90);
  const lost = lineOf({ ...base, fate: LOST }, lanes, yOf, 20);
  assert.ok(lost.x1 < 135 && lost.y1 === 90);
  assert.ok(lineOf({ ...base, to: -1, fate: LOST }, lanes, yOf, 20).x1 > 50);
  assert.equal(null, lineOf({ ...base, to: 1, fate: ARRIVED }, lanes, yOf, 20));
});

test("few peers all have a lane, hidden ones none; of many only those that matter", () => {
  assert.deepEqual([0, 2, 3], chooseLanes(4, new Set([1]), [], [], 24));
  const ranked = [{ from: 40, to: 7 }, { from: 7, to: 9 }, { from: 3, to: -1 }, { from: 11, to: 12 }];
  assert.deepEqual([3, 7, 9, 30, 40], chooseLanes(50, new Set(), [30], ranked, 5));
  assert.deepEqual([7, 30, 40], chooseLanes(50, new Set([9, 3]), [30, 9], ranked, 4));
});

test("labels keep to their order: the first gets its place, the next another one or none", () => {
  const spot = { x: 10, y: 20, left: false };
  const places = placeLabels([{ text: "abc", spots: [spot] }, { text: "de", spots: [spot, { ...spot, y: 40 }] }, { text: "f", spots: [spot] }], text => 10 * text.length, [], 100, 60);
  assert.deepEqual([{ x: 10, y: 13, width: 30, height: 14 }, { x: 10, y: 33, width: 20, height: 14 }, null], places);
  assert.deepEqual([null], placeLabels([{ text: "abc", spots: [{ x: 25, y: 20, left: true }] }], () => 30, [], 100, 60));
});

test("times are written where there is room, never twice, and long waits say how long they are", () => {
  const stops = [[0, 0], [100, 15], [200, 22], [40_000_200, 80], [40_000_300, 95]].map(([at, y]) => ({ at, y }));
  const format = at => `${(at / 1e6).toFixed(3)} s`;
  assert.deepEqual([["0.000 s", 0], ["40 s later", 51], ["40.000 s", 80]], placeTimes(stops, format, formatWait).map(({ text, y }) => [text, y]));
});

test("ticks fit the axis, waits have a unit that suits them", () => {
  assert.deepEqual(["2.300 s", "1:02:03"], [2_300_000, 3_723_400_000].map(formatTick));
  assert.deepEqual(["0.5 s later", "30 s later", "6 min later", "5 h later"], [500_000, 30_000_000, 360_000_000, 18_000_000_000].map(formatWait));
});

test("the window stays while the cursor moves inside it, then leaps; what the reader scrolled stays until the cursor moves", () => {
  const trace = traceOf(randomRun(5, 900));
  const timeline = new Timeline(trace).update();
  const view = new ChartWindow();
  view.fit(370);
  const tops = new Set();
  for (let cursor = 100; cursor < 200; cursor++) {
    view.follow(timeline, { cursor, playing: true }, []);
    const y = timeline.yOf(cursor);
    assert.ok(y >= view.top && y <= view.top + view.rows, `event ${cursor} is in sight`);
    tops.add(view.top);
  }
  assert.ok(tops.size < 20, `${tops.size} leaps in 100 events`);

  view.scroll(-60);
  const { top } = view;
  view.follow(timeline, { cursor: 199, playing: false }, []);
  assert.equal(top, view.top);
  view.zoom(0.5, 100);
  assert.equal(top + 100 / 15, view.top + 100 / view.unit);
  view.follow(timeline, { cursor: 0, playing: false }, []);
  assert.equal(-1, view.top);
});

test("a chain is shown as a whole when that can be, at a smaller scale if need be; the reader's scale comes back", () => {
  const trace = joinLate({ blocks: 400 }).trace();
  const lengthOf = row => getCauses(trace, row).length;
  const row = Array.from({ length: trace.length }, (_, each) => each).reduce((best, each) => (lengthOf(each) > lengthOf(best) ? each : best));
  const cone = new Cone(trace, `record:0:${row}`, 0).update();
  const timeline = new Timeline(trace, each => cone.has(each)).update();
  const view = new ChartWindow();
  view.fit(370);
  view.aim("chain");
  view.follow(timeline, { cursor: 5, playing: false }, cone.chain);
  const [first, last] = [cone.chain[0], row].map(each => timeline.yOf(trace.columns.event[each]));
  assert.ok(view.unit < 15 && first > view.top && last < view.top + view.rows);

  view.aim("cursor");
  view.follow(timeline, { cursor: 5, playing: false }, []);
  assert.equal(15, view.unit);
});

test("the pointer finds the nearest arrow that stands out, and its nearer end", () => {
  const trace = joinLate({ blocks: 40 }).trace();
  const plan = makePlan(sceneOf(trace, 60));
  for (const { arrow, line } of plan.strong) {
    const { each, row, menu } = findAt({ ...plan, marks: [] }, line.x0 + 0.9 * (line.x1 - line.x0), line.y0 + 0.9 * (line.y1 - line.y0));
    if (each.arrow.key === arrow.key) assert.deepEqual([arrow.end, arrow.sent], [row, menu]);
  }
  assert.equal(null, findAt({ strong: [], faint: [], marks: [] }, 10, 10));
  const { line } = plan.strong.find(({ arrow }) => arrow.end > 0);
  assert.match(tellItem(findAt({ ...plan, marks: [] }, line.x0, line.y0).each, trace, new BlockIndex(trace).update(), true), /→.*\nsent at/s);
});
