import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { concerns, findPercentiles, findSpread, isSpreadable, orderTree, subjectOf } from "../../widgets/blockchain_lab_widgets/js/spread-model.js";
import { nameOfSubject, tellPercentiles, tellReceipt, tellRest } from "../../widgets/blockchain_lab_widgets/js/spread-words.js";
import { ToyStory, hashOf } from "./toy_story.mjs";

const BLOCK = hashOf("0001a");
const NAME = `block:${BLOCK}`;

/** ann makes a block; bob gets it from her, cat from bob after an idle word of ann's; dan gets its header only, eve nothing. */
function fivePeers() {
  const story = new ToyStory(["ann", "bob", "cat", "dan", "eve"]);
  const accept = (peer, cause = -1) => story.note(peer, "block accepted", { hash: BLOCK, parent: story.genesis, height: 1 }, cause);
  const head = (peer, cause) => story.note(peer, "headers accepted", { hashes: [BLOCK], parent: story.genesis, height: 1 }, cause);
  const block = { blocks: [BLOCK] };
  story.later(1_000_000, () => {
    const found = accept(0, story.write("command", 0, { do: "Mine", count: 1 }));
    story.send(0, 1, 0, "headers", { ...block, cause: found, delay: 100_000, onArrival: came => {
      head(1, came);
      story.send(1, 0, 1, "getdata", { ...block, cause: came, delay: 100_000, onArrival: asked =>
        story.send(0, 1, 0, "block", { ...block, cause: asked, delay: 200_000, onArrival: brought => {
          accept(1, brought);
          story.send(1, 2, 2, "inv", { ...block, cause: brought, delay: 50_000, onArrival: heard =>
            story.send(2, 1, 3, "getdata", { ...block, cause: heard, delay: 50_000, onArrival: wanted =>
              story.send(1, 2, 2, "block", { ...block, cause: wanted, delay: 300_000, onArrival: got => accept(2, got) }) }) });
        } }) });
    } });
    story.send(0, 2, 4, "inv", { ...block, cause: found, delay: 900_000 });
    story.send(0, 3, 6, "headers", { ...block, cause: found, delay: 500_000, onArrival: came => head(3, came) });
    story.send(0, 2, 4, "block", { ...block, cause: found, delay: 950_000 });
  });
  return story.run().trace();
}

test("a block's way is read from the messages that brought it", () => {
  const { start, receipts, before, headersOnly, never, again, words } = findSpread(fivePeers(), NAME);

  assert.equal(1_000_000, start);
  assert.deepEqual([[0, -1, 0], [1, 0, 400_000], [2, 1, 800_000]], receipts.map(({ host, from, at }) => [host, from, at - start]));
  assert.equal(100_000, receipts[1].header.at - start);
  assert.equal(null, receipts[2].header);
  assert.deepEqual([3], headersOnly.map(({ host }) => host));
  assert.deepEqual([[], [4]], [before, never]);
  assert.equal(1, again.length);
  assert.deepEqual([true, true, true, false], words.map(({ isUsed }) => isUsed));
});

test("a block that waited for its parent was brought by its own bringer, and is had when the parent has come", () => {
  const story = new ToyStory(["ann", "bob", "cat"]);
  const accept = (peer, cause) => story.note(peer, "block accepted", { hash: BLOCK, parent: story.genesis, height: 2 }, cause);
  story.later(1_000_000, () => {
    const found = accept(0, story.write("command", 0, { do: "Mine", count: 1 }));
    story.send(0, 2, 0, "block", { blocks: [BLOCK], cause: found, delay: 100_000 });
    story.send(1, 2, 2, "block", { blocks: [hashOf("0000z")], delay: 400_000, onArrival: came => accept(2, came) });
    story.send(1, 0, 4, "block", { blocks: [BLOCK], delay: 500_000 }); // who made it, has it
  });
  const { receipts, again } = findSpread(story.run().trace(), NAME);

  assert.deepEqual([[0, -1, 1_000_000], [2, 0, 1_400_000]], receipts.map(({ host, from, at }) => [host, from, at]));
  assert.equal(1, again.length);
});

test("shares count everybody who did not have it before; who never had it makes them endless", () => {
  const spread = findSpread(fivePeers(), NAME);

  assert.deepEqual([[3, 800_000], [5, null], [5, null]], findPercentiles(spread, 5).map(({ count, wait }) => [count, wait]));
  assert.deepEqual([[2, 400_000], [3, 800_000], [3, 800_000]], findPercentiles({ ...spread, before: [3, 4] }, 5).map(({ count, wait }) => [count, wait]));
  assert.equal("50 % after 0.800 s · 90 % never · all 5 never", tellPercentiles(spread, 5));
});

test("a tree lists everybody under whom it has it from", () => {
  assert.deepEqual([[0, 0], [1, 1], [2, 2]], orderTree(findSpread(fivePeers(), NAME)).map(({ host, depth }) => [host, depth]));

  const receipt = (host, from) => ({ host, from });
  const order = receipts => orderTree({ receipts }).map(({ host, depth }) => `${depth}:${host}`);
  assert.deepEqual(["0:9", "1:1", "2:3", "1:2"], order([receipt(1, 9), receipt(2, 9), receipt(3, 1)])); // 9 had it from before
  assert.deepEqual(["0:1", "1:3", "0:2", "1:4"], order([receipt(1, -1), receipt(2, -1), receipt(3, 1), receipt(4, 2)]));
});

test("it is told in words, with names that are nobody's markup", () => {
  const trace = fivePeers();
  const spread = findSpread(trace, NAME);
  const index = new BlockIndex(trace).update();

  assert.deepEqual(["B1", "tx abcd"], [nameOfSubject(NAME, index), nameOfSubject("tx:abcdef", index)]);
  assert.equal("ann made it at 1.000 s", tellReceipt(spread.receipts[0], spread, trace.peers));
  assert.equal("cat, 0.800 s after the first: has it from bob at 1.800 s", tellReceipt(spread.receipts[2], spread, trace.peers));
  assert.equal("1 announcement of 4 not used. Brought 1 time to somebody who had it. Only the header: dan. Never heard of it: eve.", tellRest(spread, trace.peers));
});

test("what a record is about can be followed", () => {
  const trace = fivePeers();
  const all = Array.from({ length: trace.length }, (_, row) => trace.record(row).facts);

  for (const facts of all.filter(({ command, topic }) => command || topic)) assert.equal(NAME, subjectOf(facts));
  assert.equal("tx:ab", subjectOf({ command: "inv", txids: ["ab"] }));
  assert.equal("tx:ab", subjectOf({ topic: "transaction accepted", txid: "ab" }));
  assert.deepEqual([null, null], [subjectOf({ command: "ping" }), subjectOf({ topic: "sync started" })]);
  assert.equal(8, all.filter(facts => ["headers", "inv"].includes(facts.command) && concerns(facts, NAME)).length); // sent and arrived
  assert.deepEqual([true, false, false], [isSpreadable(NAME), isSpreadable("peer:ann"), isSpreadable(null)]);
});

test("a block that nobody ever had is an empty picture, not an error", () => {
  const spread = findSpread(fivePeers(), `block:${hashOf("0009z")}`);

  assert.deepEqual([[], [0, 1, 2, 3, 4]], [spread.receipts, spread.never]);
  assert.ok(Number.isFinite(spread.start) && spread.end >= spread.start);
});
