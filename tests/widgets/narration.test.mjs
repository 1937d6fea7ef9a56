import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSelection } from "../../widgets/blockchain_lab_widgets/js/narration.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { pack } from "./packed.mjs";

const trace = new Trace();
trace.append(...pack([[0, 1, "start", 0]], { facts: [] }));
const index = { nameOf: hash => (hash === "00ab" ? "B3" : "?") };

test("whatever can be selected is told in words", () => {
  const words = selection => describeSelection(selection, trace, index);

  assert.equal("peer ann", words("peer:ann"));
  assert.equal("ann starts", words("record:0:0"));
  assert.equal("block B3", words("block:00ab"));
  assert.equal("transaction 12345678", words("tx:1234567890"));
  assert.equal("link between ann and bob", words("link:0-1"));
  assert.equal("group of ann, bob", words("group:0,1"));
  assert.equal("nothing", words(null));
});

test("what is gone, or has an odd name, is told all the same", () => {
  assert.equal("a record", describeSelection("record:0:99", trace, index));
  assert.equal("peer a:b\n<b>", describeSelection("peer:a:b\n<b>", trace, index));
  assert.equal("link between ann and somebody", describeSelection("link:0-77", trace, index));
});
