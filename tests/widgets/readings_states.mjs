// Prints what the sentences about Casper come to at some events of a packed trace, for Python to compare with its nodes.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { Readings } from "../../widgets/blockchain_lab_widgets/js/readings-scene.js";
import { makeStrip } from "../../widgets/blockchain_lab_widgets/js/readings-strips.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const [, , questions, columns] = process.argv;
const { head, events } = JSON.parse(readFileSync(questions, "utf-8"));
const { buffer, byteOffset, byteLength } = readFileSync(columns);
const trace = new Trace();
trace.append(head, buffer.slice(byteOffset, byteOffset + byteLength));
const readings = new Readings(trace);

process.stdout.write(JSON.stringify(events.map(event => trace.peers.map((_, viewer) => {
  const { list, scene } = readings.look(trace.rowsUpTo(event), viewer);
  if (!list.length) return null;
  for (const { about, values } of list) if (values) makeStrip(about, values, scene); // can be drawn
  const values = Object.fromEntries(list.map(each => [each.about, each.values]));
  return { ...values, dynasties: scene.walk.blocks.map(({ dynasty }) => dynasty) };
}))));
