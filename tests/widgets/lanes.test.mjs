import assert from "node:assert/strict";
import { test } from "node:test";
import { collectLanes, findAsker, findSpan, findTicks } from "../../widgets/blockchain_lab_widgets/js/lanes-data.js";
import { joinLate } from "./toy_story.mjs";

const countIn = trace => row => Number(trace.record(row).facts.label.split(" ")[1]);
const lanesOf = (trace, viewer = 4) => collectLanes(trace, viewer, countIn(trace));

test("every block that was asked for has one bar, on the lane of whom it came from", () => {
  const trace = joinLate({ blocks: 100 }).trace();
  const lanes = lanesOf(trace);
  const blocks = lanes.flatMap(lane => lane.requests).filter(({ what }) => what === "block");

  assert.deepEqual([0, 1, 2, 3], lanes.map(lane => lane.other));
  assert.equal(100, blocks.length);
  for (const { from, to, row } of blocks) assert.ok(from < to && to === trace.record(row).at);
  assert.equal(1, lanes[0].requests.filter(({ what }) => what === "headers").length);
});

test("no two bars of a lane overlap", () => {
  for (const lane of lanesOf(joinLate({ blocks: 300, stalls: true }).trace())) {
    for (let line = 0; line < lane.lines; line++) {
      const bars = lane.requests.filter(request => request.line === line);
      for (let i = 1; i < bars.length; i++) assert.ok((bars[i - 1].to ?? bars[i - 1].lost) <= bars[i].from);
    }
  }
});

test("a peer that stalls leaves its bars open until it is given up, and a mark", () => {
  const lane = lanesOf(joinLate({ blocks: 300, stalls: true }).trace())[3];

  assert.equal(16, lane.requests.length);
  assert.equal(1, lane.stalls.length);
  for (const { to, lost } of lane.requests) assert.deepEqual([null, lane.stalls[0]], [to, lost]);
});

test("who asked for most is shown first, and the axis spans what was asked", () => {
  const trace = joinLate({ blocks: 40 }).trace();
  assert.equal(4, findAsker(trace));
  const span = findSpan(lanesOf(trace));
  assert.ok(span.from > 0 && span.to <= trace.timeOf(trace.lastEvent));
  assert.equal(null, findSpan(lanesOf(trace, 0)));
});

test("ticks are round and never crowd", () => {
  assert.deepEqual([0, 500_000, 1_000_000], findTicks({ from: 0, to: 1_200_000 }, 3));
  assert.deepEqual([10_000_000, 20_000_000], findTicks({ from: 3_000_000, to: 29_000_000 }, 4));
  for (let to = 7; to < 1e9; to *= 3) assert.ok(findTicks({ from: 0, to }, 6).length <= 7);
});
