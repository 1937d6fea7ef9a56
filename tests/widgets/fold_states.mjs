// Prints what the views' folds hold at some events of a packed trace, for Python to compare with its nodes.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { FULL, HEADER, chainFold } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { getLinks, networkFold } from "../../widgets/blockchain_lab_widgets/js/network-fold.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const [, , questions, columns] = process.argv;
const { head, events } = JSON.parse(readFileSync(questions, "utf-8"));
const packed = readFileSync(columns);
const trace = new Trace();
trace.append(head, packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.byteLength));
const index = new BlockIndex(trace).update();
const [chain, network] = [new Folded(trace, chainFold(index)), new Folded(trace, networkFold)];

const answers = events.map(event => {
  const rows = trace.rowsUpTo(event);
  const { tips, best, of } = chain.at(rows);
  const state = network.at(rows);
  const peers = trace.peers.map((_, peer) => ({
    off: state.off[peer], tip: tips[peer], shown: state.tips[peer], best: best[peer],
    ends: [...state.ends].filter(([, [owner]]) => owner === peer).map(([conn]) => conn).sort((a, b) => a - b),
    dials: [...state.dials].filter(([, [owner]]) => owner === peer).map(([conn]) => conn).sort((a, b) => a - b),
    full: index.list.filter(({ order }) => of[peer].of(order) === FULL).map(({ hash }) => hash).sort(),
    headers: index.list.filter(({ order }) => of[peer].of(order) === HEADER).map(({ hash }) => hash).sort(),
  }));
  return { peers, links: Object.fromEntries([...getLinks(state)].map(([pair, link]) => [pair, link.state])) };
});
process.stdout.write(JSON.stringify(answers));
