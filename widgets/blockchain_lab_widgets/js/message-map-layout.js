// Where the words of the map stand: by class in columns, an answer beside or below what it answers. Pure.

/** [classes from top to bottom] by column; with less room the first two columns are one. */
const WIDE = [["connection"], ["addresses", "payment"], ["announce"], ["data", "other"]];
const NARROW = [["connection", "addresses", "payment"], ["announce"], ["data", "other"]];
const WIDE_FROM = 760; // pixels

const LEAST = 20; // pixels of a row
const MOST = 30;
const WIDEST = 178; // of a word
const RIGHT = 8;
const TOP = 4;
const BOW = { plain: 23, deep: 36 }; // left of a column, for arrows within it
const CHANNEL = 48; // between two columns that arrows join
const STEP = 6; // a bow is deeper by this for each row

/**
 * @param {Language} language
 * @param {{width: number, height: number}} room
 * @returns {{places: {x, y, width, height, column}[], titles: {name, x, y, width}[], paths: {d, head}[], width, height}} places by
 *   word, paths by arrow
 */
export function layoutMap(language, { width, height }) {
  const columns = groupColumns(language, width >= WIDE_FROM ? WIDE : NARROW);
  const units = Math.max(1, ...columns.map(column => column.reduce((sum, { members }) => sum + members.length + 1, 0)));
  const row = Math.max(LEAST, Math.min(MOST, Math.floor((height - 2 * TOP) / units)));
  const bows = columns.map((column, at) => findBow(language, columns, column, at));
  const wide = Math.min(WIDEST, Math.floor((width - RIGHT - bows.reduce((sum, bow) => sum + bow, 0)) / Math.max(1, columns.length)));
  const gap = Math.max(0, (width - RIGHT - bows.reduce((sum, bow) => sum + bow + wide, 0)) / Math.max(1, columns.length));
  const places = [];
  const titles = [];
  let x = 0;
  let lowest = 0;
  columns.forEach((column, at) => {
    x += bows[at] + gap * (at ? 1 : 0.5);
    const bottom = placeColumn(column, { x, width: wide, row, column: at, places, titles, language });
    lowest = Math.max(lowest, bottom);
    x += wide;
  });
  const paths = language.arrows.map(arrow => drawArrow(places[arrow.from], places[arrow.to], arrow));
  return { places, titles, paths, width, height: Math.max(lowest + TOP, 2 * TOP) };
}

function groupColumns(language, plan) {
  const { words } = language;
  const named = plan.flat();
  const kindOf = ({ kind }) => (named.includes(kind) ? kind : "other");
  const group = name => ({ name, members: followAnswers(words.flatMap((word, at) => (kindOf(word) === name ? [at] : [])), language) });
  return plan.map(names => names.map(group).filter(({ members }) => members.length)).filter(column => column.length);
}

/** As they come, but what a word leads to stands right below it: few arrows cross. */
function followAnswers(members, { arrows }) {
  const placed = new Set();
  const place = word => {
    if (placed.has(word)) return;
    placed.add(word);
    for (const { from, to } of arrows) if (from === word && members.includes(to)) place(to);
  };
  members.forEach(place);
  return [...placed];
}

/** How much room arrows need left of a column. */
function findBow({ arrows }, columns, column, at) {
  const own = new Set(column.flatMap(({ members }) => members));
  const before = new Set((columns[at - 1] ?? []).flatMap(({ members }) => members));
  if (arrows.some(({ from, to }) => (own.has(from) && before.has(to)) || (own.has(to) && before.has(from)))) return CHANNEL;
  const order = [...own];
  const spans = arrows.filter(({ from, to }) => own.has(from) && own.has(to)).map(({ from, to }) => Math.abs(order.indexOf(from) - order.indexOf(to)));
  return Math.max(0, ...spans) > 2 ? BOW.deep : BOW.plain;
}

/** Rows from top to bottom; a word that answers words of the columns before stands beside the lowest of them, if it can. */
function placeColumn(column, { x, width, row, column: number, places, titles, language }) {
  let y = TOP;
  for (const { name, members } of column) {
    titles.push({ name, x, y, width });
    y += row;
    const wished = members.map(word => ({ word, y: wishFor(word, number, places, language) ?? y }));
    wished.sort((a, b) => a.y - b.y); // of equal wishes, as they come
    for (const { word, y: wish } of wished) {
      const free = Math.max(y, wish);
      places[word] = { x, y: free, width, height: row - 4, column: number };
      y = free + row;
    }
    y += Math.round(row / 4);
  }
  return y;
}

function wishFor(word, column, places, { arrows }) {
  const askers = arrows.filter(({ from, to }) => to === word && places[from] && places[from].column < column).map(({ from }) => places[from].y);
  return askers.length ? Math.max(...askers) : null;
}

/** From one word to another: a bow on the left within a column, else a curve through the channel. */
function drawArrow(from, to, { passedOn }) {
  const [y1, y2] = [from, to].map(({ y, height }) => y + height / 2);
  if (passedOn) return fanOut(from, y1);
  if (from.column === to.column) {
    const lean = y2 > y1 ? 3 : -3; // there and back side by side
    const depth = 9 + STEP * Math.min(4, Math.abs(y2 - y1) / (from.height + 4));
    const { x } = from;
    const [start, end] = [y1 + lean, y2 - lean];
    return { d: `M${x} ${start}C${x - depth} ${start} ${x - depth} ${end} ${x - 5} ${end}`, head: `M${x} ${end}l-6 -3.5v7z` };
  }
  const isForward = from.column < to.column;
  const [x1, x2] = isForward ? [from.x + from.width, to.x] : [from.x, to.x + to.width];
  const lean = isForward ? -3 : 3;
  const way = isForward ? 1 : -1;
  const middle = (x1 + x2) / 2;
  const [start, end] = [y1 + lean, y2 + lean];
  return {
    d: `M${x1} ${start}C${middle} ${start} ${middle} ${end} ${x2 - 5 * way} ${end}`,
    head: `M${x2} ${end}l${-6 * way} -3.5v7z`,
  };
}

/** To everybody: three short arrows that leave to the left. */
function fanOut({ x }, y) {
  const ends = [[-16, -6], [-18, 0], [-16, 6]];
  return {
    d: ends.map(([dx, dy]) => `M${x} ${y}L${x + dx + 4} ${y + dy}`).join(""),
    head: ends.map(([dx, dy]) => `M${x + dx} ${y + dy}l5 -2.5v5z`).join(""),
  };
}
