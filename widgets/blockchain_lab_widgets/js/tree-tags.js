// Tags of the block tree: who stands on which block. Under a box one below another, under a run where its block is.

const PADDING = 25; // of a pill: room for the mark before the text
const LETTER = 7.2; // a generous width at 12 px
const GAP = 4; // between tags in a row

/** Tags under one box, or rows of tags under one run; more become a count. */
export const MOST_TAGS = 6;

/**
 * @typedef {object} Tag
 * @property {string} key names its element
 * @property {"tip"|"best"|"word"} kind a peer's active tip, a peer's best header, or a word such as "stale"
 * @property {string} text
 * @property {number|undefined} peer
 */

/** How wide a tag is: a pill, or a word alone. */
export function tagWidth(text) {
  return Math.ceil(text.length * LETTER) + PADDING;
}

/**
 * Give every tag its place from left to right and its row.
 *
 * @param {Map<number, Tag[]>} tags by order
 * @param {(order: number) => object|undefined} spotOf a block's box or run
 * @param {object[]} list blocks by order
 * @returns {{tag, order, x, y, width, row, lane, mark: number|null}[]} `mark`: where the block is on its run's bar
 */
export function placeTags(tags, spotOf, list) {
  const placed = [];
  const onRuns = new Map(); // run -> its tags
  for (const [order, few] of tags) {
    const place = spotOf(order);
    if (!place) continue;
    if (!place.orders) {
      few.slice(0, MOST_TAGS).forEach((tag, row) => placed.push(under(place, tag, order, row)));
      continue;
    }
    if (!onRuns.has(place)) onRuns.set(place, []);
    for (const tag of few) onRuns.get(place).push({ tag, order, mark: markOn(place, list[order], list) });
  }
  for (const [run, tagged] of onRuns) placed.push(...spread(run, tagged));
  return placed;
}

/** Where a block is on its run's bar. */
export function markOn(run, { height }, list) {
  return run.x + ((height - list[run.orders[0]].height + 0.5) / run.orders.length) * run.width;
}

function under({ x, width: room, lane }, tag, order, row) {
  const width = tagWidth(tag.text);
  return { tag, order, x: x + (room - width) / 2, y: 0, width, row, lane, mark: null };
}

// Each tag near its block, on the first row where it does not touch those before it; the others are counted.
function spread(run, tagged) {
  const rows = MOST_TAGS - 1; // the last one is for the count
  const free = new Array(rows).fill(-Infinity); // row -> right edge of its last tag
  const placed = [];
  tagged.sort((a, b) => a.mark - b.mark);
  for (const { tag, order, mark } of tagged) {
    const width = tagWidth(tag.text);
    const wanted = Math.min(mark - width / 2, run.x + run.width - width);
    const x = run.width < width ? run.x + (run.width - width) / 2 : Math.max(run.x, wanted);
    const row = free.findIndex(edge => edge + GAP <= x);
    if (row < 0) continue; // its block's tooltip still names it
    free[row] = x + width;
    placed.push({ tag, order, x, y: 0, width, row, lane: run.lane, mark });
  }
  const left = tagged.length - placed.length;
  if (left) placed.push(under(run, { key: `more:${run.key}`, kind: "word", text: `+ ${left} more` }, run.orders[0], rows));
  return placed;
}
