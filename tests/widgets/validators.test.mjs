// Validators and shares: the state behind a block, who voted and where, what both sets have, who broke a commandment, who is lucky.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { chainFold } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
import { BranchStates, tally } from "../../widgets/blockchain_lab_widgets/js/finality-branch.js";
import { FinalityIndex } from "../../widgets/blockchain_lab_widgets/js/finality-index.js";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { countStale, findEnd, listBars, sumBars } from "../../widgets/blockchain_lab_widgets/js/shares-model.js";
import { tellBar, tellFairness, tellShares } from "../../widgets/blockchain_lab_widgets/js/shares-words.js";
import { compareVotes, findAccount, findOffenders, findScale, listTallies, listValidators } from "../../widgets/blockchain_lab_widgets/js/validators-model.js";
import { tellAccount, tellCell, tellDynasties, tellRow, tellState, tellSummary } from "../../widgets/blockchain_lab_widgets/js/validators-words.js";
import { getOffers } from "../../widgets/blockchain_lab_widgets/js/acting.js";
import { findEvent } from "../../widgets/blockchain_lab_widgets/js/kinds.js";
import { describeSelection } from "../../widgets/blockchain_lab_widgets/js/narration.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { findFact } from "../../widgets/blockchain_lab_widgets/js/why-facts.js";
import { tellRecord } from "../../widgets/blockchain_lab_widgets/js/why-words.js";
import { ToyBranch, blockOf } from "./toy_finality.mjs";
import { finality as story, forkAndHeal, manyValidators } from "./toy_story.mjs";
import { switchedOn } from "./toy_trees.mjs";

function open(trace) {
  const index = new BlockIndex(trace).update();
  const finality = new FinalityIndex(trace).update();
  const folded = new Folded(trace, chainFold(index));
  const states = new BranchStates(index, finality);
  const at = (seconds, viewer = 0) => {
    const rows = trace.rowsUpTo(trace.eventAt(seconds * 1e6));
    const { tips, off, of } = folded.at(rows);
    const state = states.at(tips[viewer], viewer);
    const list = listValidators(state, { finality, viewer, rows, peers: trace.peers, off });
    return { rows, state, list, viewer, holding: of[viewer], byName: Object.fromEntries(list.map(row => [row.name, row])) };
  };
  return { trace, index, finality, states, at, nameOf: hash => index.nameOf(hash) };
}

const cut = open(story().trace());

test("the state behind a block is that of its branch: epoch, dynasty, what is justified and final", () => {
  const { state } = cut.at(21);
  assert.deepEqual([state.epoch, state.dynasty, state.justified, state.finalised], [2, 0, { block: blockOf(8), epoch: 2 }, { block: blockOf(4), epoch: 1 }]);
  const [here, there] = [cut.at(46, 0), cut.at(46, 1)];
  assert.equal(here.state.finalised.block, blockOf(16));
  assert.equal(there.state.finalised.block, blockOf(16, "b"));
  assert.deepEqual(cut.states.at(blockOf(0), 0).finalised, { block: blockOf(0), epoch: 0 });
});

test("states do not depend on the way by which the cursor came", () => {
  const other = new BranchStates(cut.index, cut.finality);
  for (const height of [22, 3, 17, 16, 9, 21]) assert.deepEqual(other.at(blockOf(height), 0), new BranchStates(cut.index, cut.finality).at(blockOf(height), 0));
});

test("a vote is in a block of this branch, only heard of, for another branch, or missing", () => {
  const { byName } = cut.at(33.3);
  assert.deepEqual(byName.ann.cells.map(({ epoch, kind }) => [epoch, kind]), [[3, "included"], [4, "heard"]]);
  assert.deepEqual(byName.dan.cells.map(({ kind }) => kind), ["missing", "heard"]);
  assert.deepEqual(byName.bob.cells.map(({ kind }) => kind), ["included", "missing"]); // he votes behind the cut
  assert.equal(cut.at(28).byName.eve.cells[1].kind, "outside");
  assert.equal(tellCell(byName.ann.cells[0], cut.nameOf), "2 → 3, in block B13");
  const [own] = [{ epoch: 4, kind: "elsewhere", source: 3, target: blockOf(16, "b"), by: null, others: 1 }];
  assert.equal(tellCell(own, cut.nameOf), "3 → 4, for another branch (B16b); and 1 more in this epoch");
});

test("two thirds of both sets are counted by the weights with which the epoch began", () => {
  const tallies = listTallies(cut.at(37).state);
  assert.deepEqual(tallies, [
    { side: "forward", votes: 81_046, total: 113_562, isEnough: true }, { side: "rear", votes: 69_046, total: 101_562, isEnough: true },
  ]);
  const early = listTallies(cut.at(25).state);
  assert.deepEqual(early.map(({ votes, isEnough }) => [votes, isEnough]), [[0, false], [0, false]]);
  assert.deepEqual(listTallies(cut.at(3).state), []);
  for (const row of cut.trace.table.filter(({ topic }) => topic === "checkpoint justified")) {
    const state = cut.states.at(row.by, 0);
    assert.deepEqual([tally(state, "forward"), tally(state, "rear")], [{ votes: row.votes, total: row.total }, { votes: row.rear_votes, total: row.rear_total }]);
  }
});

