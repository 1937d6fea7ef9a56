// The space-time chart's index of messages, its cones and its time axis.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline, getRows } from "../../widgets/blockchain_lab_widgets/js/chart-axis.js";
import { Cone, isNamed } from "../../widgets/blockchain_lab_widgets/js/chart-cone.js";
import { ARRIVED, Arrows, FLYING, LOST } from "../../widgets/blockchain_lab_widgets/js/chart-data.js";
import { bindInput } from "../../widgets/blockchain_lab_widgets/js/chart-input.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { drawFrom, randomRun, said, traceOf } from "./chart-stories.mjs";
import { pack } from "./packed.mjs";

const rowsOf = trace => Array.from({ length: trace.length }, (_, row) => trace.record(row));

test("a window holds exactly the messages that are in flight somewhere in it", () => {
  for (const seed of [1, 2, 3]) {
    const trace = traceOf(randomRun(seed, 1_500));
    const arrows = new Arrows(trace).update();
    const all = Array.from({ length: arrows.length }, (_, i) => arrows.get(i));
    const draw = drawFrom(seed);
    for (const first of [0, 1, 255, 256, 257, 512, ...Array.from({ length: 40 }, () => draw(1_500))]) {
      const last = first + draw(60);
      const expected = all.filter(({ begins, ends }) => begins <= last && ends >= first).map(({ key }) => key);

      assert.deepEqual(expected, arrows.between(first, last).map(({ key }) => key), `seed ${seed}, ${first} to ${last}`);
    }
  }
});

test("an arrow knows its fate, and each of its records knows the arrow", () => {
  const trace = traceOf(randomRun(4, 300));
  const arrows = new Arrows(trace).update();
  for (const record of rowsOf(trace).filter(({ kind }) => kind === "send")) {
    const arrow = arrows.ofRow(record.row);
    const end = rowsOf(trace).find(({ cause, kind }) => cause === record.row && kind !== "send");
    const fate = end === undefined ? FLYING : end.kind === "drop" ? LOST : ARRIVED;

    assert.deepEqual([record.row, end?.row ?? -1, fate], [arrow.sent, arrow.end, arrow.fate]);
    if (end) assert.equal(arrow.key, arrows.ofRow(end.row).key);
  }
  assert.equal(null, arrows.ofRow(rowsOf(trace).find(({ kind }) => kind === "timer").row));
});

test("what was dropped, delayed, doubled or edited on its way says so", () => {
  const facts = [said(3, 0), said(2, 1), { do: "DropMessage", record: 1 }, { do: "DelayMessage", record: 0, by: 7_000 }, { do: "EditMessage", record: 2 }];
  const rows = [
    [0, 1, "send", 0, 1, -1, 1], [0, 1, "send", 0, 1, -1, 1], [0, 1, "send", 1, 0, -1, 2], // the same to bob twice, one to ann
    [5, 2, "action", -1, -1, -1, 3], [5, 2, "drop", 1, 0, 3, 1], // the second one is taken out of flight
    [6, 3, "action", -1, -1, -1, 4], [7, 4, "action", -1, -1, -1, 5],
    [20, 5, "datagram", 1, 0, 0, 1], [30, 6, "datagram", 1, 0, 0, 1], [40, 7, "deliver", 0, 1, 2, 2],
  ];
  const trace = new Trace();
  trace.append(...pack(rows, { facts }));
  const arrows = new Arrows(trace).update();
  const [late, lost, edited] = [0, 1, 2].map(arrow => arrows.get(arrow));

  assert.deepEqual([7_000, 7, false], [late.late, late.end, late.isEdited]);
  assert.deepEqual([LOST, 4], [lost.fate, lost.end]);
  assert.equal(true, edited.isEdited);
  const seen = arrows.between(6, 6);
  assert.deepEqual([[2, false], [0, true]], seen.map(({ sent, isCopy }) => [sent, isCopy]));
  assert.deepEqual([], arrows.between(6, 6, arrow => arrow !== 0).filter(({ isCopy }) => isCopy));
});

