// How a block or a transaction spread: who had it when, from whom, and what was said about it for nothing.
//
// "Has it" means that the node has noted it: "block accepted", "transaction accepted". So a block that came before
// its parent is had only when the parent has come, and one that breaks a rule never.

/** What a fact says about the thing that is looked at. */
const NOTHING = 0;
const ACCEPTED = 1; // a peer has it now
const LOADED = 2; // a peer has it from before
const HEADER = 3; // a peer has its header now
const BODY = 4; // a message that brings it
const WORD = 5; // a message that names it: an announcement

const BODIES = ["block", "proposal", "branch"]; // bring blocks
const WORDS = ["inv", "headers", "head"];

/**
 * @typedef {object} Receipt how one peer got it
 * @property {number} host
 * @property {number} at µs
 * @property {number} row the arrival of the message that brought it; for its maker, the note
 * @property {number} accepted row of the note
 * @property {number} from host; -1 for its maker
 * @property {number} sent row of the sending, -1 for its maker
 * @property {{at, row, from}|null} header when the header alone came before
 *
 * @typedef {object} Spread
 * @property {number} start µs: when it was made, or first sent if everybody who had it had it from before
 * @property {number} end µs of the last thing that happened to it
 * @property {Receipt[]} receipts by time
 * @property {number[]} before hosts that had it from before
 * @property {{host, at, row}[]} headersOnly peers that never got more than the header
 * @property {number[]} never hosts that never heard of it
 * @property {number[]} unknown hosts of which nobody knows whether they have it: programs that are no nodes of ours
 * @property {{sent, row, from, to, isUsed}[]} words announcements that arrived; of no use when nothing came of them
 * @property {number[]} again rows of arrivals that brought it once more
 */

/** Is a name one that can spread? "block:<hash>" or "tx:<txid>" */
export function isSpreadable(name) {
  return /^(block|tx):./.test(name ?? "");
}

/** "block:<hash>" or "tx:<txid>" that a record is about, or null. */
export function subjectOf({ topic, hash, txid, hashes, command, blocks, txids }) {
  if (topic === "transaction accepted") return `tx:${txid}`;
  if (command === undefined) return hash ? `block:${hash}` : hashes?.length ? `block:${hashes.at(-1)}` : null;
  return blocks?.length ? `block:${blocks[0]}` : txids?.length ? `tx:${txids[0]}` : null;
}

function classify(facts, isBlock, id) {
  const { topic, command } = facts;
  if (topic === (isBlock ? "block accepted" : "transaction accepted")) return (isBlock ? facts.hash : facts.txid) === id ? ACCEPTED : NOTHING;
  if (isBlock && (topic === "chain loaded" || topic === "headers accepted")) {
    if (!facts.hashes.includes(id)) return NOTHING;
    return topic === "chain loaded" && facts.full ? LOADED : HEADER;
  }
  const names = isBlock ? facts.blocks : facts.txids;
  if (command === undefined || !names?.includes(id)) return NOTHING;
  if ((isBlock ? BODIES : ["tx"]).includes(command)) return BODY;
  return WORDS.includes(command) ? WORD : NOTHING;
}

/** Does a record's fact concern the thing? */
export function concerns(facts, name) {
  return classify(facts, name.startsWith("block:"), name.slice(name.indexOf(":") + 1)) !== NOTHING;
}

/**
 * Everything that a trace tells about one block or transaction. O(rows + facts).
 *
 * @param {string} name "block:<hash>" | "tx:<txid>"
 * @returns {Spread}
 */
export function findSpread(trace, name) {
  const found = collect(trace, name);
  const receipts = found.accepted.map(row => describeReceipt(trace, found, row)).sort((a, b) => a.at - b.at || a.accepted - b.accepted);
  const has = new Set([...receipts.map(({ host }) => host), ...found.before]);
  const headersOnly = [...found.headers.values()].filter(({ host }) => !has.has(host)).sort((a, b) => a.at - b.at);
  const heard = new Set([...has, ...headersOnly.map(({ host }) => host)]);
  const used = findUsed(trace, [...found.accepted, ...[...found.headers.values()].map(({ note }) => note)]);
  const words = found.words.map(row => describeWord(trace, row, used));
  const maker = receipts.find(({ from }) => from < 0);
  const { at } = trace.columns;
  const start = maker?.at ?? (found.sendings.length ? at[found.sendings[0]] : receipts[0]?.at ?? 0);
  const ends = [...receipts, ...headersOnly, ...words].map(({ row }) => at[row]);
  const end = [...ends, receipts.at(-1)?.at ?? start].reduce((one, other) => Math.max(one, other), start);
  return {
    start, end, receipts, headersOnly, words, before: [...found.before], again: found.again,
    never: trace.peers.map((_, host) => host).filter(host => !heard.has(host) && !found.unknown.has(host)), unknown: [...found.unknown],
  };
}

