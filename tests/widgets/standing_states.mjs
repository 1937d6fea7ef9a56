// Prints how all peers of a packed trace stand at some events, for Python to compare with its own fold.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { Standings, countStates } from "../../widgets/blockchain_lab_widgets/js/standing.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const [, , questions, columns] = process.argv;
const { head, events } = JSON.parse(readFileSync(questions, "utf-8"));
const { buffer, byteOffset, byteLength } = readFileSync(columns);
const trace = new Trace();
trace.append(head, buffer.slice(byteOffset, byteOffset + byteLength));
const standings = new Standings(trace);

process.stdout.write(JSON.stringify(events.map(event => {
  const peers = standings.at(trace.rowsUpTo(event));
  const told = peers.map(({ lines, pool, items, ...rest }) => ({ ...rest, lines: [...lines], pool: [...pool], items: [...items] }));
  return { peers: told, states: countStates(peers) };
})));
