import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { checkBytes, judgeFrame, merkleRootOf, readEnvelope, targetOf } from "../../widgets/blockchain_lab_widgets/js/bytes-checks.js";
import { Edits, applyFlips } from "../../widgets/blockchain_lab_widgets/js/bytes-edits.js";
import { stripWitness } from "../../widgets/blockchain_lab_widgets/js/bytes-carriers.js";
import { checksumOf, displayHash, hash256, sha256, toHex } from "../../widgets/blockchain_lab_widgets/js/checksum.js";
import { nestFields, readMessage } from "../../widgets/blockchain_lab_widgets/js/fields.js";

const bytesOf = hex => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16));
const REGTEST = "fabfb5da";

/** A frame with a good envelope around a payload. */
function frameOf(command, payload) {
  const name = [...command.padEnd(12, "\0")].map(letter => letter.charCodeAt(0));
  const length = [0, 1, 2, 3].map(i => (payload.length >> (8 * i)) & 255);
  return Uint8Array.of(...bytesOf(REGTEST), ...name, ...length, ...checksumOf(payload), ...payload);
}

// Block 1 of the main chain, the first that anybody mined after the genesis block.
const HEADER_1 = "010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299";
const COINBASE_1 = "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0704ffff001d0104ffffffff0100f2052a0100000043410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac00000000";
const HASH_1 = "00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048";
const TXID_1 = "0e3e2357e806b6cdb1f70b54c3a3a17b6714ee1f0e68bebb44a74b1efd512098";

/** That block as a message, with the fields that Python's reader notes. */
function blockOne() {
  const frame = frameOf("block", bytesOf(`${HEADER_1}01${COINBASE_1}`));
  const header = [["version", 24, 28], ["previous", 28, 60], ["merkle_root", 60, 92], ["time", 92, 96], ["bits", 96, 100], ["nonce", 100, 104], ["header", 24, 104]];
  const rest = [["transaction_count", 104, 105], ["version", 105, 109], ["lock_time", frame.length - 4, frame.length], ["transaction", 105, frame.length]];
  return { command: "block", bytes: frame, fields: [...header, ...rest].map(([name, start, end]) => ({ name, start, end })) };
}

function check(message, bytes = message.bytes, part = { start: 0, end: bytes.length }) {
  const nameOf = hash => (hash === HASH_1 ? "B1" : undefined);
  return checkBytes({ bytes, nodes: readMessage(message), part, original: message.bytes, magic: REGTEST, nameOf });
}

test("SHA-256 equals node's own at every length around its blocks of 64 bytes", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (31 * i + length) & 255);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), toHex(sha256(bytes)));
  }
  const large = new Uint8Array(100_003).fill(7);
  assert.equal(createHash("sha256").update(large).digest("hex"), toHex(sha256(large)));
});

test("the checksum of nothing is the one that every verack carries", () => {
  assert.equal("5df6e0e2", toHex(checksumOf(new Uint8Array(0))));
  assert.equal(createHash("sha256").update(createHash("sha256").update("abc").digest()).digest("hex"), toHex(hash256(new TextEncoder().encode("abc"))));
});

test("block 1 of the main chain has its name, its work and its Merkle root", () => {
  const checks = Object.fromEntries(check(blockOne()).map(each => [each.name, each]));

  assert.deepEqual(["checksum", "block hash", "target", "Merkle root"], Object.keys(checks));
  assert.deepEqual([HASH_1, "B1", true], [checks["block hash"].value, checks["block hash"].words, checks["block hash"].isRight]);
  assert.deepEqual(["00000000ffff0000…", true], [checks.target.value, checks.target.isRight]);
  assert.deepEqual([TXID_1, true], [checks["Merkle root"].value, checks["Merkle root"].isRight]);
});

test("its coinbase alone has a txid, its header alone a hash", () => {
  const message = blockOne();
  const [txid] = check(message, message.bytes, { start: 105, end: message.bytes.length });
  const header = check(message, message.bytes, { start: 24, end: 104 });

  assert.deepEqual(["txid", TXID_1], [txid.name, txid.value]);
  assert.deepEqual(["block hash", "target"], header.map(({ name }) => name));
});

test("one flipped bit of the nonce changes name and work, and the envelope tells", () => {
  const message = blockOne();
  const checks = Object.fromEntries(check(message, applyFlips(message.bytes, [[100, 1]])).map(each => [each.name, each]));

  assert.equal(false, checks.checksum.isRight);
  assert.match(checks.checksum.words, /the payload hashes to [0-9a-f]{8}: the receiver will refuse it/);
  assert.equal(false, checks["block hash"].isRight);
  assert.equal("was B1 00000000…6048", checks["block hash"].words);
  assert.match(checks.target.words, /above the target/);
  assert.equal(true, checks["Merkle root"].isRight);
});

