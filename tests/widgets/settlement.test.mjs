// What happens above and beside a chain, told in sentences, and what a menu offers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ordersOfSettlement } from "../../widgets/blockchain_lab_widgets/js/acting-settlement.js";
import { tellAction, tellRecord } from "../../widgets/blockchain_lab_widgets/js/why-words.js";

const trace = { peers: ["ann", "bob"], columns: { other: [] }, obeys: [["PayOnChain", "Pay", "CloseChannel"], ["Pay"]] };
const index = { nameOf: hash => ({ aa: "B3" })[hash] ?? "?" };
const channel = { opener: "ann", partner: "bob", number: 6, opener_coins: 40, partner_coins: 60 };
const call = { chain: "main", sender: "bob", nonce: 0, action: "punish", by: "aa" };

function tell(topic, facts) {
  return tellRecord(trace, { kind: "note", facts: { topic, ...facts }, peer: 0, other: -1, cause: -1 }, index);
}

test("a channel's life is told state by state", () => {
  assert.equal("ann holds state 6 with both signatures: 40 coins for ann, 60 for bob", tell("channel updated", channel));
  assert.equal("ann closes the channel alone with state 0: 100 coins for ann, 0 for bob",
    tell("channel closing", { ...channel, number: 0, opener_coins: 100, partner_coins: 0, by_whom: "ann" }));
  assert.equal("ann had signed state 6 and posted state 0: bob gets all",
    tell("channel punished", { ...channel, number: 0, newer: 6, cheater: "ann", by_whom: "bob" }));
});

test("a call is carried, fails or is undone", () => {
  assert.equal("block B3 at ann carries bob's call 0, which proves that an old state was posted", tell("call carried", call));
  assert.equal("ann leaves a block of the chain side: bob's call 0, which sends coins to the other chain, has not happened",
    tell("call undone", { ...call, chain: "side", action: "depart" }));
  assert.equal("ann sees a call of bob's fail, which proves that an old state was posted: status: closed",
    tell("call failed", { sender: "bob", action: "punish", detail: "status: closed" }));
});

test("a batch is posted, shown to be wrong, or final", () => {
  assert.equal("bob has posted batch 1 with 1 step; its window ends with block 7", tell("batch posted", { poster: "bob", batch: 1, steps: 1, until: 7 }));
  assert.equal("bob has shown that step 2 of sam's batch 1 is wrong (balance): the batch is undone",
    tell("batch reverted", { prover: "bob", step: 2, poster: "sam", batch: 1, reason: "balance" }));
  assert.equal("ann pays bob 5 coins on the rollup", tell("rollup payment made", { to: "bob", amount: 5 }));
  assert.equal("ann leaves with 1 coin on the rollup", tell("rollup payment made", { to: "", amount: 1 }));
});

test("a bridge that nothing backs says so", () => {
  assert.equal("ann sees 50 coins on the other chain that never left the chain main; the vault has 0",
    tell("bridge unbacked", { coins: 50, chain: "main", vault: 0 }));
  assert.equal("50 coins of bob's are made on the side chain", tell("coins minted", { amount: 50, name: "bob" }));
});

test("what such a peer is told to do", () => {
  assert.equal("ann shall close its channel with bob alone, with state 0", tellAction({ do: "CloseChannel", peer: "ann", other: "bob", together: false, number: 0 }));
  assert.equal("ann shall close its channel with bob together", tellAction({ do: "CloseChannel", peer: "ann", other: "bob", together: true, number: -1 }));
  assert.equal("ann shall take 5 coins back to the main chain", tellAction({ do: "LeaveLayer", peer: "ann", amount: 5 }));
});

test("a menu offers whom to pay and how to close, to those who obey", () => {
  const orders = ordersOfSettlement({ store: { trace } }, "ann", 0);

  assert.deepEqual([{ do: "Pay", peer: "ann", to: "bob", amount: 10 }], orders.Pay()[0].choices[0].actions);
  assert.deepEqual([[true, -1], [false, -1], [false, 0]],
    orders.CloseChannel().map(({ choices }) => [choices[0].actions[0].together, choices[0].actions[0].number]));
  assert.deepEqual({}, ordersOfSettlement({ store: { trace } }, "bob", 1));
});
