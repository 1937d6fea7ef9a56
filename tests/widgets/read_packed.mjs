// Reads what Python packed, as the page does, and prints it again as JSON: the other half of test_packing.py.
import { readFileSync } from "node:fs";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const exact = text => Uint8Array.from(Buffer.from(text, "base64")).buffer;
const { head, records, chunks } = JSON.parse(readFileSync(0, "utf-8"));
const trace = new Trace();
trace.append(head, exact(records));
for (const { from, chunk } of [...chunks, ...chunks]) trace.messages.append(from, exact(chunk)); // twice is as once

const rows = Array.from({ length: trace.length }, (_, row) => ({
  ...trace.record(row),
  bytes: trace.messageOf(row) && Buffer.from(trace.messageOf(row).bytes).toString("hex"),
  fields: trace.messageOf(row)?.fields ?? [],
}));
console.log(JSON.stringify({ rows, messages: trace.messages.length }));
