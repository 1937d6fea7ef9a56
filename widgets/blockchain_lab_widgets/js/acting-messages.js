// What can be done with a message, and what can be asked about a record, a block or a transaction.
import { briefly, does, goes } from "./acting-words.js";
import { askToEdit } from "./bytes-edits.js";
import { formatCount } from "./describe.js";
import { readVote } from "./finality-index.js";
import { describeMessage } from "./messages-at.js";

const DELAYS = [["1 s", 1_000_000], ["10 s", 10_000_000]];
const ARRIVALS = ["deliver", "datagram", "drop"];

/** A record, "branch:row". A message's arrival stands for its sending: that is what can be meddled with. */
export function offersOfRecord({ store, index }, place) {
  const { trace, branch } = store;
  const [on, row] = place.split(":").map(Number);
  if (on !== branch || !(row >= 0 && row < trace.length)) return { title: "A record of another future", groups: [] };
  const record = trace.record(row);
  const sent = findSending(trace, record);
  const name = `record:${branch}:${row}`;
  const looks = [
    goes("Why did this happen?", to => to.askWhy(name)),
    goes(`Go to event ${formatCount(record.event)}`, to => to.goto(record.event)),
  ];
  if (sent === null) return { title: record.facts.topic ?? record.kind, groups: [looks] };
  const bytes = goes("Edit its bytes", to => askToEdit(to, sent));
  return { title: describeMessage(trace, trace.record(sent), index), groups: [getMeddling(store, sent), [bytes, ...looks]] };
}

function findSending(trace, { row, kind, cause, facts }) {
  if (facts.message === undefined && facts.command === undefined) return null;
  if (kind === "send") return row;
  return ARRIVALS.includes(kind) && cause >= 0 && trace.record(cause).kind === "send" ? cause : null;
}

// What has arrived can be stopped all the same: behind the event of its sending, in another future.
function getMeddling(store, sent) {
  const { event, conn } = store.trace.record(sent);
  const isFlying = isInFlight(store, sent);
  const then = isFlying ? "" : ` at event ${formatCount(event)}`;
  const meddle = (title, action, said, why) => ({
    ...does(`${title}${then}`, { record: sent, ...action }, said, why), ...(isFlying ? {} : { event }),
  });
  return [
    briefly(meddle("Drop it", { do: "DropMessage" }, "Dropped a message."), "Drop"),
    ...DELAYS.map(([words, by]) => briefly(
      meddle(`Delay it by ${words}`, { do: "DelayMessage", by }, `Delayed a message by ${words}.`), `+ ${words}`)),
    meddle("Duplicate it", { do: "DuplicateMessage" }, "Duplicated a message.",
      conn >= 0 ? "a stream delivers everything once" : undefined),
  ];
}

/** Was it sent by the cursor's event or before, and has it not arrived by then? O(log records + flying). */
export function isInFlight({ trace, cursor }, sent) {
  return getFlying({ trace, cursor }).some(flight => flight.sent === sent);
}

/** The messages in flight at the cursor, next to arrive first. O(log records + flying). */
export function getFlying({ trace, cursor }) {
  const { event, at } = trace.columns;
  const found = trace.flying(trace.timeOf(cursor)).filter(({ sent, row }) => event[sent] <= cursor && event[row] > cursor);
  return found.sort((one, other) => at[one.row] - at[other.row] || one.row - other.row);
}

/** A vote: why it was cast, and where it stands. */
export function offersOfVote({ index }, rest) {
  const name = `vote:${rest}`;
  const vote = readVote(name);
  if (vote === null) return null;
  const show = view => to => {
    to.select(name);
    to.open(view);
  };
  return {
    title: `Vote of ${vote.validator} for ${index.nameOf(vote.target)}`,
    groups: [[goes("Why was it cast?", to => to.askWhy(name)), goes("Who else has voted", show("validators")), goes("Its link in the tree", show("tree"))]],
  };
}

/** A block or a transaction: nothing is done with it, much can be asked. */
export function offersOfBlock({ store, index }, hash) {
  const isBlock = index.get(hash) !== undefined;
  const name = `${isBlock ? "block" : "tx"}:${hash}`;
  const show = view => to => {
    to.select(name);
    to.open(view);
  };
  return {
    title: isBlock ? `Block ${index.nameOf(hash)}` : `Transaction ${hash.slice(0, 8)}`,
    groups: [[
      goes("Why is it here?", to => to.askWhy(name)),
      goes("How it spread", show("spread")),
      goes("Its bytes", show("bytes")),
    ]],
  };
}
