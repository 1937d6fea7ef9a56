import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { Effects, getCauses } from "../../widgets/blockchain_lab_widgets/js/causes.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { findFact } from "../../widgets/blockchain_lab_widgets/js/why-facts.js";
import { tellRecord } from "../../widgets/blockchain_lab_widgets/js/why-words.js";
import { pack } from "./packed.mjs";
import { chainOf, forkAndHeal, hostileTalk, joinLate } from "./toy_story.mjs";

const storeOf = (trace, cursor, selection = null) => ({ trace, cursor, selection, branch: 0 });
const factOf = (trace, cursor, selection, eyes = null) =>
  findFact(storeOf(trace, cursor), new BlockIndex(trace).update(), selection, eyes);
const allRows = trace => Array.from({ length: trace.length }, (_, row) => row);
const findNote = (trace, peer, topic) => allRows(trace).find(row =>
  trace.record(row).peer === peer && trace.record(row).facts.topic === topic);

test("a chain of causes begins at its origin and ends with the record itself", () => {
  const trace = joinLate({ blocks: 20 }).trace();
  const block = allRows(trace).find(row => trace.record(row).kind === "deliver" && trace.record(row).facts.command === "block");
  const chain = getCauses(trace, block);

  assert.equal(block, chain.at(-1));
  assert.deepEqual(["getdata", "getdata", "block", "block"], chain.slice(-4).map(row => trace.record(row).facts.command));
  assert.equal(-1, trace.columns.cause[chain[0]]);
  for (let i = 1; i < chain.length; i++) assert.equal(chain[i - 1], trace.columns.cause[chain[i]]);
});

test("what came of a record is every record whose chain of causes holds it, the slow way round too", () => {
  const trace = joinLate({ blocks: 30 }).trace();
  const effects = new Effects(trace).update();
  for (const row of [0, 5, 40, 77]) {
    const slow = allRows(trace).filter(each => getCauses(trace, each).includes(row));
    const { rows, hidden } = effects.treeOf(row, Infinity);

    assert.deepEqual(slow, rows.map(each => each.row).sort((a, b) => a - b));
    assert.equal(0, hidden);
    for (const { row: each, depth } of rows) assert.equal(getCauses(trace, each).length - getCauses(trace, row).length, depth);
  }
});

test("a tree that is too large keeps what came first, in one piece, and counts the rest", () => {
  const trace = joinLate({ blocks: 300 }).trace();
  const origin = getCauses(trace, trace.length - 1)[0];
  const effects = new Effects(trace).update();
  const whole = effects.treeOf(origin, Infinity).rows;
  const { rows, hidden } = effects.treeOf(origin, 50);

  assert.equal(50, rows.length);
  assert.equal(whole.length - 50, hidden);
  const kept = new Set(rows.map(({ row }) => row));
  assert.deepEqual(whole.map(({ row }) => row).sort((a, b) => a - b).slice(0, 50), [...kept].sort((a, b) => a - b));
  for (const { row } of rows.slice(1)) assert.ok(kept.has(trace.columns.cause[row]));
});

test("effects are linked anew when the future is replaced", () => {
  const note = (event, cause) => [event * 1000, event, "note", 0, -1, cause, 0];
  const trace = new Trace();
  const effects = new Effects(trace);
  trace.append(...pack([note(1, -1), note(2, 0), note(3, 1)]));
  assert.deepEqual([1], effects.update().of(0));
  trace.append(...pack([note(1, -1), note(4, 0), note(5, 0)], { epoch: 1, cut: 1, from: 1 }));

  assert.deepEqual([1, 2], effects.update().of(0));
  assert.deepEqual([], effects.of(1));
});

test("a peer's tip is asked for at the cursor: other moments, other answers", () => {
  const trace = forkAndHeal().trace();
  const last = trace.lastEvent;

  assert.deepEqual(["Why is ann on B6?", ""], [factOf(trace, last, "peer:ann").question, factOf(trace, last, "peer:ann").missing]);
  const early = trace.eventAt(6_000_000);
  assert.equal("Why is ann on B1?", factOf(trace, early, "peer:ann").question);
  assert.equal("Why is ann on the first block?", factOf(trace, 6, "peer:ann").question);
  assert.deepEqual([-1, "At the cursor ann has not started yet."], Object.values(factOf(trace, 0, "peer:ann")).slice(1));
});

