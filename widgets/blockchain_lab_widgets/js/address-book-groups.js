// Which network an address belongs to, and the group in which it is counted: IPv4 by 16 bits, IPv6 by 32, names by 4. Pure.
//
// The same groups as `address_groups.py`, for what a peer stores is decided by them: whoever tells of many hosts of one
// provider competes with himself.

/** Networks, as `netOf` names them. */
export const IPV4 = "IPv4";
export const IPV6 = "IPv6";
export const ONION = "Tor";
export const I2P = "I2P";
export const NOWHERE = "no network";

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567"; // base 32: five bits each
const NAMES = [[/^([a-z2-7]{16}|[a-z2-7]{56})\.onion$/i, ONION, "onion"], [/^([a-z2-7]{52})\.b32\.i2p$/i, I2P, "i2p"]];
const HURRICANE_ELECTRIC = [0x2001, 0x470]; // gives whole /48s away for nothing: counted by 36 bits

/** "10.0.0.1:8333", "[2a01::1]:8333": as Python shows an address, and as it is selected. */
export function showAddress([ip, port]) {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** An address of a note: [ip, port]; null for anything else, which a learner's node may say. */
export function readAddress(value) {
  const [ip, port] = Array.isArray(value) ? value : [];
  return typeof ip === "string" && Number.isInteger(port) ? [ip, port] : null;
}

/**
 * The network and the group of an IP or name.
 *
 * @returns {{net: string, group: string}} group: "250.1", "2a01:4f8", "onion 12": as short as it can be said
 */
export function readGroup(ip) {
  for (const [form, net, word] of NAMES) {
    const name = ip.match(form)?.[1];
    if (name) return { net, group: `${word} ${LETTERS.indexOf(name[0].toLowerCase()) >> 1}` };
  }
  const four = readFour(ip);
  if (four) return { net: IPV4, group: `${four[0]}.${four[1]}` };
  const words = readWords(ip);
  if (!words) return { net: NOWHERE, group: "none" };
  const inner = findInnerFour(words);
  if (inner) return { net: IPV4, group: `${inner >> 8}.${inner & 255}` };
  const [first, second, third] = words;
  const isFree = HURRICANE_ELECTRIC[0] === first && HURRICANE_ELECTRIC[1] === second;
  const more = isFree ? `:${(third >> 12).toString(16)}` : "";
  return { net: IPV6, group: `${first.toString(16)}:${second.toString(16)}${more}` };
}

function readFour(text) {
  const bytes = text.match(/^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/)?.slice(1).map(Number);
  return bytes?.every(byte => byte < 256) ? bytes : null;
}

/** The eight words of 16 bits; null when it is no IPv6 address. */
function readWords(text) {
  const halves = text.split("::").map(half => (half === "" ? [] : half.split(":").flatMap(readWord)));
  if (halves.length > 2 || halves.flat().includes(null)) return null;
  const missing = 8 - halves.flat().length;
  if (halves.length === 1) return missing === 0 ? halves[0] : null;
  return missing > 0 ? [...halves[0], ...Array(missing).fill(0), ...halves[1]] : null;
}

function readWord(word) {
  const four = readFour(word);
  if (four) return [four[0] * 256 + four[1], four[2] * 256 + four[3]];
  return /^[0-9a-f]{1,4}$/i.test(word) ? [parseInt(word, 16)] : [null];
}

/** The first 16 bits of the IPv4 address that an IPv6 address stands for (mapped, translated, 6to4, Teredo); else null. */
function findInnerFour(words) {
  const isAll = (from, to, value) => words.slice(from, to).every(word => word === value);
  const isMapped = isAll(0, 5, 0) && words[5] === 0xffff;
  const isTranslated = isAll(0, 4, 0) && words[4] === 0xffff && words[5] === 0;
  const isWellKnown = words[0] === 0x64 && words[1] === 0xff9b && isAll(2, 6, 0);
  if (isMapped || isTranslated || isWellKnown) return words[6];
  if (words[0] === 0x2002) return words[1];
  if (words[0] === 0x2001 && words[1] === 0) return words[6] ^ 0xffff;
  return null;
}

/** Groups that have several of these addresses, largest first, ties by name; at most `most`. */
export function rankGroups(ips, most) {
  const counts = new Map();
  for (const ip of ips) {
    const { group } = readGroup(ip);
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const several = [...counts].filter(([, count]) => count > 1);
  return several.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, most).map(([group]) => group);
}
