// Which commands there are, which answers which, and how often each was sent. Pure.

/** What a language's own description does not name, a class by itself. */
export const OTHER = "other";

/**
 * @typedef {object} Word
 * @property {string} command
 * @property {string} kind the lecture's class; "payment" and "other" have no colour of their own
 * @property {string|null} first release that knew it; null when nobody said
 * @property {string|null} last
 * @property {number|null} protocol
 * @property {string} source
 * @property {boolean} passedOn
 *
 * @typedef {{words: Word[], arrows: {from: number, to: number, passedOn: boolean}[], numberOf: Map, arrowOf: Map}} Language
 *   arrows by indices of words; `numberOf` command -> index; `arrowOf` "from>to" -> index
 */

/**
 * The words that Python describes, then those that only occur. A language that is not described is what occurs.
 *
 * @returns {Language}
 */
export function readLanguage({ commands, table }) {
  const words = commands.map(({ command, class: kind, first, last, protocol, source, passed_on: passedOn }) =>
    ({ command, kind, first, last, protocol, source, passedOn }));
  const numberOf = new Map(words.map(({ command }, at) => [command, at]));
  for (const { command, class: kind } of table) {
    if (command === undefined || numberOf.has(command)) continue;
    numberOf.set(command, words.length);
    words.push({ command, kind: commands.length ? OTHER : kind, first: null, last: null, protocol: null, source: "", passedOn: false });
  }
  const arrows = [];
  const arrowOf = new Map();
  const add = (from, to, passedOn) => {
    if (from === undefined || to === undefined) return;
    arrowOf.set(`${from}>${to}`, arrows.length);
    arrows.push({ from, to, passedOn });
  };
  for (const { command, answers, passed_on: passedOn } of commands) {
    for (const answer of answers) add(numberOf.get(command), numberOf.get(answer), false);
    if (passedOn) add(numberOf.get(command), numberOf.get(command), true);
  }
  return { words, arrows, numberOf, arrowOf };
}

/** The arrow along which a sending answers what caused it, as an index; -1 for none. */
export function findArrow({ columns, table, kinds }, row, { numberOf, arrowOf, arrows }) {
  const { kind, cause, conn, facts } = columns;
  const because = cause[row];
  if (kinds[kind[row]] !== "send" || because < 0 || !["deliver", "datagram"].includes(kinds[kind[because]])) return -1;
  const numbers = [because, row].map(at => numberOf.get(table[facts[at]].command));
  const arrow = arrowOf.get(numbers.join(">")) ?? -1;
  return arrow >= 0 && (arrows[arrow].passedOn || conn[row] === conn[because]) ? arrow : -1;
}

/**
 * How often each word was sent and arrived, and each arrow was gone: by everybody, or by and to one peer.
 *
 * @param {number} host -1 for everybody
 */
export function countsFold(language, host = -1) {
  const { words, arrows, numberOf } = language;
  return {
    initial: () => ({ sent: new Int32Array(words.length), came: new Int32Array(words.length), gone: new Int32Array(arrows.length) }),

    apply(state, { kind, peer, facts, row }, trace) {
      if (facts.command === undefined || (host >= 0 && peer !== host)) return;
      if (kind === "deliver" || kind === "datagram") state.came[numberOf.get(facts.command)] += 1;
      if (kind !== "send") return;
      state.sent[numberOf.get(facts.command)] += 1;
      const arrow = findArrow(trace, row, language);
      if (arrow >= 0) state.gone[arrow] += 1;
    },

    copy: ({ sent, came, gone }) => ({ sent: sent.slice(), came: came.slice(), gone: gone.slice() }),
  };
}

const MOST_RECENT = 8; // records of messages that stay lit

/**
 * What is said at the cursor: words and arrows of its event, and of the last few messages before.
 *
 * @returns {{now: Set<number>, recent: Set<number>, arrowsNow: Set<number>, arrowsRecent: Set<number>}}
 */
export function findLit(trace, cursor, language) {
  const lit = { now: new Set(), recent: new Set(), arrowsNow: new Set(), arrowsRecent: new Set() };
  const { event, facts } = trace.columns;
  let seen = 0;
  for (let row = trace.rowsUpTo(cursor) - 1; row >= 0 && (seen < MOST_RECENT || event[row] === cursor); row--) {
    const word = language.numberOf.get(trace.table[facts[row]].command);
    if (word === undefined) continue;
    const isNow = event[row] === cursor;
    seen += 1;
    (isNow ? lit.now : lit.recent).add(word);
    const arrow = findArrow(trace, row, language);
    if (arrow >= 0) (isNow ? lit.arrowsNow : lit.arrowsRecent).add(arrow);
  }
  return lit;
}

/**
 * The next record of a command behind a row, or the last one before it; arrivals, and sendings of what never arrives.
 *
 * @param {number} direction 1 or -1
 * @returns {number} its row; -1 for none. O(rows between)
 */
export function findMessage({ columns, table, kinds, length }, { command, host, row, direction }) {
  const { facts, kind, peer, other } = columns;
  const isArrival = at => ["deliver", "datagram", "drop"].includes(kinds[kind[at]]);
  const isHere = at => host < 0 || peer[at] === host || other[at] === host;
  for (let at = row + direction; at >= 0 && at < length; at += direction) {
    if (table[facts[at]].command === command && isArrival(at) && isHere(at)) return at;
  }
  return -1;
}
