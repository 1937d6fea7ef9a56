// Prints how the page words what Python words, too: every record of a packed trace, quoted texts, the end of a cell.
// Arguments: a JSON file {head, ips: texts to quote}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { describeRecord } from "../../widgets/blockchain_lab_widgets/js/describe.js";
import { quote, writeCell } from "../../widgets/blockchain_lab_widgets/js/share-cell.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const [, , questions, columns] = process.argv;
const { head, ips: texts } = JSON.parse(readFileSync(questions, "utf-8"));
const packed = readFileSync(columns);
const trace = new Trace();
trace.append(head, packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.byteLength));
const index = new BlockIndex(trace).update();
process.stdout.write(JSON.stringify({
  words: Array.from({ length: trace.length }, (_, row) => describeRecord(trace, trace.record(row), index)),
  quoted: texts.map(quote),
  cells: texts.map(text => writeCell("first", { cursor: 7, selection: text }, texts)),
  alone: writeCell("first", { cursor: 0, selection: null }, []),
}));
