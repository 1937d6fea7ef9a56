// Which message a reader means: the selected one, or the latest at the cursor; and how to call it.

/** The row that `record:<branch>:<row>` names, when it is of this branch and says something; else null. */
export function rowOfSelection({ selection, branch, trace }) {
  const [, on, row] = selection?.match(/^record:(\d+):(\d+)$/) ?? [];
  if (row === undefined || Number(on) !== branch || Number(row) >= trace.length) return null;
  return trace.record(Number(row)).facts.message === undefined ? null : Number(row);
}

/** The cursor's latest message: what its event delivers or else sends, or that of the events before. O(rows back). */
export function findMessageRow(trace, cursor) {
  let sent = null;
  const end = trace.rowsUpTo(cursor);
  const { event, kind, facts } = trace.columns;
  const [deliver, datagram] = ["deliver", "datagram"].map(name => trace.kinds.indexOf(name));
  for (let row = end - 1; row >= 0; row--) {
    if (sent !== null && event[row] !== event[sent]) return sent;
    if (trace.table[facts[row]].message === undefined) continue;
    if (kind[row] === deliver || kind[row] === datagram) return row;
    sent = row;
  }
  return sent;
}

/** "tx 3f2a": transactions have no height, so the first digits of their txid are their short name. */
export function nameOfTx(txid) {
  return `tx ${txid.slice(0, 4)}`;
}

/** "block B3", "tx 3f2a": a message's label, with the short names of up to three blocks and transactions that it is about. */
export function labelOf(facts, index) {
  const label = facts.label ?? facts.command ?? "control packet";
  if (facts.command === "tx" && facts.txids) return nameOfTx(facts.txids[0]);
  const names = [...(facts.blocks ?? []).map(hash => index.nameOf(hash)), ...(facts.txids ?? []).map(nameOfTx)];
  return names.length ? `${label}${facts.command === "block" ? " " : ": "}${names.join(", ")}` : label;
}

/** "block B3, bob → ann" */
export function describeMessage(trace, { kind, peer, other, facts }, index) {
  const [from, to] = kind === "send" ? [peer, other] : [other, peer];
  const lost = kind === "drop" ? ", lost" : "";
  return `${labelOf(facts, index)}, ${trace.peers[from] ?? "?"} → ${trace.peers[to] ?? "?"}${lost}`;
}
