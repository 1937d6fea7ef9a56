// Prints what the views' folds hold at some events of a packed trace, for Python to compare with its nodes.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { FULL, HEADER, ORPHAN, chainFold, groupByState } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
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
  const held = chain.at(rows);
  const { tips, best, of } = held;
  const groups = groupByState(held);
  const state = network.at(rows);
  const workOf = hash => index.get(hash).work.toString(16);
  const nameAll = (peer, what) => index.list.filter(({ order }) => of[peer].of(order) === what).map(({ hash }) => hash).sort();
  const peers = trace.peers.map((_, peer) => ({
    off: state.off[peer], tip: tips[peer], shown: state.tips[peer], best: best[peer],
    ends: [...state.ends].filter(([, [owner]]) => owner === peer).map(([conn]) => conn).sort((a, b) => a - b),
    dials: [...state.dials].filter(([, [owner]]) => owner === peer).map(([conn]) => conn).sort((a, b) => a - b),
    full: nameAll(peer, FULL), headers: nameAll(peer, HEADER), orphans: nameAll(peer, ORPHAN).length,
    work: workOf(tips[peer]), header_work: workOf(best[peer]), counts: [of[peer].known, of[peer].full],
    alike: (groups.find(group => group.includes(peer)) ?? []).map(other => trace.peers[other]),
  }));
  return { peers, links: Object.fromEntries([...getLinks(state)].map(([pair, link]) => [pair, link.state])) };
});
process.stdout.write(JSON.stringify(answers));
