// Prints what the fold of structured overlays holds at some events of a packed trace, for Python to compare with its nodes.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { DhtHistory } from "../../widgets/blockchain_lab_widgets/js/dht-history.js";
import { ANSWERED, ASKED, SILENT, lookupAt } from "../../widgets/blockchain_lab_widgets/js/dht-lookups.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const [, , questions, columns] = process.argv;
const { head, events } = JSON.parse(readFileSync(questions, "utf-8"));
const { buffer, byteOffset, byteLength } = readFileSync(columns);
const trace = new Trace();
trace.append(head, buffer.slice(byteOffset, byteOffset + byteLength));
const history = new DhtHistory(trace).update();
const idsOf = list => list.map(({ id }) => id);

function tellTable(host, rows) {
  const table = history.tableOf(host, rows);
  return table && {
    k: table.k, spares: table.most,
    buckets: table.buckets.map(({ prefix, contacts, waiting, checked }) => [
      prefix, contacts.map(({ id, address, silent }) => [id, address, silent]), waiting.map(({ id, address }) => [id, address]), checked,
    ]),
  };
}

function tellLookups(host, rows) {
  const open = history.lookups.filter(lookup => lookup.host === host && lookup.from < rows && lookup.to >= rows);
  return Object.fromEntries(open.map(lookup => {
    const { met, shortlist } = lookupAt(lookup, rows);
    const pick = (...states) => idsOf([...met.values()].filter(({ state }) => states.includes(state))).sort();
    const { purpose, target, k, alpha } = lookup;
    return [lookup.number, {
      purpose, target, k, alpha, shortlist: idsOf(shortlist), depth: Object.fromEntries([...met.values()].map(({ id, depth }) => [id, depth])),
      waiting: pick(ASKED), answered: pick(ANSWERED), silent: pick(SILENT), asked: pick(ASKED, ANSWERED, SILENT),
    }];
  }));
}

process.stdout.write(JSON.stringify(events.map(event => {
  const rows = trace.rowsUpTo(event);
  const kept = [...history.keysAt(rows).values()].flat();
  const homes = history.homesAt(rows);
  return trace.peers.map((_, host) => {
    const ring = history.ringOf(host, rows);
    return {
      id: homes.find(home => home.host === host)?.id ?? null, table: tellTable(host, rows), lookups: tellLookups(host, rows),
      ring: ring && { predecessor: ring.predecessor, successors: ring.successors, fingers: ring.fingers.map(({ index, id }) => [index, id]) },
      values: kept.filter(each => each.host === host && each.id === null).map(({ key }) => key).sort(),
      providers: kept.filter(each => each.host === host && each.id !== null).map(({ key, id }) => `${key} ${id}`).sort(),
    };
  });
})));