test("what a kill takes out of flight is the oldest of the same message on the same way", () => {
  const facts = [said(3, 0), said(2, 1)];
  const rows = [
    [0, 1, "send", 0, 1, -1, 2], [0, 1, "send", 0, 1, -1, 1], [0, 1, "send", 0, 1, -1, 1],
    [9, 2, "kill", 1, -1, -1, 0], [9, 2, "drop", 1, 0, 3, 1],
  ];
  const trace = new Trace();
  trace.append(...pack(rows, { facts }));

  assert.deepEqual([FLYING, LOST, FLYING], [0, 1, 2].map(arrow => new Arrows(trace).update().get(arrow).fate));
});

test("the index grows with its trace, and begins again when the future was replaced", () => {
  const run = randomRun(5, 800);
  const whole = new Arrows(traceOf(run)).update();
  const trace = new Trace();
  const arrows = new Arrows(trace);
  const half = Math.floor(run.rows.length / 2);
  trace.append(...pack(run.rows.slice(0, half), { facts: run.facts, peers: run.peers }));
  arrows.update();
  trace.append(...pack(run.rows, { from: half, factsFrom: 10, peers: run.peers }));
  arrows.update();
  assert.deepEqual(whole.between(0, 800), arrows.between(0, 800));

  trace.append(...pack(run.rows.slice(0, half), { from: half, factsFrom: 10, epoch: 1, cut: half, peers: run.peers }));
  const shorter = new Arrows(traceOf({ ...run, rows: run.rows.slice(0, half) })).update();
  assert.deepEqual(shorter.between(0, 800), arrows.update().between(0, 800));
});

/** All that a record triggered and all that led to it, the slow way. */
function slowCone(trace, chosen) {
  const records = rowsOf(trace);
  const root = records[chosen].kind === "note" ? records[chosen].cause : chosen;
  const leadsTo = (from, to) => from === to || (records[to].cause >= 0 && leadsTo(from, records[to].cause));
  return records.filter(({ row }) => leadsTo(row, chosen) || leadsTo(root, row)).map(({ row }) => row);
}

test("a record's cone equals what a slow search finds", () => {
  for (const seed of [6, 7]) {
    const trace = traceOf(randomRun(seed, 160));
    for (let row = 0; row < trace.length; row += 3) {
      const cone = new Cone(trace, `record:0:${row}`, 0).update();

      assert.deepEqual(slowCone(trace, row), rowsOf(trace).filter(each => cone.has(each.row)).map(each => each.row), `record ${row}`);
    }
  }
});

test("a block's cone is the messages about it and all that they triggered; a peer's is its messages", () => {
  const trace = traceOf(randomRun(8, 200));
  const block = new Cone(trace, "block:b2", 0).update();
  const about = rowsOf(trace).filter(({ facts }) => facts.blocks?.includes("b2")).map(({ row }) => row);
  assert.deepEqual([...new Set(about.flatMap(row => slowCone(trace, row).filter(each => each >= row)))].sort((a, b) => a - b),
    rowsOf(trace).filter(({ row }) => block.has(row)).map(({ row }) => row));

  const peer = new Cone(trace, "peer:peer3", 0).update();
  for (const { row, peer: me, other } of rowsOf(trace)) assert.equal(me === 3 || other === 3, peer.has(row));
  const link = new Cone(trace, "link:1-3", 0).update();
  for (const { row, peer: me, other } of rowsOf(trace)) assert.equal([me, other].sort().join() === "1,3", link.has(row));
});

test("a cone grows with its trace; a name that stands for nothing here has none", () => {
  const run = randomRun(9, 200);
  const trace = new Trace();
  trace.append(...pack(run.rows.slice(0, 60), { facts: run.facts, peers: run.peers }));
  const cone = new Cone(trace, "record:0:40", 0).update();
  trace.append(...pack(run.rows, { from: 60, factsFrom: 10, peers: run.peers }));
  cone.update();
  assert.deepEqual(slowCone(trace, 40), rowsOf(trace).filter(({ row }) => cone.has(row)).map(({ row }) => row));

  for (const name of ["record:1:40", "record:0:999999", "nonsense"]) assert.equal(true, new Cone(trace, name, 0).update().isEmpty);
  assert.equal(false, cone.isEmpty);
});

