// Boxes in words: their rules, what became of each packet and why, for marks, lines, the table and who hears it.
import { readIp, shortenAddress } from "./address-book-words.js";
import { countOf, formatCount, formatTime } from "./describe.js";
import { ASK, FAILED, HAIRPIN, IN, REACHED } from "./nat-history.js";
import { ANY, IP, IP_AND_PORT, LEASED } from "./nat-table.js";

// RFC 3489 §5, for mapping and filtering.
const CLASSIC = {
  [`${ANY} ${ANY}`]: "full cone", [`${ANY} ${IP}`]: "restricted cone", [`${ANY} ${IP_AND_PORT}`]: "port restricted cone",
  [`${IP_AND_PORT} ${IP_AND_PORT}`]: "symmetric",
};
const MAPS = { [ANY]: "one port for all remotes", [IP]: "a port for each remote host", [IP_AND_PORT]: "a port for each remote address" };
const LETS_IN = { [ANY]: "lets in everybody", [IP]: "lets in hosts it wrote to", [IP_AND_PORT]: "lets in only addresses it wrote to" };
/** Why a packet went no further. */
export const BLOCKED = {
  "no mapping": "no such port is open", filtered: "nobody inside has written to it from there", "no hairpin": "the box leads nobody back inside",
  "no port is free": "all its ports are taken",
};

/** "symmetric NAT", "firewall"; of a box that does not tell its rules, what is known of it. */
export function nameKind(rules) {
  if (!rules) return "gateway";
  if (!rules.translates) return "firewall";
  const classic = CLASSIC[`${rules.mapping} ${rules.filtering}`];
  return classic ? `${classic} NAT` : "NAT of its own kind";
}

/** What a box does, in a few words each. */
export function tellRules(rules) {
  if (!rules) return ["it does not tell its rules"];
  const { translates, mapping, filtering, idle, hairpin, opensPorts } = rules;
  return [
    translates ? MAPS[mapping] ?? mapping : "translates nothing", LETS_IN[filtering] ?? filtering, `forgets after ${formatLeft(idle)}`,
    hairpin ? "hairpin" : "no hairpin", ...(opensPorts ? ["opens a port when asked"] : []),
  ];
}

/** The same as RFC 4787 calls it. */
export function tellRulesInFull(rules) {
  if (!rules) return "";
  const { translates, mapping, filtering, idle, hairpin, ports } = rules;
  const maps = translates ? `mapping ${mapping}, ports ${ports}` : "no translation";
  return `${maps}\nfiltering ${filtering}\nidle timeout ${formatTime(idle)}\nhairpin ${hairpin ? "yes" : "no"}: may those inside write to its own address?`;
}

/** Time that is left: "9.4 s", "42 s", "4:12", "1:59 h". */
export function formatLeft(microseconds) {
  const seconds = Math.max(0, microseconds) / 1e6;
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const pad = number => String(Math.floor(number) % 60).padStart(2, "0");
  return seconds < 3600 ? `${Math.floor(seconds / 60)}:${pad(seconds)}` : `${Math.floor(seconds / 3600)}:${pad(seconds / 60)} h`;
}

/** ":1024" */
export function portOf(address) {
  return address.slice(address.lastIndexOf(":"));
}

/**
 * Who is meant by an address, seen from one side of a box: a peer, a port of a box and who stands behind it, or nobody known.
 *
 * @param {number} side the gateway behind which one looks around; -1 in the open
 * @returns {{host: number, name: string, label: string, more: string, tip: string}} `host`: the peer's or the box's, -1 for nobody; `name`
 *   as it is selected
 */
export function whoIs({ history, trace: { peers, behind }, rows }, address, side) {
  const { homes } = history;
  const host = homes.ownerOf(address, rows);
  if (host >= 0 && isKnown(behind[host], address, side)) return { host, name: `peer:${peers[host]}`, label: peers[host], more: "", tip: `${peers[host]}\n${address}` };
  if (host >= 0) {
    const where = `${peers[host]}'s address behind ${peers[behind[host]]}`;
    return { host, name: `peer:${peers[host]}`, label: shortenAddress(address), more: "", tip: `${address}\n${where}: unknown out here` };
  }
  const gateway = homes.ownerOfIp(readIp(address), rows);
  const name = `address:${address}`;
  if (gateway < 0 || !history.gateways.includes(gateway)) return { host: -1, name, label: shortenAddress(address), more: "", tip: `${address}\nnobody is there` };
  const inner = ownerBehind({ history, rows }, address);
  const label = `${peers[gateway]}${portOf(address)}`;
  return { host: gateway, name, label, more: inner < 0 ? "" : peers[inner], tip: `${address}\nport of ${peers[gateway]}${inner < 0 ? ", not open" : ` for ${peers[inner]}`}` };
}

