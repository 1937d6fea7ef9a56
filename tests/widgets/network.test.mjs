import assert from "node:assert/strict";
import { test } from "node:test";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { flightAt, placeFlights } from "../../widgets/blockchain_lab_widgets/js/flight-layer.js";
import { shapesFor } from "../../widgets/blockchain_lab_widgets/js/marks.js";
import { countNeighbours, getLinks, networkFold } from "../../widgets/blockchain_lab_widgets/js/network-fold.js";
import { fitLayout } from "../../widgets/blockchain_lab_widgets/js/network-stage.js";
import { ToyStory, forkAndHeal, joinLate } from "./toy_story.mjs";

const shown = state => [...getLinks(state)].map(([key, { reachable }]) => (reachable ? key : `${key} cut`)).sort();

function at(trace, milliseconds) {
  return new Folded(trace, networkFold).at(trace.rowsUpTo(trace.eventAt(milliseconds * 1000)));
}

test("a link is drawn while somebody has an end of it, and dashed while the other end is gone", () => {
  const toy = new ToyStory(["ann", "bob"]);
  let conn;
  toy.later(1000, () => { conn = toy.connect(0, 1); });
  toy.later(2000, () => toy.write("hang-up", 0, { reason: "bored" }, { other: 1, conn }));
  toy.later(3000, () => toy.write("disconnect", 1, { reason: "bored" }, { other: 0, conn: conn + 1 }));
  const trace = toy.run().trace();

  assert.deepEqual([[], ["0-1"], ["0-1 cut"], []], [0.5, 1, 2, 3].map(time => shown(at(trace, time))));
});

test("a partition cuts the links across it and no others, until it heals", () => {
  const trace = forkAndHeal().trace();

  assert.deepEqual(["0-1", "0-2", "1-2", "2-3", "3-4", "3-5", "4-5"], shown(at(trace, 21_000)));
  assert.deepEqual(["2-3 cut"], shown(at(trace, 23_000)).filter(link => link.endsWith("cut")));
  assert.deepEqual([], shown(at(trace, 46_000)).filter(link => link.endsWith("cut")));
});

test("a partition between two groups leaves those in neither their links", () => {
  const toy = new ToyStory(["ann", "bob", "cat"]);
  toy.later(1000, () => { toy.connect(0, 1); });
  toy.later(1000, () => { toy.connect(1, 2); });
  toy.later(1000, () => { toy.connect(0, 2); });
  toy.later(2000, () => toy.write("action", -1, { do: "Partition", group: ["ann"], against: ["bob"] }));

  assert.deepEqual(["0-1 cut", "0-2", "1-2"], shown(at(toy.run().trace(), 2)));
});

test("a killed peer is off without links or ends, and starts again at the genesis", () => {
  const toy = new ToyStory(["ann", "bob"]);
  toy.later(0, () => toy.write("start", 0));
  toy.later(0, () => toy.write("start", 1));
  toy.later(1000, () => toy.connect(0, 1));
  toy.later(1500, () => toy.note(0, "tip changed", { hash: "x" }));
  toy.later(2000, () => toy.write("kill", 0, { reason: "reset" }));
  toy.later(3000, () => toy.write("start", 0));
  const trace = toy.run().trace();

  assert.deepEqual([[false, "x"], [true, "x"], [false, toy.genesis]], [1.5, 2, 3].map(time => {
    const { off, tips } = at(trace, time);
    return [off[0], tips[0]];
  }));
  assert.deepEqual(["0-1 cut"], shown(at(trace, 2)));
});

test("going there and back gives what going straight there gives", () => {
  const trace = joinLate({ blocks: 60 }).trace();
  const wandering = new Folded(trace, networkFold, 16);
  for (const event of [50, 3, 49, 90, 10, 11, 12, 90, 0]) {
    const state = wandering.at(trace.rowsUpTo(event));
    const straight = new Folded(trace, networkFold, 1e9).at(trace.rowsUpTo(event));
    assert.deepEqual(straight, state);
    assert.equal(countNeighbours(getLinks(straight), 4), countNeighbours(getLinks(state), 4));
  }
});

test("a layout fills its box and keeps room for the names, whatever its unit", () => {
  const places = fitLayout([[-1, -1], [1, 1], [0, 0]], 400, 300);

  for (const { x, y } of places) assert.ok(Math.abs(x) <= 200 - 40 && Math.abs(y) <= 150 - 40, `${x}, ${y}`);
  assert.ok(places[1].x - places[0].x > 300);
  assert.deepEqual([{ x: 0, y: 0 }], fitLayout([[7, 7]], 400, 300)); // one peer alone stands in the middle
});

test("messages keep to the right of their link, and the nearest one is found under the pointer", () => {
  const placeOf = peer => ({ x: 100 * peer, y: 0 });
  const flight = (source, target, part) => ({ source, target, part, facts: { size: 100 }, sent: 1 });
  const [there, back] = placeFlights([flight(0, 1, 0.5), flight(1, 0, 0.5)], placeOf, 10);

  assert.deepEqual([50, 50], [there.x, back.x]);
  assert.ok(there.y > 0 && back.y < 0);
  assert.equal(there, flightAt([there, back], 51, 4));
  assert.equal(null, flightAt([there, back], 51, 40));
});

test("every role has a shape of its own, and peers without one share the dot", () => {
  const shapes = shapesFor(["server", "learner", "liar", "server"]);

  assert.deepEqual(["square", "dot"], ["server", "learner"].map(role => shapes.get(role)));
  assert.equal(3, new Set(shapes.values()).size);
  assert.equal("dot", shapesFor(["bitcoin", "bitcoin"]).get("bitcoin"));
});
