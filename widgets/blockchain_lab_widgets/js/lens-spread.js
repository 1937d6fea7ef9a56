// How a block or a transaction spread, as far as the peer under the lens has learned. Pure.
import { formatTime } from "./describe.js";

/**
 * Its own receipt, and what was said to it or by it; of all others it does not know whether they have it.
 *
 * @param {import("./lens-sight.js").Sight} sight
 * @param {import("./spread-model.js").Spread} spread
 * @returns {import("./spread-model.js").Spread}
 */
export function spreadAs({ host, trace }, { receipts, before, headersOnly, never, words, again, start, end }) {
  const { at, peer } = trace.columns;
  const isOwn = each => each.host === host;
  const own = { receipts: receipts.filter(isOwn), headersOnly: headersOnly.filter(isOwn), words: words.filter(({ to }) => to === host) };
  const times = [...own.receipts, ...own.headersOnly, ...own.words].map(({ row }) => at[row]);
  const isHost = each => each === host;
  return {
    ...own, before: before.filter(isHost), never: never.filter(isHost), again: again.filter(row => peer[row] === host),
    unknown: trace.peers.map((_, each) => each).filter(each => each !== host),
    start: times.length ? Math.min(...times) : start, end: times.length ? Math.max(...times) : end,
  };
}

/** "ann has it at 4.120 s; who else has it, it does not know" */
export function tellSpreadAs({ name }, { receipts, before, headersOnly }) {
  const [own] = receipts;
  const what = own ? `has it at ${formatTime(own.at)}` : before.length ? "had it from before" : headersOnly.length ? "has its header only" : "never hears of it";
  return `${name} ${what}; who else has it, it does not know.`;
}
