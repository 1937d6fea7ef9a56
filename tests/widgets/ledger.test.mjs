// What happens to accounts, told in sentences: each by the facts that the node notes, as `layers/ledger_notes.py` writes them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tellAction, tellRecord } from "../../widgets/blockchain_lab_widgets/js/why-words.js";

const trace = { peers: ["ann", "bob"], columns: { other: [] } };
const index = { nameOf: hash => ({ aa: "B3" })[hash] ?? "?" };
const tx = "1234567890";
const made = { txid: tx, sender: "ann", nonce: 2, to: "bob", function: "" };

function tell(topic, facts) {
  return tellRecord(trace, { kind: "note", facts: { topic, ...facts }, peer: 0, other: -1, cause: -1 }, index);
}

test("a transaction's life is told step by step", () => {
  assert.equal("ann signs tx 1234, nonce 2: it pays bob", tell("transaction made", { ...made, private: false }));
  assert.equal("ann signs tx 1234, nonce 2: it calls buy of exchange, and only its builder is told",
    tell("transaction made", { ...made, to: "exchange", function: "buy", private: true }));
  assert.equal("a gap has closed at ann: 1 queued transaction can run now", tell("transactions promoted", { txids: [tx] }));
  assert.equal("a gap has opened at ann: 2 transactions must wait for a nonce before it", tell("transactions demoted", { txids: [tx, tx] }));
  assert.equal("ann runs tx 1234 in block B3, for 21,000 units of gas",
    tell("transaction executed", { txid: tx, block: "aa", ok: true, gas_used: 21_000 }));
  assert.equal("tx 1234 fails at ann in block B3, and pays 500 gwei all the same: too dear",
    tell("transaction executed", { txid: tx, block: "aa", ok: false, reason: "too dear", fee: 500 }));
  assert.equal("ann leaves block B3: what 1 transaction did there has not happened", tell("transactions undone", { txids: [tx], block: "aa" }));
  assert.equal("ann takes tx 1234, bob's, for its own next block, and tells nobody",
    tell("private transaction taken", { ...made, sender: "bob" }));
  assert.equal("ann takes tx 1234, its own, for its own next block, and tells nobody", tell("private transaction taken", made));
  assert.equal("ann forgets the private tx 1234: nonce used by another",
    tell("private transaction gone", { txid: tx, reason: "nonce used by another" }));
});

test("votes on subnets are told with who hears them", () => {
  const said = { slot: 3, block: "aa", subnet: 1, validator: "bob", validators: ["ann", "bob"] };

  assert.equal("ann attests B3 in slot 3 on subnet 1, to 2 neighbours", tell("attestation sent", { ...said, told: 2 }));
  assert.equal("ann attests B3 in slot 3 on subnet 1, to which no neighbour listens", tell("attestation sent", { ...said, told: 0 }));
  assert.equal("ann hears on subnet 1 that bob attests B3", tell("attestation heard", said));
  assert.equal("ann tells everybody who attests B3 on subnet 1: ann and bob", tell("aggregate made", said));
  assert.equal("ann hears who attests B3 on subnet 1: ann and bob", tell("aggregate heard", said));
});

test("what an account is told to do", () => {
  const order = facts => tellRecord(trace, { kind: "command", facts, peer: 0, other: -1, cause: -1 }, index);

  assert.equal("ann is told to pay bob, through its builder", order({ do: "SendCall", receiver: "bob", function: "", private: true }));
  assert.equal("ann is told to call buy of exchange", order({ do: "SendCall", receiver: "exchange", function: "buy" }));
  assert.equal("ann is told to pay 1,100 gwei a unit for its nonce 2", order({ do: "RaisePrice", nonce: 2, gas_price: 1_100 }));
  assert.equal("ann is told to cancel its nonce 2", order({ do: "CancelCall", nonce: 2 }));
  assert.equal("ann shall call buy of exchange", tellAction({ do: "SendCall", peer: "ann", receiver: "exchange", function: "buy" }));
  assert.equal("ann shall pay more for its nonce 2", tellAction({ do: "RaisePrice", peer: "ann", nonce: 2 }));
  assert.equal("ann shall cancel its nonce 2", tellAction({ do: "CancelCall", peer: "ann", nonce: 2 }));
});
