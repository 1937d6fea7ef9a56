// Prints how the page explains a packed trace, for Python to compare: chains of causes, what came of records, who got what.
// Arguments: a JSON file {head, rows, names}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { Effects, getCauses } from "../../widgets/blockchain_lab_widgets/js/causes.js";
import { findSpread } from "../../widgets/blockchain_lab_widgets/js/spread-model.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const [, , questions, columns] = process.argv;
const { head, rows, names } = JSON.parse(readFileSync(questions, "utf-8"));
const packed = readFileSync(columns);
const trace = new Trace();
trace.append(head, packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.byteLength));
const effects = new Effects(trace).update();
process.stdout.write(JSON.stringify({
  causes: rows.map(row => getCauses(trace, row)),
  effects: rows.map(row => effects.treeOf(row, Infinity).rows.map(each => each.row).sort((a, b) => a - b)),
  spreads: Object.fromEntries(names.map(name => [name, findSpread(trace, name)])),
}));
