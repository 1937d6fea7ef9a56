import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { CoinIndex, findCoins } from "../../widgets/blockchain_lab_widgets/js/mempool-coins.js";
import { PoolHistory } from "../../widgets/blockchain_lab_widgets/js/mempool-history.js";
import {
  BLOCK_SIZE, choosePools, placeBlock, rateOf, scaleFor, sortByRate, stackRows, strengthOf,
} from "../../widgets/blockchain_lab_widgets/js/mempool-layout.js";
import {
  formatRate, formatShare, tellLeaving, tellPeers, tellPool, tellRow, tellShare, tellSummary, tellTransaction, tellUnits, unitsOf,
} from "../../widgets/blockchain_lab_widgets/js/mempool-words.js";
import { ToyStory, hashOf, pools } from "./toy_story.mjs";
import { txOf } from "./toy_pools.mjs";

const [A, B, C] = [1, 2, 3].map(txOf);
const accepted = (txid, fee, size = 100) => ["transaction accepted", { txid, fee, size, virtual_size: size }];
const removed = (reason, ...txids) => ["transactions removed", { txids, reason }];

/** Notes, one event each: [host, topic, facts], or [host, kind]. */
function tell(...lines) {
  const story = new ToyStory(["ann", "bob", "cat"]);
  for (const host of [0, 1, 2]) story.later(0, () => story.write("start", host));
  lines.forEach(([host, what, facts], at) => story.later(1_000_000 * (at + 1), () => {
    if (facts) story.note(host, what, facts);
    else story.write(what, host, {});
  }));
  return story.run();
}

const names = stays => stays.map(({ txid }) => txid);

test("a pool is who came and has not left; its order is that of coming", () => {
  const trace = tell([0, ...accepted(A, 100)], [0, ...accepted(B, 300)], [1, ...accepted(A, 100)], [0, ...removed("confirmed", A)], [0, ...accepted(A, 100)]).trace();
  const history = new PoolHistory(trace).update();
  const at = event => names(history.waiting(0, trace.rowsUpTo(event)));

  assert.deepEqual([[], [A], [A, B], [B], [B, A]], [3, 4, 5, 7, 8].map(at));
  assert.deepEqual([0, 1], history.holders(A, trace.rowsUpTo(6)).map(({ host }) => host));
  assert.deepEqual([1], history.holders(A, trace.rowsUpTo(7)).map(({ host }) => host));
  assert.equal(0, history.busiest());
});

test("a pool does not outlive its node", () => {
  const trace = tell([1, ...accepted(A, 100)], [1, "kill"], [1, "start"], [1, ...accepted(B, 100)], [1, "start"]).trace();
  const history = new PoolHistory(trace).update();

  assert.deepEqual([[A], [], [], [B], []], [4, 5, 6, 7, 8].map(event => names(history.waiting(1, trace.rowsUpTo(event)))));
  assert.deepEqual([true, false, true], [4, 5, 6].map(event => history.isOn(1, trace.rowsUpTo(event))));
  assert.equal(false, history.isOn(1, 0));
  assert.deepEqual(["started anew", "switched off"], history.lastLeft(1, trace.length, 5).map(({ reason }) => reason));
});

test("notes that come twice, and of what never waited, change nothing", () => {
  const trace = tell([0, ...removed("expired", A)], [0, ...accepted(A, 100)], [0, ...accepted(A, 900)], [0, ...removed("made room", B, A)]).trace();
  const history = new PoolHistory(trace).update();

  assert.deepEqual([100], history.waiting(0, trace.rowsUpTo(6)).map(({ fee }) => fee));
  assert.deepEqual([["made room", [A]]], history.lastLeft(0, trace.length, 5).map(({ reason, txids }) => [reason, txids]));
});

test("a future that is replaced is read again", () => {
  const story = tell([0, ...accepted(A, 100)], [0, ...removed("confirmed", A)], [1, ...accepted(B, 100)]);
  const trace = story.trace();
  const history = new PoolHistory(trace).update();
  assert.deepEqual([], history.waiting(0, trace.length));

  story.rows.splice(-2, 1); // in the other future nobody confirms it
  trace.append(...story.packed({ epoch: 1, cut: 0 }));
  history.update();
  assert.deepEqual([[A], [B]], [0, 1].map(host => names(history.waiting(host, trace.length))));
});