test("who joins, belongs, sleeps, leaks and is slashed is told", () => {
  assert.deepEqual(tellState(cut.at(17).byName.eve, 0), ["joins in dynasty 2"]);
  const { byName, state } = cut.at(52);
  assert.deepEqual(tellState(byName.cat, state.dynasty), ["slashed: double, −35,000"]);
  assert.deepEqual(tellState(byName.bob, state.dynasty), ["silent"]);
  assert.equal(tellDynasties(byName.eve), "from 2");
  assert.equal(tellDynasties({ starts: 0, ends: 7 }), "start to 7");
  assert.match(tellRow(byName.cat, state.dynasty, cut.nameOf), /^cat, deposit 706, dynasties from start, sets: forward and rear, epoch 4: 3 → 4, in block B17/);
  assert.equal(findScale(Object.values(byName)), 35_706);
});

test("a leak is what deposits lose while nothing becomes final", () => {
  const toy = switchedOn(["ann"]);
  const branch = new ToyBranch(toy, { ann: 600, bob: 400 });
  toy.later(1, () => {
    for (const [topic, facts] of branch.start()) toy.note(0, topic, facts);
    for (let height = 1; height <= 20; height++) for (const [topic, facts] of branch.grow("ann", height % 4 === 1 && height > 4 ? ["ann"] : []).notes) toy.note(0, topic, facts);
    toy.note(0, "tip changed", { hash: blockOf(20), height: 20, work: "14", previous: toy.genesis, disconnected: 0, connected: 20 });
  });
  const { state, list } = open(toy.run().trace()).at(1);
  assert.equal(state.leaks, true);
  const [ann, bob] = list;
  assert.equal(ann.leaked, 0);
  assert.ok(bob.leaked > 50 && bob.deposit + bob.leaked <= 400);
  assert.ok(tellState(bob, 0).includes(`leaked ${bob.leaked}`));
});

test("commandments: no two votes for one epoch, none around another; the same twice is one", () => {
  const vote = (source, target, name = "x") => ({ source: `s${source}`, source_epoch: source, target: `${name}${target}`, target_epoch: target });
  assert.equal(compareVotes(vote(1, 2), vote(1, 2)), null);
  assert.equal(compareVotes(vote(1, 2), vote(1, 2, "y")), "double");
  assert.equal(compareVotes(vote(0, 2), vote(1, 2)), "double"); // one target, another source
  assert.equal(compareVotes(vote(1, 4), vote(2, 3)), "surround");
  assert.equal(compareVotes(vote(2, 3), vote(1, 4)), "surround");
  assert.equal(compareVotes(vote(1, 2), vote(2, 3)), null);
});

test("the account of a conflict is what a note tells, else what the votes heard there prove", () => {
  const { state, rows } = cut.at(52);
  const account = findAccount(state, cut.finality, 0, rows);
  assert.deepEqual([account.slashable, account.weight, account.total, account.isEnough], [["cat", "eve"], 47_000, 112_000, true]);
  assert.match(tellAccount(account, cut.nameOf), /^B16 and B16b are both final and in conflict: cat and eve can be slashed, 47,000 of 112,000, 42.0 %, a third or more\.$/);
  assert.equal(findAccount(cut.at(40).state, cut.finality, 0, cut.at(40).rows), null);
  const bare = open(story().trace());
  for (const host of bare.finality.conflicts) for (const each of host) each.facts = { block: each.facts.block, epoch: 4, anchor: each.facts.anchor };
  assert.deepEqual([...findOffenders(bare.finality, 2, rows).keys()], []); // cat's node has not heard what she said beyond the cut
  bare.finality.votes.get("cat").forEach(vote => vote.heard.set(0, [rows - 1]));
  const counted = findAccount(state, bare.finality, 0, rows);
  assert.deepEqual([counted.slashable, counted.weight, counted.total], [["cat"], 35_706, 113_756]);
});

test("the view says in words what it shows", () => {
  const { state, list, rows } = cut.at(52);
  const words = tellSummary("ann", state, list, listTallies(state), findAccount(state, cut.finality, 0, rows), cut.nameOf);
  assert.match(words, /^Validators on the branch of ann, epoch 5, dynasty 3: 5 validators\. Justified B20 of epoch 5, final B16 of epoch 4\./);
  assert.match(words, /forward set: 81,370 of 113,756, 71\.5 %, enough; .*Slashed: cat\. B16 and B16b are both final/);
});

