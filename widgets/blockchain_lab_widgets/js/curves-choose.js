// Whose lines are drawn when there are more peers than a plot can name: the middle, the range, and who is far from it. Pure.

/** So many lines can be told apart, and named. */
export const MOST_LINES = 8;

/** So many of those far from the others are named. */
export const MOST_OUTLIERS = 3;
const MOST_CHOSEN = 3;

/**
 * Who lies outside by Tukey's rule: farther from the middle half than one and a half times its width. Farthest first.
 *
 * @param {[key, number][]} values
 * @returns {key[]}
 */
export function findOutliers(values) {
  const sorted = values.map(([, value]) => value).sort((a, b) => a - b);
  if (sorted.length < 4) return [];
  const at = part => sorted[Math.floor(part * (sorted.length - 1))];
  const [low, middle, high] = [at(0.25), at(0.5), at(0.75)];
  const reach = 1.5 * (high - low);
  const isFar = ([, value]) => value < low - reach || value > high + reach;
  return values.filter(isFar).sort(([, a], [, b]) => Math.abs(b - middle) - Math.abs(a - middle)).map(([key]) => key);
}

/**
 * Which of many lines are drawn.
 *
 * @param {[key, number][]} values of all that have one now
 * @param {key[]} chosen come first; so do, behind them, those that are pointed at
 * @param {key[]} pointed
 * @returns {{keys: key[], isBanded: boolean, outliers: key[]}} isBanded: the others are a band, with their median
 */
export function chooseLines(values, chosen, pointed) {
  const all = values.map(([key]) => key);
  if (all.length <= MOST_LINES) return { keys: all, isBanded: false, outliers: [] };
  const outliers = findOutliers(values);
  const isHere = key => all.includes(key);
  const wanted = [...chosen.filter(isHere).slice(0, MOST_CHOSEN), ...pointed.filter(isHere), ...outliers.slice(0, MOST_OUTLIERS)];
  return { keys: [...new Set(wanted)].slice(0, MOST_LINES - 1), isBanded: true, outliers };
}

/** Colours and dashes by name: who stays keeps its own, whoever comes takes a free one. */
export class Slots {
  #of = new Map();

  /** @returns {Map<string, number>} by name, for at most `MOST_LINES` names */
  give(names) {
    const kept = new Map([...this.#of].filter(([name]) => names.includes(name)));
    const free = Array.from({ length: MOST_LINES }, (_, slot) => slot).filter(slot => ![...kept.values()].includes(slot));
    for (const name of names) if (!kept.has(name)) kept.set(name, free.shift() ?? 0);
    this.#of = kept;
    return kept;
  }
}

/** The hosts that a name of the selection grammar means: a peer, a group, the two ends of a link. */
export function hostsOf(name, peers) {
  const [, kind, rest] = name?.match(/^(peer|group|link):(.*)$/s) ?? [];
  if (kind === "peer") return [peers.indexOf(rest)].filter(host => host >= 0);
  return kind ? rest.split(kind === "group" ? "," : "-").map(Number).filter(host => host in peers) : [];
}