test("a pool's version changes with the pool, and only then", () => {
  const trace = tell([0, ...accepted(A, 100)], [1, ...accepted(B, 100)], [0, ...removed("confirmed", A)]).trace();
  const history = new PoolHistory(trace).update();
  const versions = [3, 4, 5, 6].map(event => history.versionOf(0, trace.rowsUpTo(event)));

  assert.deepEqual([0, 1, 1, 2], versions.map(version => version - versions[0]));
});

test("the best payers stand on top, and heights are in proportion to sizes", () => {
  const stays = [[A, 100, 100], [B, 900, 300], [C, 100, 50]].map(([txid, fee, size], from) => ({ txid, fee, size, from }));
  const sorted = sortByRate(stays);
  const scale = scaleFor([stays], 450);
  const rows = stackRows(sorted, scale);

  assert.deepEqual([B, C, A], names(sorted));
  assert.deepEqual([3, 2, 1], sorted.map(rateOf));
  assert.deepEqual([[B], [C], [A]], rows.map(row => names(row.stays)));
  assert.deepEqual([6, 1, 2], rows.map(({ height }) => Math.round(height / rows[1].height)));
  assert.ok(rows.every(({ y }, at) => at === 0 || Math.abs(y - rows[at - 1].y - rows[at - 1].height) < 1e-9));
});

test("a size that cannot be does not break the picture", () => {
  const [row] = stackRows([{ txid: A, fee: 5, size: 0, from: 0 }], scaleFor([[{ size: 0 }]], 300));

  assert.ok(Number.isFinite(row.height) && row.height > 0);
  assert.equal(5, rateOf({ fee: 5, size: 0 }));
});

test("five thousand are a few dozen rows, and every one is in one of them", () => {
  const trace = pools().trace();
  const history = new PoolHistory(trace).update();
  const waiting = sortByRate(history.waiting(0, trace.rowsUpTo(trace.lastEvent - 4)));
  const rows = stackRows(waiting, scaleFor([waiting], 300));

  assert.deepEqual(waiting, history.bestWaiting(0, trace.rowsUpTo(trace.lastEvent - 4)));
  assert.equal(5000, waiting.length);
  assert.ok(rows.length > 10 && rows.length <= 30, String(rows.length));
  assert.deepEqual(names(waiting), rows.flatMap(row => names(row.stays)));
  assert.ok(Math.abs(300 - rows.reduce((sum, { height }) => sum + height, 0)) < 2) // the last one may be too low to be seen, and is not;
  assert.equal(3000, history.waiting(0, trace.length).length);
});

test("the line of a block stands where it is full; when all would fit, below the stack and said to be nearer", () => {
  assert.deepEqual({ y: 250, isBroken: false }, placeBlock(2 * BLOCK_SIZE, 250 / BLOCK_SIZE));
  assert.equal(true, placeBlock(1000, 0.2).isBroken);
  assert.ok(placeBlock(1000, 0.2).y > 200);
  assert.equal(false, placeBlock(990_000, 300 / BLOCK_SIZE).isBroken);
});

test("strength grows with the rate, and is full from a hundred on", () => {
  const [none, one, ten, hundred, more] = [0, 1, 10, 100, 5000].map(strengthOf);

  assert.ok(none === 0 && one < ten && ten < hundred);
  assert.deepEqual([1, 1], [hundred, more]);
});

test("a selected peer takes the first place, a group all four", () => {
  const peers = ["ann", "bob", "cat", "dan", "eve", "__proto__"];

  assert.deepEqual([2, 1], choosePools("peer:cat", [0, 1], peers));
  assert.deepEqual([0, 1], choosePools("peer:bob", [0, 1], peers));
  assert.deepEqual([0, 1, 2, 3], choosePools("group:0,1,2,3,4", [4], peers));
  for (const nothing of [null, "tx:00", "peer:nobody", "group:9,x", "block:00"]) assert.deepEqual([0], choosePools(nothing, [0], peers));
});

const bytesOf = (...coins) => {
  const fields = coins.flatMap((_, at) => [["txid", 36 * at, 36 * at + 32], ["index", 36 * at + 32, 36 * at + 36], ["input", 36 * at, 36 * at + 36]]);
  const bytes = Uint8Array.from(coins.flatMap(coin => [...Array(32).fill(coin), 0, 0, 0, 1]));
  return { command: "tx", bytes, fields: fields.map(([name, start, end]) => ({ name, start, end })) };
};

