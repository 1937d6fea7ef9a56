// Packs records as Python does, so that these tests need no Python: [at, event, kind, peer, other, cause, facts, conn].
import { RECORD } from "../../widgets/blockchain_lab_widgets/js/trace.js";

export const KINDS = ["start", "connect", "dial-failed", "deliver", "datagram", "timer", "disconnect", "command",
  "kill", "send", "drop", "dial", "hang-up", "note", "action"];

/** A head and a buffer for `Trace.append`, for the rows from `from` on; facts are given whole, by index. */
export function pack(rows, { from = 0, epoch = 0, cut = 0, factsFrom = 1, facts = [], ...head } = {}) {
  const batch = rows.slice(from);
  const columns = {
    at: batch.map(row => row[0]), conn: batch.map(row => row[7] ?? -1), event: batch.map(row => row[1]),
    cause: batch.map(row => row[5] ?? -1), peer: batch.map(row => row[3] ?? 0), other: batch.map(row => row[4] ?? -1),
    facts: batch.map(row => row[6] ?? 0), kind: batch.map(row => KINDS.indexOf(row[2])),
  };
  const parts = Object.entries(RECORD).map(([name, Type]) => new Uint8Array(Type.from(columns[name]).buffer));
  parts.push(new TextEncoder().encode(JSON.stringify(facts)));
  const buffer = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    buffer.set(part, offset);
    offset += part.length;
  }
  return [{ epoch, cut, from, count: batch.length, factsFrom, kinds: KINDS, peers: ["ann", "bob"], ...head }, buffer.buffer];
}

/** `count` notes of ann, one event each, 100 ms apart; the facts count up. */
export function notes(count, first = 1, topic = "counted") {
  const rows = Array.from({ length: count }, (_, i) => [(first + i) * 100_000, first + i, "note", 0, -1, -1, i + 1]);
  const facts = Array.from({ length: count }, (_, i) => ({ topic, number: first + i }));
  return { rows, facts };
}
