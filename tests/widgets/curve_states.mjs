// Prints what the page's series hold at some events of a packed trace, for Python to compare with `study.curves`.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { CurvesHistory, coverageOf, waitFor } from "../../widgets/blockchain_lab_widgets/js/curves-history.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const [, , questions, columns] = process.argv;
const { head, events } = JSON.parse(readFileSync(questions, "utf-8"));
const { buffer, byteOffset, byteLength } = readFileSync(columns);
const trace = new Trace();
trace.append(head, buffer.slice(byteOffset, byteOffset + byteLength));
const { groups, things } = new CurvesHistory(trace).update();
const nameOf = host => trace.peers[host];

function cut(group, rows, toName = nameOf) {
  const all = [...group.byName].map(([name, series]) => [toName(name), series.at(rows)]);
  return Object.fromEntries(all.filter(([, points]) => points.length).map(([name, points]) => [name, structuredClone(points)]));
}

const answers = events.map(event => {
  const rows = trace.rowsUpTo(event);
  const same = name => name;
  const trips = [...groups.trips.byName].map(([pair, series]) => [pair.split(" ").map(nameOf).join(" → "), series.samplesAt(rows)]);
  const known = [...things.values()].filter(({ learned: [first] }) => first.row < rows);
  return {
    heights: cut(groups.heights, rows), justified: cut(groups.justified, rows), finalised: cut(groups.finalised, rows), pools: cut(groups.pools, rows), queues: cut(groups.queues, rows),
    bytes: cut(groups.bytes, rows, same), trips: Object.fromEntries(trips.filter(([, points]) => points.length)),
    coverage: Object.fromEntries(known.map(thing => [thing.name.slice(thing.name.indexOf(":") + 1), coverageOf(thing, rows)])),
    waits: known.map(thing => [50, 90, 99].map(percent => waitFor(thing, percent, trace.peers.length, rows))),
    bands: Object.fromEntries(["heights", "pools"].map(name => [name, groups[name].band.at(rows).at(-1) ?? null])),
  };
});
process.stdout.write(JSON.stringify(answers));