test("pointing at a name lights its messages, without their consequences", () => {
  const trace = traceOf(randomRun(10, 50));
  const arrow = new Arrows(trace).update().get(2);
  const names = [`record:0:${arrow.sent}`, `peer:peer${arrow.to}`, `link:${[arrow.from, arrow.to].sort().join("-")}`, `group:${arrow.from},${arrow.to}`];
  for (const name of names) assert.equal(true, isNamed(trace, name, 0, arrow), name);
  for (const name of [null, `record:1:${arrow.sent}`, "peer:nobody", "block:none", "link:0-9"]) assert.equal(false, isNamed(trace, name, 0, arrow), String(name));
});

test("the axis is monotone: later is lower, a longer wait is never shorter, and nothing takes more than four rows", () => {
  const gaps = [0, 1, 1_000, 40_000, 41_000, 100_000, 599_000, 600_000, 601_000, 30_000_000, 9e12];
  const rows = gaps.map(getRows);
  assert.deepEqual([...rows].sort((a, b) => a - b), rows);
  assert.deepEqual([1, true], [rows[0], rows.at(-1) < 4]);

  const trace = traceOf(randomRun(11, 600));
  const wanted = row => trace.record(row).facts.class === "data";
  for (const timeline of [new Timeline(trace).update(), new Timeline(trace, wanted).update(), new Timeline(trace, () => false).update()]) {
    for (let event = 0; event < 600; event += 0.5) {
      assert.ok(timeline.yOf(event) < timeline.yOf(event + 0.5), `event ${event}`);
      assert.ok(Math.abs(timeline.eventAt(timeline.yOf(event)) - event) < 1e-6, `and back from ${event}`);
    }
    assert.equal(timeline.height, timeline.yOf(600));
  }
});

test("events that matter have a row of their own, the others lie between; who points near a row means it", () => {
  const trace = traceOf(randomRun(12, 400));
  const wanted = row => trace.record(row).facts.class === "data";
  const timeline = new Timeline(trace, wanted).update();
  const events = [...new Set(rowsOf(trace).filter(({ row }) => wanted(row)).map(({ event }) => event))];
  assert.deepEqual([0, ...events], timeline.between(0, timeline.height).map(({ event }) => event));
  for (const [index, event] of events.entries()) {
    assert.equal(event, timeline.pick(timeline.yOf(event) + 0.3));
    if (index) assert.ok(timeline.yOf(event) - timeline.yOf(events[index - 1]) >= 1 - 1e-9);
  }
  assert.deepEqual(events.slice(10, 21), timeline.between(timeline.yOf(events[10]), timeline.yOf(events[20])).map(({ event }) => event));
});

test("a button that was let go outside the plot drags nothing afterwards", () => {
  const [root, plot, back, axis, heads, items] = Array.from({ length: 6 }, () => new EventTarget());
  const heard = [];
  Object.assign(plot, { setPointerCapture: () => heard.push("capture"), classList: { toggle: () => {} } });
  back.getBoundingClientRect = () => ({ left: 0, top: 0 });
  const act = { plan: () => ({ strong: [], faint: [], marks: [] }), point: () => heard.push("point"), drag: pixels => heard.push(pixels) };
  bindInput({ root, plot, back, axis, heads, items }, act);
  const send = (type, clientY, buttons) => plot.dispatchEvent(Object.assign(new Event(type), { clientX: 5, clientY, buttons, button: 0 }));

  send("pointerdown", 2, 1);
  send("pointermove", 1, 1); // then out of the plot: too near for a drag, so nothing was captured
  send("pointermove", 50, 0);
  send("pointermove", 60, 1); // somebody else's drag comes by
  assert.deepEqual(["point", "point"], heard);

  send("pointerdown", 50, 1);
  send("pointermove", 60, 1);
  assert.deepEqual(["capture", 10], heard.slice(2));
});
