// The columns of the table of peers: what stands in them, how it is written, and in which run they hold anything. Pure.
import { formatCount } from "./describe.js";
import { BY_ADDRESS, BY_LINE, ITSELF } from "./lens-sight.js";

const WAYS = { [ITSELF]: null, [BY_LINE]: "connected", [BY_ADDRESS]: "heard of" };

const formatLatency = latency => `${latency < 10_000 ? (latency / 1000).toFixed(1) : formatCount(Math.round(latency / 1000))} ms`;
const sum = numbers => numbers.reduce((total, number) => total + number, 0);

/** Those at the other ends of its lines, nobody's left out. */
const others = lines => [...lines.values()].filter(other => other >= 0);

/** "on", "off"; and what keeps others from dialling it. */
function tellState({ trace, sight, peers }, host) {
  if (sight && host !== sight.host) return WAYS[sight.ways[host]] ?? "not known";
  const behind = trace.behind[host] >= 0 ? `, behind ${trace.peers[trace.behind[host]]}` : "";
  return `${peers[host].isOn ? "on" : "off"}${trace.firewalls[host] ? ", behind a firewall" : ""}${behind}`;
}

/** To the chosen peer; else the mean of its open lines, µs, rounded down. */
export function findLatency({ peers, settings, chosen }, host) {
  if (chosen !== null) return chosen === host ? null : settings.latencyOf(host, chosen);
  const known = others(peers[host].lines).map(other => settings.latencyOf(host, other)).filter(latency => latency !== null);
  return known.length ? Math.floor(sum(known) / known.length) : null;
}

const counts = (of, field) => ({ isNumber: true, value: ({ peers }, host) => peers[host][field], has: of });

/**
 * In the order in which they stand. `value(scene, host)` sorts, null where there is none or nobody knows; `show(value)` writes
 * it; `has(run)`: does it hold anything in this run? `told`: the one under the lens may know it of others, too. `width`: pixels
 * that its texts need; `wide`: where peers stand behind something.
 *
 * @type {{id: string, title: string, about: string, width: number, wide?: number, isNumber?: boolean, value: function, show?: function, has: function}[]}
 */
export const COLUMNS = [
  { id: "name", title: "Peer", about: "Name; shape = role, colour = tip", width: 84, told: true, value: ({ trace }, host) => trace.peers[host], has: () => true },
  { id: "state", title: "State", about: "On or off, and what keeps others from dialling it", width: 64, wide: 156, told: true, value: tellState, has: () => true },
  { id: "role", title: "Role", about: "What it does in this story", width: 78, value: ({ trace }, host) => trace.roles[host], has: run => run.roles > 1 },
  {
    id: "tip", title: "Tip", about: "The last block of its chain", width: 58, told: true,
    value: (scene, host) => { const tip = scene.tipOf(host); return tip === null ? null : scene.index.nameOf(tip); }, has: run => run.chain,
  },
  { id: "height", title: "Height", about: "How many blocks stand below its tip", width: 56, isNumber: true, told: true, value: (scene, host) => scene.heightOf(host), has: run => run.chain },
  {
    id: "behind", title: "Behind", about: "Blocks that it lacks to the highest tip of all", width: 56, isNumber: true, told: true,
    value: (scene, host) => { const height = scene.heightOf(host); return height === null ? null : scene.top - height; }, has: run => run.chain,
  },
  { id: "out", title: "Out", about: "Open connections that it has dialled", width: 40, isNumber: true, value: ({ peers }, host) => countLines(peers[host].lines, 0), has: run => run.lines },
  { id: "in", title: "In", about: "Open connections that others have dialled", width: 40, isNumber: true, value: ({ peers }, host) => countLines(peers[host].lines, 1), has: run => run.lines },
  { id: "latency", title: "Latency", about: "One way: mean of its open lines, or to the peer that is selected", width: 66, isNumber: true, show: formatLatency, value: findLatency, has: run => run.links },
  { id: "era", title: "Era", about: "The time whose habits its node has", width: 60, value: ({ settings, trace }, host) => settings.turned(host).era ?? trace.eras[host] ?? null, has: run => run.eras > 1 },
  { id: "turned", title: "Turned", about: "Policy values that were changed since the start", width: 132, value: ({ settings }, host) => tellTurned(settings.turned(host)), has: run => run.turned },
  { id: "waiting", title: "Waiting", about: "Transactions in its pool", width: 56, isNumber: true, value: ({ peers }, host) => peers[host].pool.size, has: run => run.waiting },
  { id: "items", title: "Items", about: "Pieces of news that it has", width: 56, isNumber: true, value: ({ peers }, host) => peers[host].items.size, has: run => run.items },
  { id: "justified", title: "Justified", about: "The last justified epoch on the branch to its tip", width: 56, ...counts(run => run.casper, "justified") },
  { id: "final", title: "Final", about: "The last final epoch on the branch to its tip", width: 56, ...counts(run => run.casper, "finalised") },
  { id: "sent", title: "Sent", about: "Messages that it has sent", width: 62, ...counts(run => run.messages, "sent") },
  { id: "received", title: "Received", about: "Messages that have reached it", width: 62, ...counts(run => run.messages, "received") },
  { id: "bytes-sent", title: "Bytes sent", about: "Bytes that it has sent, envelopes included", width: 80, ...counts(run => run.messages, "bytesSent") },
  { id: "bytes-received", title: "Bytes received", about: "Bytes that have reached it, envelopes included", width: 80, ...counts(run => run.messages, "bytesReceived") },
  { id: "faults", title: "Faults", about: "How often others have noted that it misbehaves", width: 50, ...counts(run => run.faults, "faults") },
];

/** The dialler's end of a connection has an even number, the other end the odd one behind it. */
function countLines(lines, parity) {
  return [...lines.keys()].filter(conn => conn % 2 === parity).length;
}

/** "in transit 3, era 2014"; null where nothing was turned. */
function tellTurned(values) {
  const told = Object.entries(values).map(([key, value]) => `${key.replaceAll("_", " ")} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return told.length ? told.join(", ") : null;
}

/** What stands in a cell: null under the lens, of others, unless they tell it. */
export function valueIn(column, scene, host) {
  const { sight } = scene;
  if (sight && !column.told && (host !== sight.host || sight.knowledge.off)) return null;
  return column.value(scene, host);
}

/** The cell as text. */
export function textIn(column, scene, host) {
  const value = valueIn(column, scene, host);
  if (value === null || value === undefined) return "";
  return (column.show ?? (typeof value === "number" ? formatCount : String))(value);
}