/** Does anybody on one side know the way to an address of a peer behind `gateway`? Private ones are known inside only (RFC 1918). */
export function isKnown(gateway = -1, address, side) {
  return gateway === side || !address.startsWith("192.168.");
}

/** The host that an address outside stands for, through however many boxes; -1 for nobody. */
export function ownerBehind({ history, rows }, address) {
  for (let [door, boxes] = [history.findDoor(address, rows), 0]; door && boxes <= history.gateways.length; boxes++) {
    const host = history.homes.ownerOf(door.inside, rows);
    if (host >= 0) return host;
    door = history.findDoor(door.inside, rows);
  }
  return -1;
}

/** What became of a packet at a box, or what the box forgot: one line. */
export function tellNews(scene, entry) {
  if (entry.what === "expired") {
    const { mapping, host } = entry;
    return `${scene.trace.peers[host]} forgets ${callDoor(scene, mapping)} of ${whoIs(scene, mapping.inside, host).label}: unused for too long`;
  }
  const { host, way, command, isNew, mapping, other, reason, lost } = entry;
  const { trace: { peers, behind } } = scene;
  const outer = behind[host] ?? -1;
  const box = peers[host];
  const from = whoIs(scene, entry.from, way === IN ? outer : host).label;
  const to = whoIs(scene, entry.to, outer).label;
  const as = mapping && scene.isTranslating(host) ? ` as ${box}${portOf(mapping.outside)}` : "";
  if (way === ASK) return mapping ? `${from} asks ${box} for a port: ${portOf(mapping.outside)} is open to everybody` : `${from} asks ${box} for a port: refused`;
  if (reason) return `${command} from ${from} to ${to} blocked by ${box}: ${BLOCKED[reason] ?? reason}`;
  if (way === HAIRPIN) return `${command} from ${from}${as} turns back at ${box}, to ${other ? whoIs(scene, other.inside, host).label : to}`;
  if (way === IN) return `${command} from ${from} comes in through ${box}${mapping ? `, for ${whoIs(scene, mapping.inside, host).label}` : ""}`;
  return `${command} from ${from} goes out${as} to ${to}${isNew ? ": a new port" : ""}${lost ? `; ${lost}` : ""}`;
}

/** "port 1024", "8333 of …" behind a firewall: how a mapping is called in a sentence. */
export function callDoor(scene, { host, outside }) {
  return `${scene.isTranslating(host) ? "port " : "its hole at "}${portOf(outside).slice(1)}`;
}

/** How long a mapping lives if nobody uses it, in words. `left`: µs; `lease`: µs of it that are leased, 0 for none. */
export function tellLeft(left, lease) {
  return lease > 0 ? `leased for ${formatLeft(lease)} more` : `forgotten in ${formatLeft(left)} if unused`;
}

/** A mapping in a few words. */
export function tellDoor(scene, door) {
  const { mapping, lease, left } = door;
  return `${callDoor(scene, mapping)} ${tellAllowed(door)}, ${tellLeft(left, lease)}`;
}

/** "for ann: lets in server, office:1024 (bob)" */
export function tellAllowed({ owner, remotes }) {
  const allowed = remotes.filter(({ isKnocking }) => !isKnocking).map(({ label, more }) => (more ? `${label} (${more})` : label));
  return `for ${owner.label}: lets in ${allowed.length ? allowed.join(", ") : "nobody"}`;
}

/** All that is known of a mapping, for the line below the picture. */
export function tellMapping(scene, door) {
  const { mapping, owner, left, lease, used } = door;
  const { trace: { columns } } = scene;
  const part = mapping.part === "" ? "" : mapping.part === LEASED ? " It was asked for." : ` It is for ${mapping.part} alone.`;
  const last = used === null ? "Nothing has gone out through it." : `Last used at ${formatTime(used)}.`;
  return `stands for ${owner.label} (${mapping.inside}), since ${formatTime(columns.at[mapping.from])}. ${last}${part} ${capital(tellLeft(left, lease))}.`;
}