/** One walk over the records. `bodies` and `headers` hold each peer's first. */
function collect(trace, name) {
  const isBlock = name.startsWith("block:");
  const id = name.slice(name.indexOf(":") + 1);
  const says = Uint8Array.from(trace.table, facts => classify(facts, isBlock, id));
  const { facts, kind, peer, at, cause, other } = trace.columns;
  const arrivals = ["deliver", "datagram"].map(each => trace.kinds.indexOf(each));
  const [sending, start] = ["send", "start"].map(each => trace.kinds.indexOf(each));
  const found = { unknown: new Set(), accepted: [], before: new Set(), headers: new Map(), bodies: new Map(), words: [], again: [], sendings: [] };
  const has = new Set();
  for (let row = 0; row < trace.length; row++) {
    const what = says[facts[row]];
    if (kind[row] === start && trace.table[facts[row]].unknown) found.unknown.add(peer[row]);
    if (what === NOTHING) continue;
    const host = peer[row];
    const isArrival = arrivals.includes(kind[row]);
    if (what === LOADED && !has.has(host)) found.before.add(host);
    if (what === ACCEPTED && !has.has(host) && !found.before.has(host)) found.accepted.push(row);
    if (what === ACCEPTED || what === LOADED) has.add(host);
    if (what === HEADER && !found.headers.has(host)) found.headers.set(host, { host, at: at[row], row: cause[row] < 0 ? row : cause[row], note: row, from: cause[row] < 0 ? -1 : other[cause[row]] });
    if (what >= BODY && kind[row] === sending) found.sendings.push(row);
    if (what === WORD && isArrival) found.words.push(row);
    if (what !== BODY || !isArrival) continue;
    if (found.bodies.has(host) || found.before.has(host) || has.has(host)) found.again.push(row);
    else found.bodies.set(host, row);
  }
  return found;
}

function describeReceipt(trace, { bodies, headers }, accepted) {
  const { peer, at, other, cause } = trace.columns;
  const host = peer[accepted];
  const arrival = bodies.get(host) ?? -1;
  const isBrought = arrival >= 0 && arrival < accepted;
  const header = headers.get(host) ?? null;
  return {
    host, at: at[accepted], accepted, row: isBrought ? arrival : accepted,
    from: isBrought ? other[arrival] : -1, sent: isBrought ? cause[arrival] : -1,
    header: header && header.at < at[accepted] ? header : null,
  };
}

function describeWord(trace, row, used) {
  const { peer, other, cause } = trace.columns;
  return { row, sent: cause[row], from: other[row], to: peer[row], isUsed: used.has(row) };
}

/** All rows that led to some rows. O(rows visited): no chain is walked twice. */
function findUsed(trace, rows) {
  const used = new Set();
  for (const row of rows) for (let at = row; at >= 0 && !used.has(at); at = trace.columns.cause[at]) used.add(at);
  return used;
}

/**
 * How long it took until a share of the peers had it, of those that had not had it before and of which it is known.
 *
 * @param {Spread} spread
 * @param {number} peers how many there are
 * @returns {{share: number, count: number, wait: number|null}[]} µs from the start; null when so many never had it
 */
export function findPercentiles({ receipts, before, unknown, start }, peers, shares = [0.5, 0.9, 1]) {
  const all = peers - before.length - unknown.length;
  return shares.map(share => {
    const count = Math.ceil(share * all);
    return { share, count, wait: count > 0 && receipts.length >= count ? receipts[count - 1].at - start : null };
  });
}

/**
 * The peers from top to bottom: every one under whom it has it from, earlier ones first.
 *
 * @returns {{host: number, depth: number, receipt: Receipt|null}[]} without a receipt: who had it from before and passed it on
 */
export function orderTree({ receipts }) {
  const receivers = new Map(receipts.map(receipt => [receipt.host, receipt]));
  const children = new Map();
  const roots = [];
  for (const { host, from } of receipts) {
    if (from < 0) roots.push(host);
    else if (!receivers.has(from) && !children.has(from)) roots.push(from);
    if (from >= 0) children.set(from, [...(children.get(from) ?? []), host]);
  }
  const rows = [];
  const waiting = roots.reverse().map(host => ({ host, depth: 0 }));
  while (waiting.length) {
    const { host, depth } = waiting.pop();
    rows.push({ host, depth, receipt: receivers.get(host) ?? null });
    waiting.push(...(children.get(host) ?? []).map(child => ({ host: child, depth: depth + 1 })).reverse());
  }
  return rows;
}