test("a block is seen with somebody's eyes, else with those of whoever had it first", () => {
  const trace = forkAndHeal().trace();
  const [first] = chainOf(1, 3);
  const [fourth] = chainOf(4, 5, "b");
  const last = trace.lastEvent;

  assert.equal("How did ann get block B1?", factOf(trace, last, `block:${first}`).question);
  assert.equal("How did fay get block B1?", factOf(trace, last, `block:${first}`, "fay").question);
  assert.equal("fay never has B4 in this future.", factOf(trace, last, `block:${fourth}`, "fay").missing);
  assert.equal("At the cursor fay does not have it yet.", factOf(trace, 10, `block:${first}`, "fay").missing);
  assert.match(factOf(trace, last, `block:${trace.genesis}`).missing, /from the start/);
});

test("a link is open because of a connection, and closed because of an ending", () => {
  const trace = joinLate({ blocks: 300, stalls: true }).trace();
  const hangUp = allRows(trace).find(row => trace.record(row).kind === "hang-up");
  const event = trace.columns.event[hangUp];

  const open = factOf(trace, event - 1, "link:3-4");
  assert.equal("Why are server4 and nina connected?", open.question);
  assert.equal("connect", trace.record(open.row).kind);
  assert.equal(hangUp, factOf(trace, event, "link:3-4").row);
  assert.equal("Why are server4 and nina not connected?", factOf(trace, event, "link:3-4").question);
  assert.match(factOf(trace, 1, "link:3-4").missing, /nobody has connected/);
});

test("a record that has not happened yet, one of another future, and nothing at all are told apart", () => {
  const trace = joinLate().trace();

  assert.equal("At the cursor this has not happened yet.", factOf(trace, 3, `record:0:${trace.length - 1}`).missing);
  assert.equal("This record is of another future.", factOf(trace, 3, "record:1:2").missing);
  assert.match(factOf(trace, 0, null).missing, /Nothing has happened yet/);
  assert.equal(3, trace.columns.event[factOf(trace, 3, null).row]);
});

test("every record of every story is told in words, whatever peers call themselves", () => {
  for (const story of [forkAndHeal(), joinLate({ stalls: true }), hostileTalk()]) {
    const trace = story.trace();
    const index = new BlockIndex(trace).update();
    for (const row of allRows(trace)) assert.match(tellRecord(trace, trace.record(row), index), /\w/);
  }
});

test("a sentence says who, what and from whom", () => {
  const trace = forkAndHeal().trace();
  const index = new BlockIndex(trace).update();
  const tell = row => tellRecord(trace, trace.record(row), index);

  assert.equal("ann accepts block B1", tell(findNote(trace, 0, "block accepted")));
  assert.ok(allRows(trace).some(row => tell(row) === "ann stands on B6 now, having left 2 blocks of another branch"));
  assert.ok(allRows(trace).some(row => tell(row) === "inv 1: B4b from bob reaches cat"));
  assert.ok(allRows(trace).some(row => tell(row) === "the network is cut: ann, bob and cat here, everybody else there"));
});

test("alerts and payments by IP are told as what they mean", () => {
  const notes = [
    [{ topic: "alert accepted", id: 7, text: "upgrade", applies: true }, "ann believes alert 7: upgrade"],
    [{ topic: "alert accepted", id: 7, text: "upgrade", applies: false }, "ann believes alert 7: upgrade (not for its program)"],
    [{ topic: "alert cancelled", id: 7, text: "upgrade", by: 8 }, "ann forgets alert 7: alert 8 cancels it"],
    [{ topic: "alert dropped", id: 8, text: "", reason: "expired" }, "ann forgets alert 8: expired"],
    [{ topic: "alert refused", id: null, reason: "signature" }, "ann does not believe an alert: signature"],
    [{ topic: "order begun", to: "bob" }, "ann wants to pay bob by IP"],
    [{ topic: "order paid" }, "ann hears that its payment by IP was taken"],
    [{ topic: "order failed", txid: null, reason: "no answer" }, "ann's payment by IP failed: no answer"],
    [{ topic: "order failed", txid: "ab", reason: "no answer" }, "ann's payment by IP failed: no answer; it is on its way all the same"],
    [{ topic: "order received", amount: 5000 }, "ann is paid by IP: 5,000 satoshi"],
    [{ topic: "order refused", reason: "missing-inputs" }, "ann refuses a payment by IP: missing-inputs"],
  ];
  const trace = new Trace();
  trace.append(...pack(notes.map((_, at) => [at, at + 1, "note", 0, -1, -1, at + 1]), { facts: notes.map(([facts]) => facts) }));
  const index = new BlockIndex(trace).update();

  assert.deepEqual(notes.map(([, words]) => words), allRows(trace).map(row => tellRecord(trace, trace.record(row), index)));
});
