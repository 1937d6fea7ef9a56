import assert from "node:assert/strict";
import { test } from "node:test";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { shapesFor } from "../../widgets/blockchain_lab_widgets/js/marks.js";
import { getLinks, getNeighbours, networkFold } from "../../widgets/blockchain_lab_widgets/js/network-fold.js";
import { ToyStory, forkAndHeal, joinLate } from "./toy_story.mjs";

const shown = links => [...getLinks(links)].map(([key, { state }]) => (state === "open" ? key : `${key} ${state}`)).sort();

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

  assert.deepEqual([[], ["0-1"], ["0-1 half"], []], [0.5, 1, 2, 3].map(time => shown(at(trace, time))));
});

test("a partition cuts the links across it and no others, until it heals", () => {
  const trace = forkAndHeal().trace();

  assert.deepEqual(["0-1", "0-2", "1-2", "2-3", "3-4", "3-5", "4-5"], shown(at(trace, 21_000)));
  assert.deepEqual(["2-3 parted"], shown(at(trace, 23_000)).filter(link => link.endsWith("parted")));
  assert.deepEqual([], shown(at(trace, 46_000)).filter(link => link.endsWith("parted")));
});

test("a partition between two groups leaves those in neither their links", () => {
  const toy = new ToyStory(["ann", "bob", "cat"]);
  toy.later(1000, () => { toy.connect(0, 1); });
  toy.later(1000, () => { toy.connect(1, 2); });
  toy.later(1000, () => { toy.connect(0, 2); });
  toy.later(2000, () => toy.write("action", -1, { do: "Partition", group: ["ann"], against: ["bob"] }));

  assert.deepEqual(["0-1 parted", "0-2", "1-2"], shown(at(toy.run().trace(), 2)));
});

test("a dialled peer is linked by dots until it answers or fails, and nobody with an address of nobody", () => {
  const toy = new ToyStory(["ann", "bob", "cat"]);
  const dial = (other, conn) => toy.write("dial", 0, { remote: "10.0.0.9:8333" }, { other, conn });
  toy.later(1000, () => [1, 2, -1].forEach((other, i) => dial(other, 2 * i)));
  toy.later(2000, () => toy.write("connect", 1, { inbound: true }, { other: 0, conn: 1 }));
  toy.later(3000, () => toy.write("connect", 0, { inbound: false }, { other: 1, conn: 0 }));
  toy.later(4000, () => toy.write("dial-failed", 0, { reason: "unreachable" }, { other: 2, conn: 2 }));
  toy.later(5000, () => toy.write("action", -1, { do: "Partition", group: ["ann"], against: [] }));
  toy.later(6000, () => dial(2, 6));
  toy.later(7000, () => toy.write("kill", 0, { reason: "reset" }));
  const trace = toy.run().trace();

  assert.deepEqual([
    ["0-1 dialling", "0-2 dialling"],
    ["0-1 half", "0-2 dialling"],
    ["0-1", "0-2 dialling"],
    ["0-1"],
    ["0-1 parted"],
    ["0-1 parted", "0-2 parted"],
    ["0-1 parted"], // bob does not know yet
  ], [1, 2, 3, 4, 5, 6, 7].map(time => shown(at(trace, time))));
});

test("a copy of the fold's state is not touched by what comes after, though they share their maps at first", () => {
  const trace = forkAndHeal().trace();
  const [early, whole] = [1, 1e9].map(every => new Folded(trace, networkFold, every));
  const events = [...Array(trace.lastEvent + 1).keys()];
  events.forEach(event => early.at(trace.rowsUpTo(event)));

  for (const event of events.reverse()) {
    const rows = trace.rowsUpTo(event);
    assert.deepEqual([...getLinks(whole.at(rows))], [...getLinks(early.at(rows))]);
  }
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
  assert.deepEqual(["0-1 half"], shown(at(trace, 2)));
});

test("going there and back gives what going straight there gives", () => {
  const trace = joinLate({ blocks: 60 }).trace();
  const wandering = new Folded(trace, networkFold, 16);
  for (const event of [50, 3, 49, 90, 10, 11, 12, 90, 0]) {
    const state = wandering.at(trace.rowsUpTo(event));
    const straight = new Folded(trace, networkFold, 1e9).at(trace.rowsUpTo(event));
    assert.deepEqual({ ...straight, isShared: false }, { ...state, isShared: false });
    assert.deepEqual(getNeighbours(getLinks(straight), 5), getNeighbours(getLinks(state), 5));
  }
});

test("every role has a shape of its own, and peers without one share the dot", () => {
  const shapes = shapesFor(["server", "learner", "liar", "server"]);

  assert.deepEqual(["square", "dot"], ["server", "learner"].map(role => shapes.get(role)));
  assert.equal(3, new Set(shapes.values()).size);
  assert.equal("dot", shapesFor(["bitcoin", "bitcoin"]).get("bitcoin"));
});