test("a flipped bit of a transaction changes the root, not the header's hash; a part shows the envelope once it is edited", () => {
  const message = blockOne();
  const changed = applyFlips(message.bytes, [[110, 1]]);
  const checks = Object.fromEntries(check(message, changed).map(each => [each.name, each]));
  assert.deepEqual([HASH_1, false], [checks["block hash"].value, checks["Merkle root"].isRight]);

  const alone = check(message, changed, { start: 105, end: message.bytes.length });
  assert.deepEqual(["checksum", "txid"], alone.map(({ name }) => name));
  assert.equal(`was ${TXID_1.slice(0, 8)}…${TXID_1.slice(-4)}`, alone[1].words);
});

test("a receiver looks at magic, length, command and checksum, in this order", () => {
  const frame = frameOf("ping", bytesOf("0102030405060708"));
  const judge = (...flips) => judgeFrame(applyFlips(frame, flips), REGTEST);

  assert.deepEqual(["checksum", true], [judge().name, judge().isRight]);
  assert.match(judge([0, 1], [16, 1]).words, /hangs up$/);
  assert.match(judge([16, 8 ^ 40]).words, /more than the 8 bytes/);
  assert.match(judge([16, 8 ^ 2]).words, /less than the 8 bytes/);
  assert.match(judge([19, 1]).words, /over the limit/);
  assert.equal("command", judge([4, 0x80]).name);
  assert.match(judge([30, 1]).words, /refuse it$/);
  assert.deepEqual({ magic: REGTEST, length: 8, checksum: toHex(frame.subarray(20, 24)), command: "ping" }, readEnvelope(frame));
});

test("what has no envelope is not judged as if its bytes 16 to 20 were a length", () => {
  const payload = new Uint8Array(40).fill(0xff);
  const fields = [{ name: "payload", start: 0, end: 40 }];

  assert.deepEqual([], check({ command: "toy", bytes: payload, fields }));
  assert.deepEqual([], check({ command: "toy", bytes: payload, fields }, applyFlips(payload, [[17, 1]])));
});

test("compact bits stand for a target, or for none", () => {
  assert.equal(0xffffn << 208n, targetOf(0x1d00ffff));
  assert.equal(0x7fffffn << 232n, targetOf(0x207fffff));
  assert.equal(0x12n, targetOf(0x01123456)); // Core's own test cases
  assert.equal(0x1234n, targetOf(0x02123456));
  assert.equal(0n, targetOf(0x01003456));
  assert.deepEqual([null, null], [targetOf(0x04923456), targetOf(0xff123456)]); // negative; too large
});

test("a Merkle root pairs an odd one with itself", () => {
  const leaves = [1, 2, 3].map(number => new Uint8Array(32).fill(number));
  const pair = (one, two) => hash256(Uint8Array.of(...one, ...two));

  assert.deepEqual(leaves[0], merkleRootOf([leaves[0]]));
  assert.deepEqual(pair(pair(leaves[0], leaves[1]), pair(leaves[2], leaves[2])), merkleRootOf(leaves));
});

test("witnesses are no part of a txid", () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, i) => i);
  const field = (name, start, end) => ({ name, start, end });
  const [node] = nestFields([field("version", 0, 4), field("marker_and_flag", 4, 6), field("input", 6, 10), field("item", 11, 12),
    field("witness", 10, 16), field("lock_time", 16, 20), field("transaction", 0, 20)]);

  assert.deepEqual([0, 1, 2, 3, 6, 7, 8, 9, 16, 17, 18, 19], Array.from(stripWitness(node, bytes)));
});

test("edits are flips against what was sent, and are taken back one by one", () => {
  const frame = frameOf("ping", bytesOf("0102030405060708"));
  const edits = new Edits(frame);
  edits.setDigit(24, 0, 0xa);
  edits.setDigit(24, 1, 0xb);
  edits.flipBit(25, 7);
  assert.deepEqual([[24, 0xab ^ 0x01], [25, 0x80]], edits.flips);
  assert.deepEqual(frame, applyFlips(edits.bytes, edits.flips));

  edits.repairChecksum();
  assert.equal(true, judgeFrame(edits.bytes, REGTEST).isRight);
  assert.equal(20, edits.undo()); // the whole repair is one step
  assert.deepEqual([25, 24, 24, null], [edits.undo(), edits.undo(), edits.undo(), edits.undo()]);
  assert.deepEqual([], edits.flips);
  assert.equal(false, edits.canUndo);
});

test("what is set to what it was is no edit, and a wrong length can be repaired", () => {
  const frame = frameOf("ping", bytesOf("0102030405060708"));
  const edits = new Edits(frame);
  edits.set(24, 1);
  assert.equal(false, edits.canUndo);

  edits.set(16, 9);
  edits.repairLength();
  assert.deepEqual([], edits.flips);
});

test("an edit may go on from what had been edited before: its flips count from what was sent", () => {
  const frame = frameOf("ping", bytesOf("0102030405060708"));
  const edits = new Edits(frame, applyFlips(frame, [[30, 4]]));
  edits.flipBit(24, 0);

  assert.deepEqual([[24, 1], [30, 4]], edits.flips);
});

test("a hash is written with its bytes reversed", () => {
  assert.equal("030201", displayHash(Uint8Array.of(1, 2, 3)));
});