test("two that take the same coin are rivals, once their bytes are here", () => {
  const messages = new Map();
  const trace = { table: [{}], messages: { get: number => messages.get(number) ?? null } };
  const coins = new CoinIndex(trace);
  [A, B, C].forEach((txid, message) => trace.table.push({ command: "tx", txids: [txid], message }));
  [[1, 2], [2, 3], [4]].forEach((spent, message) => messages.set(message, bytesOf(...spent)));

  assert.equal(2, findCoins(bytesOf(1, 2)).length);
  assert.deepEqual([[B], [A], []], [A, B, C].map(txid => coins.update().rivalsOf(txid)));
  assert.deepEqual([], coins.rivalsOf("never heard of"));

  messages.delete(3);
  trace.table.push({ command: "tx", txids: ["late"], message: 3 });
  assert.deepEqual([], coins.update().rivalsOf("late"));
  messages.set(3, bytesOf(4));
  assert.deepEqual([C], coins.update().rivalsOf("late"));
});

test("who has it, and what became of it elsewhere, is told in words", () => {
  const block = hashOf("0001a");
  const trace = tell(
    [0, ...accepted(A, 500)], [1, ...accepted(A, 500)], [2, "transaction refused", { txid: A, reason: "insufficient fee" }],
    [0, ...removed("replaced", A)], [1, ...removed("replaced", A)],
  ).trace();
  const history = new PoolHistory(trace).update();
  const coins = { rivalsOf: txid => (txid === A ? [C] : []) };
  const index = new BlockIndex(trace).update();
  const at = event => tellTransaction(A, { history, coins, index, peers: trace.peers, columns: trace.columns, rows: trace.rowsUpTo(event) }).join(" ");

  assert.equal("Nobody has accepted it yet.", at(3));
  assert.match(at(6), /^500 satoshi for 100 vB, 5\.00 for one\. Waits at ann and bob \(2 of 3\)\. Refused \(insufficient fee\) by cat\.$/);
  assert.match(at(7), /Waits at bob \(1 of 3\)\. Replaced at 4\.000 s: ann \(another one takes its coin and pays more\)\./);
  assert.match(at(8), /Waits nowhere any more\. .*Replaced, from 4\.000 s on: ann and bob /);

  const tip = { hash: block, connected: 1 };
  assert.equal("tx 0002 confirmed in ?0001", tellLeaving({ reason: "confirmed", txids: [B] }, tip, index));
  assert.equal("2 tx confirmed on the way to ?0001", tellLeaving({ reason: "confirmed", txids: [A, B] }, { ...tip, connected: 2 }, index));
  assert.equal("tx 0002 in conflict with ?0001", tellLeaving({ reason: "conflict", txids: [B] }, tip, index));
  assert.equal("tx 0002 bored", tellLeaving({ reason: "bored", txids: [B] }, tip, index));
  assert.equal("tx 0002 constructor", tellLeaving({ reason: "constructor", txids: [B] }, tip, index));
  assert.equal("tx 0002 lost when the peer was switched off", tellLeaving({ reason: "switched off", txids: [B] }, null, index));
});

test("the block of a confirmation is the tip that the peer noted in the same event", () => {
  const story = new ToyStory(["ann", "bob"]);
  const [one, two] = [hashOf("0001a"), hashOf("0002a")];
  const tip = hash => ({ hash, height: 1, previous: story.genesis, disconnected: 0, connected: 1 });
  story.later(0, () => story.note(0, ...accepted(A, 100)));
  story.later(1, () => story.note(0, "tip changed", tip(one)));
  story.later(2, () => { story.note(0, "tip changed", tip(two)); story.note(0, ...removed("confirmed", A)); });
  const trace = story.run().trace();
  const history = new PoolHistory(trace).update();
  const [leaving] = history.lastLeft(0, trace.length, 1);

  assert.deepEqual({ hash: two, connected: 1 }, history.tipBehind(leaving));
  assert.equal(null, history.tipBehind({ host: 1, row: leaving.row }));
});

