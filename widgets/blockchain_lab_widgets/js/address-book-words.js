// Address books in words: for marks, the line below, the table and who hears it.
import { formatCount, formatTime } from "./describe.js";
import { NEW, TRIED } from "./address-book-history.js";
import { IPV4, readGroup } from "./address-book-groups.js";
import { INBOUND, MANUAL, isOpen } from "./address-book-lines.js";
import { BUCKETS, BUCKET_SIZE } from "./address-book-layout.js";
import { tellPeers } from "./mempool-words.js";

const USUAL_PORT = ":8333";
const LONGEST = 16; // letters of a name in a cell; an onion name is longer
export const TITLES = { [NEW]: "New: hearsay", [TRIED]: "Tried: once reached" };
export const KINDS = { "full relay": "Full relay", "blocks only": "Blocks only", feeler: "Feeler", addresses: "Seed", [MANUAL]: "By hand", [INBOUND]: "Inbound" };
const PURPOSES = {
  "full relay": "for full relay", "blocks only": "for blocks only", feeler: "as a feeler", addresses: "to ask for addresses", [MANUAL]: "by hand",
};

/** "20.1.1.1", "bexv7x…onion": an address without the usual port, short enough for a cell. */
export function shortenAddress(address) {
  const text = address.endsWith(USUAL_PORT) ? address.slice(0, -USUAL_PORT.length) : address;
  return text.length <= LONGEST ? text : `${text.slice(0, 8)}…${text.slice(-5)}`;
}

/** All that is said of addresses depends on who has them at the cursor: `scene` is {history, peers, rows, columns}. */
export function nameOfAddress({ history, peers, rows }, address) {
  const owner = history.ownerOf(address, rows);
  return owner >= 0 ? `peer:${peers[owner]}` : `address:${address}`;
}

/** "bob", "130.2.3.4" */
export function callAddress({ history, peers, rows }, address) {
  const owner = history.ownerOf(address, rows);
  return owner >= 0 ? peers[owner] : shortenAddress(address);
}

/** "seed", "9.9.9.9", "itself": who told of an address. */
export function callSource({ history, peers, rows }, { source, host }) {
  const owner = history.ownerOfIp(source, rows);
  return owner === host ? "itself" : owner >= 0 ? peers[owner] : source;
}

/** "bob (20.1.1.1:8333)", "130.2.3.4:8333 (nobody is there)" */
export function tellWho({ history, peers, rows }, address) {
  const owner = history.ownerOf(address, rows);
  return owner >= 0 ? `${peers[owner]} (${address})` : `${address} (nobody is there)`;
}

/** "new table, bucket 817"; "list" for a book without tables. */
export function tellPlace({ table, bucket }) {
  return bucket === null ? "list" : `${table} table, bucket ${formatCount(bucket)}`;
}

/** "group 20.1", "group 2a01:4f8, IPv6" */
export function tellGroup(ip) {
  const { net, group } = readGroup(ip);
  return `group ${group}${net === IPV4 ? "" : `, ${net}`}`;
}

/** What is special about an address, in words. */
export function tellMarks({ isScheming, isBad, line, isSelf }, rows) {
  const found = [];
  if (isSelf) found.push("its own address");
  if (isScheming) found.push("an attacker's");
  if (isBad) found.push("discouraged");
  if (line) found.push(isOpen(line, rows) ? "connected" : "being dialled");
  return found;
}

/** A cell in a few words: its name. */
export function tellCell(scene, stay, marks) {
  return [callAddress(scene, stay.address), tellGroup(stay.ip), tellPlace(stay), ...tellMarks(marks, scene.rows)].join(", ");
}

/** The same with all of the address and who told of it. */
export function tellTip(scene, stay, marks) {
  const told = `told by ${callSource(scene, stay)}, ${formatTime(scene.columns.at[stay.heard])}`;
  return [tellWho(scene, stay.address), `${tellGroup(stay.ip)} · ${tellPlace(stay)}`, told, ...tellMarks(marks, scene.rows)].join("\n");
}

/** "buckets 12 – 40: 78 addresses" */
export function tellBundle({ first, last, stays }) {
  const where = first === null ? "" : first === last ? `bucket ${formatCount(first)}: ` : `buckets ${formatCount(first)} – ${formatCount(last)}: `;
  return `${where}${countAddresses(stays.length)}`;
}

/** "143 addresses in 96 of 1,024 buckets" */
export function tellTable(table, stays, buckets) {
  const many = countAddresses(stays.length);
  const isList = buckets.some(({ first }) => first === null);
  return stays.length === 0 || isList ? many : `${many} in ${formatCount(buckets.length)} of ${formatCount(BUCKETS[table])} buckets of ${BUCKET_SIZE}`;
}

/** "1 address", "4,500 addresses" */
export function countAddresses(count) {
  return `${formatCount(count)} address${count === 1 ? "" : "es"}`;
}

/** "143 known, 10 out, 5 in": the head of a column. */
export function tellHead(standing, lines, { isOn, book }, rows) {
  if (isOn === false) return "off";
  const open = lines.filter(line => isOpen(line, rows));
  const inbound = open.filter(({ kind }) => kind === INBOUND).length;
  return `${book ? `${formatCount(standing.length)} known` : isOn === null ? "not known" : "no book"}, ${formatCount(open.length - inbound)} out, ${formatCount(inbound)} in`;
}

