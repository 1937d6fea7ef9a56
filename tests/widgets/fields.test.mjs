import assert from "node:assert/strict";
import { test } from "node:test";
import { envelopeEnd, flatten, isFramed, nestFields, pathTo, readMessage } from "../../widgets/blockchain_lab_widgets/js/fields.js";
import { findMessageRow, labelOf, rowOfSelection } from "../../widgets/blockchain_lab_widgets/js/messages-at.js";
import { longValueOf, valueOf } from "../../widgets/blockchain_lab_widgets/js/values.js";
import { joinLate } from "./toy_story.mjs";

const field = (name, start, end) => ({ name, start, end });
const bytesOf = hex => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16));
const show = (name, hex, nameOf = () => undefined) => valueOf({ ...field(name, 0, hex.length / 2), parts: [] }, bytesOf(hex), nameOf);

test("parts go into the compound that was noted behind them", () => {
  const nodes = nestFields([
    field("count", 0, 1), field("txid", 1, 33), field("script_length", 33, 34), field("script", 34, 34), field("sequence", 34, 38),
    field("input", 1, 38), field("transaction", 0, 38),
  ]);

  assert.deepEqual(["transaction"], nodes.map(node => node.name));
  assert.deepEqual(["count", "input"], nodes[0].parts.map(node => node.name));
  assert.deepEqual(["txid", "script_length", "script", "sequence"], nodes[0].parts[1].parts.map(node => node.name));
  assert.deepEqual([0, 1, 2], [nodes[0], nodes[0].parts[1], nodes[0].parts[1].parts[0]].map(node => node.depth));
});

test("equal names side by side are numbered, lone ones are not", () => {
  const nodes = nestFields([field("count", 0, 1), field("hash", 1, 3), field("hash", 3, 5), field("hash", 5, 7)]);

  assert.deepEqual([["count", null], ["hash", 0], ["hash", 1], ["hash", 2]], nodes.map(node => [node.name, node.number]));
});

test("two thousand headers nest quickly, stay closed, and any byte finds its field", () => {
  const fields = [];
  for (let i = 0; i < 2000; i++) {
    const at = 27 + 81 * i;
    fields.push(field("version", at, at + 4), field("previous", at + 4, at + 36), field("merkle_root", at + 36, at + 68),
      field("time", at + 68, at + 72), field("bits", at + 72, at + 76), field("nonce", at + 76, at + 80),
      field("header", at, at + 80), field("transaction_count", at + 80, at + 81));
  }
  const nodes = readMessage({ bytes: new Uint8Array(27 + 81 * 2000), fields: [field("magic", 0, 4), field("header_count", 24, 27), ...fields] });

  assert.equal(4002, flatten(nodes, () => false).length);
  assert.equal(4002 + 1 + 12_000, flatten(nodes, () => true).length);
  assert.deepEqual(["header", "nonce"], pathTo(nodes, 27 + 81 * 1234 + 77).map(node => node.name));
  assert.deepEqual(1234, pathTo(nodes, 27 + 81 * 1234 + 77)[0].number);
  assert.deepEqual(["envelope", "magic"], pathTo(nodes, 2).map(node => node.name));
});

test("a frame without named envelope fields still gets its envelope, a stump only what is there", () => {
  const [envelope] = readMessage({ bytes: new Uint8Array(24), fields: [] });
  assert.deepEqual(["magic", "command", "length", "checksum"], envelope.parts.map(node => node.name));
  assert.deepEqual([6, ["magic"]], (([stump]) => [stump.end, stump.parts.map(node => node.name)])(readMessage({ bytes: new Uint8Array(6), fields: [] })));
});

test("a payload alone, or behind another envelope, is not taken for ours", () => {
  const alone = readMessage({ bytes: new Uint8Array(40), fields: [field("nonce", 0, 8), field("text", 8, 40)] });
  const other = readMessage({ bytes: new Uint8Array(40), fields: [field("envelope", 0, 8), field("nonce", 8, 16), field("text", 16, 40)] });
  const ours = readMessage({ bytes: new Uint8Array(24), fields: [field("magic", 0, 4), field("command", 4, 16), field("length", 16, 20), field("checksum", 20, 24)] });

  assert.deepEqual([["nonce", "text"], ["envelope", "nonce", "text"], ["envelope"]], [alone, other, ours].map(nodes => nodes.map(({ name }) => name)));
  assert.deepEqual([0, 8, 24], [alone, other, ours].map(envelopeEnd));
  assert.deepEqual([false, false, true], [alone, other, ours].map(isFramed));
});