test("numbers are as short as they may be", () => {
  assert.deepEqual(["1.27", "14.1", "141", "12,346"], [1.2683, 14.08, 141.4, 12_345.7].map(formatRate));
  assert.deepEqual(["less than 0.1 % of a block", "0.2 % of a block", "45 % of a block", "2.5 blocks"], [30, 1700, 450_000, 2_500_000].map(formatShare));
  assert.deepEqual(["nobody", "ann", "ann and bob", "a, b, c, d and 2 more"], [
    tellPeers([], []), tellPeers([0], ["ann"]), tellPeers([1, 0], ["ann", "bob"]), tellPeers([0, 1, 2, 3, 4, 5], ["a", "b", "c", "d", "e", "f"]),
  ]);
});

test("a pool in a sentence", () => {
  const stays = [{ txid: A, fee: 900, size: 300 }, { txid: B, fee: 100, size: 100 }];

  assert.equal("2 wait, 400 vB", tellPool(stays, true));
  assert.deepEqual(["empty", "off"], [tellPool([], true), tellPool([], false)]);
  assert.equal("2 transactions at ann, less than 0.1 % of a block, from 3.00 down to 1.00 satoshi per virtual byte. 1 of them takes a coin that another one takes.", tellSummary("ann", stays, true, 1));
  assert.equal("No transaction waits at ann.", tellSummary("ann", [], true, 0));
  assert.equal("2 transactions, 1.00 – 3.00 satoshi per virtual byte, 400 virtual bytes", tellRow({ stays, size: 400 }, false));
  assert.equal("tx 0001, 3.00 satoshi per virtual byte, 300 virtual bytes, another one takes its coin", tellRow({ stays: stays.slice(0, 1), size: 300 }, true));
});

// --- where there is gas -------------------------------------------------------------------------------------------

test("who pays for gas is ranked and told by the price of a unit, and takes as much room as gas", () => {
  const ask = (txid, price, gas) => ["transaction accepted", { txid, fee: price * gas, size: 120, virtual_size: 120, gas_price: price }];
  const trace = tell([0, ...ask(A, 7, 21_000)], [0, ...ask(B, 30, 50_000)]).trace();
  const history = new PoolHistory(trace).update();
  const stays = sortByRate(history.waiting(0, trace.length));
  const coins = new CoinIndex(trace);
  const told = tellTransaction(B, { history, coins, index: new BlockIndex(trace), peers: trace.peers, columns: trace.columns, rows: trace.length });

  assert.deepEqual([[B, 30, 50_000], [A, 7, 21_000]], stays.map(stay => [stay.txid, rateOf(stay), stay.size]));
  assert.equal("Gwei per unit of gas", tellUnits(unitsOf(stays)));
  assert.equal("2 wait, 71,000 gas", tellPool(stays, true));
  assert.equal(`tx ${A.slice(0, 4)}, 7.00 gwei per unit of gas, 21,000 units of gas`, tellRow({ stays: [stays[1]], size: 21_000 }, false));
  assert.equal("1,500,000 gwei for 50,000 gas, 30.0 for one.", told[0]);
  assert.equal("2 transactions at ann, from 30.0 down to 7.00 gwei per unit of gas.", tellSummary("ann", stays, true, 0));
  assert.equal("", tellShare(stays));
});

test("who pays for gas has no coin: of two with one nonce only one can run", () => {
  const ask = (txid, price) => ["transaction accepted", { txid, fee: price * 21_000, size: 120, virtual_size: 120, gas_price: price }];
  const trace = tell([0, ...ask(A, 100)], [0, ...removed("replaced", A)], [0, ...ask(B, 110)]).trace();
  const history = new PoolHistory(trace).update();
  const parts = { history, coins: new CoinIndex(trace), index: new BlockIndex(trace), peers: trace.peers, columns: trace.columns, rows: trace.length };
  const told = tellTransaction(A, parts).join(" ");

  assert.match(told, /Replaced at .*: ann \(another one takes its nonce and pays more\)\./);
  assert.match(tellRow({ stays: history.waiting(0, trace.length), size: 21_000 }, true), /, another one takes its nonce$/);
  assert.doesNotMatch(told, /coin/);
});

test("without gas the units are satoshi and virtual bytes, in an empty pool, too", () => {
  const trace = tell([0, ...accepted(A, 300)]).trace();
  const stays = new PoolHistory(trace).update().waiting(0, trace.length);

  assert.equal("Satoshi per virtual byte (vB)", tellUnits(unitsOf(stays)));
  assert.equal("Satoshi per virtual byte (vB)", tellUnits(unitsOf([])));
  assert.equal("less than 0.1 % of a block", tellShare(stays));
});
