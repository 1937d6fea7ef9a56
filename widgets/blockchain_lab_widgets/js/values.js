// What a field's bytes mean, in a few characters, by the field's name; by its width when the name says nothing.
import { displayHash, toHex } from "./checksum.js";

const NETWORKS = {
  f9beb4d9: "mainnet", "0b110907": "testnet3", "1c163f28": "testnet4", "0a03cf40": "signet", fabfb5da: "regtest",
};
const SERVICES = [[1n, "network"], [4n, "bloom"], [8n, "witness"], [64n, "compact filters"], [1024n, "network limited"]];
const ITEMS = {
  1: "transaction", 2: "block", 3: "filtered block", 4: "compact block",
  0x40000001: "transaction with witness", 0x40000002: "block with witnesses",
};
const COIN = 100_000_000n; // satoshi
const LONGEST_TEXT = 60;
const LATEST_DATE = 8_640_000_000_000; // seconds: JavaScript knows no later one

/** An unsigned little-endian integer of any width. */
export function toUnsigned(bytes) {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return value;
}

const toSigned = bytes => BigInt.asIntN(8 * bytes.length, toUnsigned(bytes));
const group = number => number.toLocaleString("en-GB");
const compactSize = bytes => toUnsigned(bytes.length > 1 ? bytes.subarray(1) : bytes);

// What a peer sent is shown, never obeyed: no control characters, no line ends, no tricks of direction.
function toText(bytes) {
  const text = new TextDecoder().decode(bytes).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "·");
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function toDate(bytes) {
  const seconds = Number(toUnsigned(bytes));
  if (seconds > LATEST_DATE) return group(toUnsigned(bytes));
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function toIp(bytes) {
  const hex = toHex(bytes);
  if (hex.startsWith("00000000000000000000ffff")) return Array.from(bytes.subarray(12)).join(".");
  return hex.match(/.{4}/g).map(part => part.replace(/^0{1,3}/, "")).join(":").replace(/(^|:)(0(:|$)){2,}/, "::");
}

/** An IPv4 address and a port, as the overlays write them: 6 bytes. */
function toPlace(bytes) {
  return `${Array.from(bytes.subarray(0, 4)).join(".")}:${(bytes[4] << 8) | bytes[5]}`;
}

function toServices(bytes) {
  const bits = toUnsigned(bytes);
  const names = SERVICES.filter(([bit]) => bits & bit).map(([, name]) => name);
  return names.length ? `${bits} (${names.join(", ")})` : String(bits);
}

// Of a block's version, the bits count (BIP 9); a protocol's is a number.
function toVersion(bytes) {
  const value = toSigned(bytes);
  return bytes.length === 4 && toUnsigned(bytes) >= 1n << 28n ? `0x${displayHash(bytes)}` : String(value);
}

function shortHex(bytes) {
  if (!bytes.length) return "empty";
  return bytes.length <= 12 ? toHex(bytes) : `${toHex(bytes.subarray(0, 8))}…`;
}

function hashWith(nameOf) {
  return bytes => {
    const shown = displayHash(bytes);
    if (/^0+$/.test(shown)) return "0: none";
    const name = nameOf(shown);
    return `${name ? `${name}  ` : ""}${shown.slice(0, 8)}…${shown.slice(-4)}`;
  };
}

const PLACES = ["outside", "local", "observed", "opened", "lan", "wan", "destination"];

const BY_NAME = {
  ...Object.fromEntries(PLACES.map(name => [name, toPlace])),
  magic: bytes => NETWORKS[toHex(bytes)] ?? "no known network",
  command: bytes => toText(bytes.filter(byte => byte)),
  checksum: shortHex,
  length: bytes => `${group(toUnsigned(bytes))} bytes`,
  version: toVersion,
  services: toServices,
  timestamp: toDate,
  time: toDate,
  ip: toIp,
  port: bytes => String((bytes[0] << 8) | bytes[1]),
  user_agent: toText,
  rejected: toText,
  reason: toText,
  start_height: bytes => group(toSigned(bytes)),
  relay: bytes => (bytes[0] ? "yes" : "no"),
  announce: bytes => (bytes[0] ? "yes" : "no"),
  bits: bytes => displayHash(bytes),
  nonce: bytes => String(toUnsigned(bytes)),
  type: bytes => ITEMS[Number(toUnsigned(bytes))] ?? `type ${toUnsigned(bytes)}`,
  index: bytes => (toUnsigned(bytes) === 0xffffffffn ? "none (coinbase)" : group(toUnsigned(bytes))),
  sequence: bytes => displayHash(bytes),
  lock_time: bytes => group(toUnsigned(bytes)),
  value: bytes => `${toUnsigned(bytes) / COIN}.${String(toUnsigned(bytes) % COIN).padStart(8, "0")} BTC`,
  script: shortHex,
  item: shortHex,
};

/**
 * A field's value for its row; "" for a compound, whose parts say it.
 *
 * @param {{name, start, end, parts}} node of `nestFields`
 * @param {Uint8Array} frame
 * @param {(hash: string) => string|undefined} nameOf short names of known blocks
 */
export function valueOf(node, frame, nameOf) {
  if (node.parts.length) return "";
  const bytes = frame.subarray(node.start, node.end);
  if (!bytes.length) return "empty";
  const known = Object.hasOwn(BY_NAME, node.name) ? BY_NAME[node.name] : undefined;
  if (node.name.endsWith("_count") || node.name.endsWith("_length")) return group(compactSize(bytes));
  if (bytes.length === 32 && node.name !== "script" && node.name !== "item") return hashWith(nameOf)(bytes);
  if (known && fits(node.name, bytes)) return known(bytes);
  return bytes.length <= 8 && !(bytes.length & (bytes.length - 1)) ? group(toUnsigned(bytes)) : shortHex(bytes);
}

// A name is only a name: fields of that name but of another width are not what we think.
function fits(name, bytes) {
  const width = PLACES.includes(name) ? 6 : { ip: 16, port: 2, bits: 4, sequence: 4, value: 8 }[name];
  return width === undefined || width === bytes.length;
}

/** The whole value on one line, and its place on another: for a hash all digits, as people write them. */
export function longValueOf(node, frame, nameOf) {
  const bytes = frame.subarray(node.start, node.end);
  const name = node.name.replaceAll("_", " ");
  const place = `${name}, ${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"} from ${node.start}`;
  if (node.parts.length || !bytes.length) return place;
  const block = bytes.length === 32 ? nameOf(displayHash(bytes)) : undefined;
  if (block) return `${place}: block ${block}\n${displayHash(bytes)}`;
  return `${place}\n${bytes.length === 32 ? displayHash(bytes) : valueOf(node, frame, nameOf)}`;
}