test("values read as people write them", () => {
  assert.equal("regtest", show("magic", "fabfb5da"));
  assert.equal("getdata", show("command", "676574646174610000000000"));
  assert.equal("2,000", show("header_count", "fdd007"));
  assert.equal("2011-02-02 23:16:42 UTC", show("time", "dae5494d"));
  assert.equal("207fffff", show("bits", "ffff7f20"));
  assert.equal("127.0.0.1", show("ip", "00000000000000000000ffff7f000001"));
  assert.equal("2001:db8::1", show("ip", "20010db8000000000000000000000001"));
  assert.equal("203.0.113.1:1024", show("outside", "cb0071010400"));
  assert.equal("8333", show("port", "208d"));
  assert.equal("9 (network, witness)", show("services", "0900000000000000"));
  assert.equal("50.00000000 BTC", show("value", "00f2052a01000000"));
  assert.equal("none (coinbase)", show("index", "ffffffff"));
  assert.equal("block with witnesses", show("type", "02000040"));
  assert.equal("0x20000000", show("version", "00000020"));
  assert.equal("70016", show("version", "80110100"));
  assert.equal("empty", show("script", ""));
});

test("a hash is turned round, and called by its name when the story knows it", () => {
  const wire = "00".repeat(31) + "ab";
  assert.equal("ab000000…0000", show("previous", wire));
  assert.equal("B7  ab000000…0000", show("previous", wire, hash => (hash === `ab${"00".repeat(31)}` ? "B7" : undefined)));
  assert.equal("0: none", show("stop", "00".repeat(32)));
});

test("a peer's text loses what could hide or turn the line, and a wrong width is not believed", () => {
  const hex = text => [...new TextEncoder().encode(text)].map(byte => byte.toString(16).padStart(2, "0")).join("");

  assert.equal("/a·b·c/", show("user_agent", hex("/a\u202eb\nc/")));
  assert.equal("<img src=x>", show("user_agent", hex("<img src=x>"))); // text stays text: nobody makes markup of it
  assert.equal(61, show("user_agent", hex("x".repeat(200))).length);
  assert.equal("7,171", show("ip", "031c")); // two bytes are no address
  assert.equal("7,171", show("outside", "031c"));
  assert.equal("5", show("constructor", "05")); // a field's name is not looked up on Object.prototype
});

test("the detail line names the place and the whole hash", () => {
  const node = { ...field("merkle_root", 24, 56), parts: [] };
  const frame = new Uint8Array(60).fill(1, 24, 56);

  assert.equal(`merkle root, 32 bytes from 24\n${"01".repeat(32)}`, longValueOf(node, frame, () => undefined));
});

test("the cursor's message is what its event delivers, and a selection of this branch goes before", () => {
  const story = joinLate();
  const trace = story.trace();
  for (const facts of trace.table) if (facts.command) facts.message = 0;
  const row = findMessageRow(trace, 20);
  assert.equal("deliver", trace.record(row).kind);
  assert.ok(trace.record(row).event <= 20);
  assert.equal(null, findMessageRow(trace, 0));

  assert.equal(row, rowOfSelection({ selection: `record:0:${row}`, branch: 0, trace }));
  assert.equal(null, rowOfSelection({ selection: `record:1:${row}`, branch: 0, trace }));
  assert.equal(null, rowOfSelection({ selection: "peer:nina", branch: 0, trace }));
  assert.equal(null, rowOfSelection({ selection: "record:0:999999", branch: 0, trace }));
});

test("a label names the blocks that it is about", () => {
  const index = { nameOf: hash => hash.toUpperCase() };
  assert.equal("block B7", labelOf({ command: "block", label: "block", blocks: ["b7"] }, index));
  assert.equal("inv 2: B7, B8", labelOf({ command: "inv", label: "inv 2", blocks: ["b7", "b8"] }, index));
  assert.equal("ping", labelOf({ command: "ping", label: "ping" }, index));
});
