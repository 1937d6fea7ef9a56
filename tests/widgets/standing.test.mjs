import assert from "node:assert/strict";
import test from "node:test";
import { BranchEpochs } from "../../widgets/blockchain_lab_widgets/js/branch-epochs.js";
import { HeldNames } from "../../widgets/blockchain_lab_widgets/js/held-names.js";
import { countStates, standingFold, stateOf } from "../../widgets/blockchain_lab_widgets/js/standing.js";

const TRACE = { peers: ["ann", "bob", "cat"], addresses: ["10.0.0.1:8333", "10.0.0.2:8333", "[2001:db8::3]:8333"], genesis: "00", items: [] };

/** A fold's state after some records, each given as [kind, host, what else]. */
function tell(records, fold = standingFold(), state = fold.initial(TRACE)) {
  for (const [kind, peer, more = {}] of records) fold.apply(state, { kind, peer, other: -1, conn: -1, facts: {}, ...more }, TRACE);
  return { fold, state };
}

const note = (host, facts) => ["note", host, { facts }];
const starts = TRACE.peers.map((_, host) => ["start", host]);

test("what one holds has the same sign in whatever order it came, and none when it is gone", () => {
  const [one, other] = [new HeldNames(["a", "b", "c"]), new HeldNames(["c", "a", "b"])];

  assert.equal(one.sign, other.sign);
  assert.deepEqual(["a", "b", "c"], [...one]);
  other.add("a"); // has it already
  assert.equal(one.sign, other.sign);
  other.delete("b");
  assert.notEqual(one.sign, other.sign);
  for (const name of ["a", "c", "nobody's"]) other.delete(name);
  assert.equal(new HeldNames().sign, other.sign);
});

test("a copy of what one holds does not follow, neither way", () => {
  const one = new HeldNames(["a"]);
  const copy = one.copy();
  one.add("b");
  copy.add("c");

  assert.deepEqual([["a", "b"], ["a", "c"]], [[...one], [...copy]]);
});

test("a hundred thousand pairs of names have different signs", () => {
  const signs = new Set(Array.from({ length: 100_000 }, (_, at) => new HeldNames([`${at}`, `x${at * 7}`]).sign));

  assert.equal(signs.size, 100_000);
});

test("epochs are those of the branch, whichever way it is told, and a ring of blocks ends", () => {
  const epochs = new BranchEpochs();
  for (const [block, parent] of [["b1", "00"], ["b2", "b1"], ["c2", "b1"]]) epochs.accept(block, parent);
  epochs.tell("justified", "b1", 1);
  assert.deepEqual({ justified: 1, finalised: 0 }, epochs.at("c2"));
  assert.deepEqual({ justified: 1, finalised: 0 }, epochs.at("b2"));
  epochs.tell("justified", "b2", 2); // after it was asked for
  epochs.tell("finalised", "b2", 1);

  assert.deepEqual({ justified: 2, finalised: 1 }, epochs.at("b2"));
  assert.deepEqual({ justified: 1, finalised: 0 }, epochs.at("c2"));
  epochs.accept("b1", "b2"); // no chain of ours does that
  assert.deepEqual({ justified: 2, finalised: 1 }, epochs.at("b1"));
  assert.deepEqual({ justified: 0, finalised: 0 }, epochs.at(null));
});

test("a copy of a state keeps its peers when the other goes on", () => {
  const { fold, state } = tell([...starts, note(0, { topic: "transaction accepted", txid: "t1" })]);
  const before = fold.copy(state);
  tell([
    note(0, { topic: "transaction accepted", txid: "t2" }), ["connect", 0, { conn: 4, other: 1 }], ["send", 0, { facts: { size: 24 } }],
    ["action", -1, { facts: { do: "ChangeAddress", peer: "bob", address: ["10.9.9.9", 8333] } }],
    note(0, { topic: "peer misbehaved", from: ["10.9.9.9", 1] }),
  ], fold, state);
  tell([note(0, { topic: "peer misbehaved", from: ["10.9.9.9", 1] })], fold, before);

  assert.deepEqual([["t1"], ["t1", "t2"]], [before, state].map(({ peers }) => [...peers[0].pool]));
  assert.deepEqual([[], [[4, 1]]], [before, state].map(({ peers }) => [...peers[0].lines]));
  assert.deepEqual([[0, 0], [1, 24]], [before, state].map(({ peers }) => [peers[0].sent, peers[0].bytesSent]));
  assert.deepEqual([0, 1], [before, state].map(({ peers }) => peers[1].faults));
});

test("who is blamed is found by a line, a name, or an address in three forms", () => {
  const blame = facts => note(1, { topic: "peer misbehaved", ...facts });
  const { state } = tell([
    ...starts, ["connect", 1, { conn: 9, other: 2 }], blame({ conn: 9 }), blame({ conn: 8 }), blame({ from: "cat" }), blame({ from: ["2001:db8::3", 8333] }),
    blame({ from: "[2001:db8::3]:8333" }), blame({ from: "10.0.0.1:9" }), blame({ from: "10.0.0.1" }), blame({ from: null }), blame({ from: "nobody" }), blame({}),
  ]);

  assert.deepEqual([2, 0, 4], state.peers.map(({ faults }) => faults));
});

test("a local state is what is held, not who holds it; who is off or unknown has none", () => {
  const { state } = tell(starts);
  assert.equal(countStates(state.peers), 1);

  tell([note(0, { topic: "item learned", item: "i1" }), ["send", 1, { facts: { size: 9 } }]], standingFold(), state);
  assert.equal(countStates(state.peers), 2);
  assert.equal(stateOf(state.peers[1]), stateOf(state.peers[2]));
  tell([note(1, { topic: "transaction accepted", txid: "i1" })], standingFold(), state);
  assert.equal(countStates(state.peers), 3);
  tell([note(2, { topic: "transaction accepted", txid: "i2" })], standingFold(), state);
  assert.notEqual(stateOf(state.peers[1]), stateOf(state.peers[2])); // as many, but others
  tell([["kill", 0], ["start", 2, { facts: { unknown: true } }]], standingFold(), state);
  assert.equal(countStates(state.peers), 1);
});