/** A box in a sentence or two, for who does not see it. */
export function tellBox({ name, isOn, rules, doors, hidden }) {
  if (!isOn) return `${name} is off.`;
  const holds = doors.map(({ words }) => words).join("; ");
  return `${name}, ${nameKind(rules)}: ${countOf(doors.length + hidden, "mapping")}${holds ? `: ${holds}` : ""}.`;
}

/**
 * What is chosen, for the line below the picture; null when it is nothing of this view.
 *
 * @param {object[]} boxes of `Scene.boxAt`, those that are drawn
 * @returns {{title: string, words: string}|null}
 */
export function tellChosen(scene, name, branch, boxes) {
  const { trace: { peers, behind }, history, rows } = scene;
  const doors = boxes.flatMap(box => box.doors);
  const [, kind, rest] = name?.match(/^(peer|address|record):(.*)$/s) ?? [];
  if (kind === "record") {
    const [on, row] = rest.split(":").map(Number);
    const entry = on === branch ? history.entryOf(row) : null;
    return entry ? { title: `${formatTime(scene.trace.columns.at[row])}`, words: `${tellNews(scene, entry)}.${tellReason(entry)}` } : null;
  }
  const own = doors.filter(door => door.name === name);
  if (kind === "address" && own.length) return { title: rest, words: own.map(door => tellMapping(scene, door)).join(" ") };
  if (kind === "address") return { title: rest, words: tellRemote(scene, name, doors) };
  const host = kind === "peer" ? peers.indexOf(rest) : -1;
  if (host < 0) return null;
  if (history.gateways.includes(host)) return { title: rest, words: `${capital(nameKind(history.lifeAt(host, rows).table?.rules))}: ${tellRules(history.lifeAt(host, rows).table?.rules ?? null).join(", ")}.` };
  const stands = behind[host] >= 0 ? `stands behind ${peers[behind[host]]}.` : "stands in the open.";
  const inside = doors.filter(({ owner, mapping }) => owner.host === host && mapping.host === behind[host]);
  const open = inside.length ? ` Open for it: ${inside.map(({ mapping }) => callDoor(scene, mapping)).join(", ")}.` : "";
  return { title: rest, words: `${stands}${open}${tellRemote(scene, name, doors, " ")}` };
}

function tellRemote(scene, name, doors, before = "") {
  const lets = doors.filter(({ remotes }) => remotes.some(remote => remote.name === name && !remote.isKnocking));
  if (!lets.length) return before ? "" : "No box here lets it in.";
  return `${before}Let in by ${lets.map(({ mapping, owner }) => `${scene.peers[mapping.host]} at ${callDoor(scene, mapping)}, to ${owner.label}`).join("; ")}.`;
}

function tellReason({ reason, way }) {
  if (reason === "filtered") return " Who is inside must write there first: each packet that goes out opens the way back.";
  if (reason === "no mapping") return " A port is open only while somebody inside uses it, and nobody is told when it is not.";
  if (reason === "no hairpin") return " Neighbours behind one box reach each other at their addresses inside.";
  return way === IN ? " Coming in keeps nothing open: only what goes out does." : "";
}

/** Why a box has nothing in it. */
export function tellEmptyBox({ name, isOn, rules }) {
  if (!isOn) return `${name} is off: nothing passes, and it has forgotten everything.`;
  return rules ? "Nobody inside has written to anybody: nothing is open." : "What it remembers is not known.";
}

/** "direct", "punch": how a rung of the ladder went, as far as an attempt tells. */
export function tellAttempt({ end, by, tried, reason }) {
  const failed = tried.map(step => `${step} failed`);
  const last = end === REACHED ? `${by} works` : end === FAILED ? `given up: ${reason}` : "trying";
  return [...failed, last].join(", ");
}

/** "4 boxes, 6 mappings" */
export function tellHead(boxes, mappings) {
  return `${formatCount(boxes)} box${boxes === 1 ? "" : "es"}, ${countOf(mappings, "mapping")}`;
}

const capital = text => text[0].toUpperCase() + text.slice(1);