test("expected blocks are the sum of chances, within three standard errors of them", () => {
  const { state, holding } = cut.at(52);
  const bars = listBars(state, countStale(cut.index, cut.finality, holding, state.head));
  const sums = sumBars(bars);
  assert.deepEqual(sums, { blocks: 23, units: 100, stale: 7 });
  const eve = bars.find(({ name }) => name === "eve");
  assert.deepEqual([eve.units, eve.blocks, eve.stale, eve.isFair], [30, 7, 2, true]);
  assert.ok(Math.abs(eve.expected - 23 * 0.3) < 1e-9 && Math.abs(eve.spread - 3 * Math.sqrt(23 * 0.3 * 0.7)) < 1e-9);
  assert.equal(tellFairness(bars, sums), "all within 3σ");
  assert.match(tellBar(eve, sums), /^holds 30 of 100 \(30\.0 %\), made 7 of 23 blocks \(30\.4 %\); expected 6\.9 ± 6\.6; 2 more beside the branch$/);
  assert.match(tellShares("ann", bars, sums), /^23 blocks on the branch of ann, 7 beside it, by 5 names\. Most are by eve/);
});

test("who makes all blocks with half of the shares is told; one block of somebody tiny proves nothing", () => {
  const draw = (name, blocks, chance, among) => [name, { blocks, expected: chance * among, variance: among * chance * (1 - chance) }];
  const luck = new Map([draw("ann", 40, 0.5, 40), draw("bob", 0, 0.5, 40), draw("tim", 1, 0.001, 40)]);
  const bars = listBars({ luck, shares: new Map([["ann", 1], ["bob", 1]]) });
  assert.deepEqual(bars.map(({ isFair }) => isFair), [false, false, true]);
  assert.equal(tellFairness(bars, sumBars(bars)), "outside 3σ: ann and bob");
  assert.equal(findEnd(bars, sumBars(bars)), 1);
});

test("of a thousand the largest have bars, and all others together one", () => {
  const { state, list } = open(manyValidators().trace()).at(12);
  const bars = listBars(state);
  assert.equal(list.length, 1000);
  assert.equal(bars.length, 41);
  assert.equal(bars.at(-1).count, 960);
  assert.ok(bars[0].units >= bars[39].units);
  assert.equal(sumBars(bars).blocks, 11);
});

test("where nobody speaks of validators or shares there are none", () => {
  const plain = open(forkAndHeal().trace());
  assert.equal(plain.finality.isThere, false);
  const { state, list } = plain.at(60);
  assert.deepEqual([list, listBars(state), listTallies(state)], [[], [], []]);
});

test("votes and checkpoints are found by stepping, asked why, told and offered as what they are", () => {
  const store = new Store();
  store.append(...story().packed());
  const index = new BlockIndex(store.trace).update();
  const name = `vote:${blockOf(16, "b")}:cat`;
  const topicsOf = event => [...Array(store.trace.length).keys()].map(row => store.trace.record(row)).filter(record => record.event === event).map(({ facts }) => facts.topic);
  const first = findEvent({ trace: store.trace, cursor: 0, selection: null }, "checkpoint", 1);
  assert.ok(topicsOf(first).includes("checkpoint reached"));
  const about = findEvent({ trace: store.trace, cursor: 0, selection: name }, "selection", 1);
  assert.ok(topicsOf(about).includes("vote heard"));
  store.goto(store.trace.lastEvent);
  const { question, row, missing } = findFact(store, index, name);
  assert.deepEqual([question, missing], ["Why does cat vote for B16b?", ""]);
  assert.equal(tellRecord(store.trace, store.trace.record(row), index), "bob hears that cat votes for B12 → B16b");
  assert.equal(describeSelection(name, store.trace, index), "vote of cat for B16b");
  assert.equal(getOffers({ store, index }, name).title, "Vote of cat for B16b");
  assert.equal(findFact(store, index, "vote:00:tim").row, -1);
  const told = store.trace.table.filter(({ topic }) => ["slashed", "finality conflict", "checkpoint finalised", "operation refused", "lottery"].includes(topic));
  const words = new Set(told.map(facts => tellRecord(store.trace, { kind: "note", facts, peer: 0, other: -1, cause: -1 }, index)));
  assert.ok(words.has("cat is slashed in block B23: a double vote costs 35,000, and dan gets 1,400"));
  assert.ok(words.has("ann holds on to B16, and another branch calls B16b final: a third must have broken a commandment"));
  assert.ok(words.has("B4, checkpoint of epoch 1, is final to ann, for its child B8 is justified by it: block B10 says so"));
  assert.ok(words.has("ann refuses an evidence from eve: cat"));
});

test("a vote counts in each set with its own weight, and only for the link that the epoch expects", () => {
  const vote = (weight, rear, source = 2, target = "c3") => ({ target, source, weight, rear, by: "b" });
  const state = {
    epoch: 3, source: { epoch: 2 }, checkpoints: new Map([[3, "c3"]]), forward: ["ann", "bob", "tim"], rear: ["ann", "leo", "tim"],
    weights: new Map([["ann", 10], ["bob", 20], ["leo", 40], ["tim", 80]]),
    counted: new Map([[3, new Map([["ann", vote(10, 10)], ["bob", vote(20, 0)], ["leo", vote(0, 40)], ["tim", vote(80, 80, 1)]])]]),
  };
  assert.deepEqual([tally(state, "forward"), tally(state, "rear")], [{ votes: 30, total: 110 }, { votes: 50, total: 130 }]);
  state.counted.get(3).set("ann", vote(10, 10, 2, "elsewhere"));
  assert.deepEqual(tally(state, "forward").votes, 20);
});
