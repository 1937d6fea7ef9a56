// Prints what the lens says that each peer knows at some events of a packed trace, for Python to compare with its nodes.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { FULL, HEADER } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
import { linksAsSeen, sightOf } from "../../widgets/blockchain_lab_widgets/js/lens-sight.js";
import { PoolHistory } from "../../widgets/blockchain_lab_widgets/js/mempool-history.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";

const [, , questions, columns] = process.argv;
const { head, events } = JSON.parse(readFileSync(questions, "utf-8"));
const { buffer, byteOffset, byteLength } = readFileSync(columns);
const store = new Store();
store.append(head, buffer.slice(byteOffset, byteOffset + byteLength));
const { trace } = store;
const pools = new PoolHistory(trace).update();
const pairs = new Map(trace.peers.flatMap((_, a) => trace.peers.slice(a + 1).map((__, at) => [`${a}-${a + 1 + at}`, { a, b: a + 1 + at }])));

function tell(name) {
  store.lookAs(name);
  const sight = sightOf(store);
  const { knowledge, host, ways, index, rows } = sight;
  const own = sight.dress(sight.chain.at(rows)).of[host];
  const blocks = what => index.list.filter(({ order }) => own.of(order) === what).map(({ hash }) => hash).sort();
  return {
    off: knowledge.off, tip: knowledge.tips[host], best: knowledge.best[host],
    full: blocks(FULL), headers: blocks(HEADER), counted: sight.countBlocks().known,
    pool: pools.waiting(host, rows).map(({ txid }) => txid),
    ends: [...knowledge.lines.keys()].sort((a, b) => a - b), dials: [...knowledge.dials.keys()].sort((a, b) => a - b),
    heard: [...knowledge.heard].sort(), met: trace.peers.filter((_, peer) => sight.isKnown(peer)),
    told: trace.peers.map((_, peer) => (peer === host ? null : sight.tipOf(peer))),
    lined: trace.peers.filter((_, peer) => ways[peer] === 2),
    links: [...linksAsSeen(sight, pairs)].filter(([, { state }]) => state !== "unseen").map(([pair, { state }]) => [pair, state]),
    rows: [...trace.columns.peer.subarray(0, trace.length).keys()].filter(row => sight.knowsRow(row)).length,
  };
}

process.stdout.write(JSON.stringify(events.map(event => {
  store.goto(event);
  return Object.fromEntries(trace.peers.map(name => [name, tell(name)]));
})));