/** Why nothing is drawn. `before`: how many stood in the book when the peer was switched off. */
export function tellEmpty(name, { isOn, book, hasBooks }, before) {
  if (isOn === null) return `${name} is no node of ours: whom it knows is not known.`;
  if (!isOn) return before ? `${name} is off. Its book, ${countAddresses(before)}, is on its disk.` : `${name} is off.`;
  if (!book) {
    const all = hasBooks ? `${name} keeps none` : "nobody keeps one in this story (their policy has no gossip)";
    return `No address book: ${all}. It dials whom the story names, lets everybody in, and says nothing about hosts.`;
  }
  return "Nobody is known yet.";
}

/** A book in a sentence, for who does not see it. */
export function tellSummary(name, standing, lines, state, rows) {
  if (!state.isOn || !state.book) return tellEmpty(name, state, 0);
  const count = table => formatCount(standing.filter(stay => stay.table === table).length);
  const known = state.book.isBucketed ? `${count(NEW)} in the new table, ${count(TRIED)} tried` : "in a plain list";
  const kinds = Object.keys(KINDS).map(kind => [KINDS[kind].toLowerCase(), lines.filter(line => line.kind === kind && isOpen(line, rows)).length]);
  const open = kinds.filter(([, number]) => number).map(([kind, number]) => `${formatCount(number)} ${kind}`);
  return `${name} knows ${countAddresses(standing.length)}, ${known}. Connections: ${open.join(", ") || "none"}.`;
}

/** "5 of 8" */
export function tellSlots(lines, most, rows) {
  const open = lines.filter(line => isOpen(line, rows)).length;
  return most === null ? formatCount(open) : `${formatCount(open)} of ${formatCount(most)}`;
}

/** "connected to bob for full relay", "bob has dialled in": one line of what happened last. */
export function tellNews(scene, entry) {
  const { what, stay, line, count } = entry;
  const who = stay ? callAddress(scene, stay.address) : line ? callAddress(scene, line.remote) : "";
  if (what === "added") return `${who} added to ${stay.bucket === null ? "the list" : stay.table}, told by ${callSource(scene, stay)}`;
  if (what === "heard") return `${countAddresses(count)} heard from ${callSource(scene, stay)}`;
  if (what === "moved") return `${who} moved to ${stay.table}, bucket ${stay.bucket === null ? "?" : formatCount(stay.bucket)}`;
  if (what === "removed") return `${who} removed from ${stay.table}: another one took its last place`;
  if (what === "loaded") return count ? `${countAddresses(count)} read from the disk` : "began with an empty book";
  if (what === "dropped") return `${countAddresses(count)} not read: too many at once from one peer`;
  if (what === "discouraged") return `${callIp(scene, entry.ip)} discouraged: it broke the protocol`;
  if (what === "evicted") return `${who} evicted: all places for those who dial in are taken`;
  if (what === "connected") return line.kind === INBOUND ? `${who} has dialled in` : `connected to ${who} ${PURPOSES[line.kind] ?? ""}`.trim();
  return line.open < Infinity ? `connection with ${who} ended: ${line.reason}` : `${who} could not be reached: ${line.reason}`;
}

function callIp({ history, peers, rows }, ip) {
  const owner = history.ownerOfIp(ip, rows);
  return owner >= 0 ? peers[owner] : String(ip);
}

/** Several that came in one event from one source are one line. */
export function groupNews(news, columns) {
  const groups = [];
  for (const entry of news) {
    const last = groups.at(-1);
    const isSame = last?.what === "added" && entry.what === "added" && columns.event[last.row] === columns.event[entry.row] && last.stay.source === entry.stay.source;
    if (isSame) last.all.push(entry.stay);
    else groups.push({ ...entry, all: entry.stay ? [entry.stay] : [] });
  }
  return groups.map(({ all, ...entry }) => (all.length > 1 ? { ...entry, what: "heard", count: all.length } : entry));
}

/**
 * Everything about one address at the cursor: where it stands in the shown books, who told of it, how dialling went.
 *
 * @param {Stay[]} found its stays in the shown books
 * @returns {string[]} sentences
 */
export function tellAddress(scene, address, found, { lines, told }) {
  const { history, peers, rows, columns } = scene;
  const sayOne = stay => `In ${peers[stay.host]}'s ${tellPlace(stay)}, since ${formatTime(columns.at[stay.from])}; told by ${callSource(scene, stay)}, ${tellGroup(stay.source)}.`;
  const places = found.length > 1 ? [`In ${found.map(stay => `${peers[stay.host]}'s ${tellPlace(stay)}, told by ${callSource(scene, stay)}`).join("; ")}.`] : found.map(sayOne);
  const dialled = found.length > 1 ? [] : lines.map(line => tellLine(scene, line));
  const holders = history.holders(address, rows).map(({ host }) => host);
  const known = `Known to ${tellPeers(holders, peers)} (${formatCount(holders.length)} of ${formatCount(peers.length)}).`;
  const teller = told ? `Told of ${countAddresses(told)} that ${told === 1 ? "stands" : "stand"} here.` : "";
  return [`${capital(tellGroup(readIp(address)))}.`, ...places, ...dialled, teller, known].filter(Boolean);
}

function tellLine({ peers, rows, columns }, line) {
  const { kind, host, from, open } = line;
  const at = row => formatTime(columns.at[row]);
  if (kind === INBOUND) return `Has dialled ${peers[host]} at ${at(open)}.`;
  if (isOpen(line, rows)) return `${peers[host]} dialled it ${PURPOSES[kind] ?? ""} at ${at(from)}.`;
  return `${peers[host]} dials it ${PURPOSES[kind] ?? ""} since ${at(from)}.`;
}

/** The IP of "ip:port". */
export function readIp(address) {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

const capital = text => text[0].toUpperCase() + text.slice(1);
