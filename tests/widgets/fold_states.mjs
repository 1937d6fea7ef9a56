// Prints what the views' folds hold at some events of a packed trace, for Python to compare with its nodes.
// Arguments: a JSON file {head, events, chunks: [{from, file}] of messages}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { actingFold } from "../../widgets/blockchain_lab_widgets/js/acting-fold.js";
import { readGroup } from "../../widgets/blockchain_lab_widgets/js/address-book-groups.js";
import { BookHistory } from "../../widgets/blockchain_lab_widgets/js/address-book-history.js";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { FULL, HEADER, ORPHAN, chainFold, groupByState } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { getLinks, networkFold } from "../../widgets/blockchain_lab_widgets/js/network-fold.js";
import { BoxHistory } from "../../widgets/blockchain_lab_widgets/js/nat-history.js";
import { PoolHistory } from "../../widgets/blockchain_lab_widgets/js/mempool-history.js";
import { BLOCK_SIZE } from "../../widgets/blockchain_lab_widgets/js/mempool-layout.js";
import { collectLanes, countBlocks } from "../../widgets/blockchain_lab_widgets/js/lanes-data.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";

const [, , questions, columns] = process.argv;
const { head, events, chunks, ips = [] } = JSON.parse(readFileSync(questions, "utf-8"));
const read = file => {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + byteLength);
};
const trace = new Trace();
trace.append(head, read(columns));
const index = new BlockIndex(trace).update();
const [chain, network] = [new Folded(trace, chainFold(index)), new Folded(trace, networkFold)];
const acting = new Folded(trace, actingFold);
const pools = new PoolHistory(trace).update();
const books = new BookHistory(trace).update();
const boxes = new BoxHistory(trace).update();
for (const { from, file } of chunks) trace.messages.append(from, read(file));
const lanes = trace.peers.map((_, peer) => collectLanes(trace, peer, row => countBlocks(trace, row)));

/** [peer, blocks that `viewer` has asked of it and neither got nor given up], by peer. */
function countOpen(viewer, rows, now) {
  const isOpen = ({ what, asked, row, lost }) => what === "block" && asked < rows && (row ?? Infinity) >= rows && !(lost !== null && lost <= now);
  const counts = lanes[viewer].map(({ other, requests }) => [other, requests.filter(isOpen).length]);
  return counts.filter(([, count]) => count).sort(([one], [another]) => one - another);
}

/** The two sides of a partition, sorted; "against" nobody by name is against all the others. */
function getSides({ group, against }) {
  const others = trace.peers.filter(name => !group.includes(name));
  return [[...group].sort(), [...(against.length ? against : others)].sort()].sort();
}

/** What a box remembers, and what became of its last packet; null of a peer that is none, or is off. */
function readBox(host, rows) {
  const { table } = boxes.lifeAt(host, rows);
  const passage = boxes.lastNews([host], rows, Infinity).find(({ way }) => way !== undefined);
  const show = mapping => ({
    inside: mapping.inside, outside: mapping.outside, part: mapping.part, expiry: table.expiryOf(mapping, rows),
    allowed: Object.fromEntries(table.allowedBy(mapping, rows)), lease: table.leaseOf(mapping, rows),
  });
  const last = passage && { row: passage.row, way: passage.way, reason: passage.reason, is_new: passage.isNew, through: passage.mapping?.outside ?? null, lost: passage.lost };
  return { table: table && table.at(rows).map(show), last: last ?? null };
}

const answers = events.map(event => {
  const rows = trace.rowsUpTo(event);
  const held = chain.at(rows);
  const { tips, best, of } = held;
  const groups = groupByState(held);
  const state = network.at(rows);
  const workOf = hash => index.get(hash)?.work.toString(16) ?? null;
  const nameAll = (peer, what) => index.list.filter(({ order }) => of[peer].of(order) === what).map(({ hash }) => hash).sort();
  const peers = trace.peers.map((_, peer) => ({
    off: state.off[peer], tip: tips[peer], shown: state.tips[peer], best: best[peer],
    ends: [...state.ends].filter(([, [owner]]) => owner === peer).map(([conn]) => conn).sort((a, b) => a - b),
    dials: [...state.dials].filter(([, [owner]]) => owner === peer).map(([conn]) => conn).sort((a, b) => a - b),
    full: nameAll(peer, FULL), headers: nameAll(peer, HEADER), orphans: nameAll(peer, ORPHAN).length,
    work: workOf(tips[peer]), header_work: workOf(best[peer]), counts: [of[peer].known, of[peer].full],
    pool: pools.waiting(peer, rows).map(({ txid, fee, size }) => [txid, fee, size]), on: pools.isOn(peer, rows),
    book: books.standing(peer, rows).map(({ address, table, bucket, source }) => [address, table, bucket, source]), isBucketed: books.bookAt(peer, rows)?.isBucketed ?? null,
    lines: books.shelves[peer].lines.at(rows).map(({ kind, remote, conn, open }) => [kind, remote, open < rows ? conn : null]),
    bad: [...books.shelves[peer].lines.badAt(rows)], slots: books.shelves[peer].lines.slotsAt(rows),
    box: readBox(peer, rows),
    asked: countOpen(peer, rows, trace.timeOf(event)),
    alike: (groups.find(group => group.includes(peer)) ?? []).map(other => trace.peers[other]),
  }));
  const { knobs, latencies, partition } = acting.at(rows);
  const parted = partition && getSides(partition);
  const settings = { knobs: Object.fromEntries(knobs), latencies: Object.fromEntries(latencies), partition: parted };
  return { peers, settings, groups: ips.map(ip => readGroup(ip)), owners: trace.addresses.map(address => books.ownerOf(address, rows)), block: BLOCK_SIZE, links: Object.fromEntries([...getLinks(state)].map(([pair, link]) => [pair, link.state])) };
});
process.stdout.write(JSON.stringify(answers));
