// The map as a picture: a pill for each word, an arrow for each answer. Made anew only when words or room change.
import { element, setAttributes, setText, svg } from "./dom.js";
import { CLASSES } from "./palette.js";
import { TITLES, nameWord, shortCount, tellVersions, tipOf } from "./message-map-words.js";

const LETTER = 7; // pixels of a letter of 12 px, about
const DIGIT = 5.8; // of a digit or a dot in a release's number
const LEFT = 15; // of a pill's text, behind its dot
const RIGHT = 6;

/** The class whose colour a word has; payments and what nobody knows are drawn as all views draw them. */
export function colourOf({ kind }) {
  if (CLASSES.includes(kind)) return kind;
  return kind === "payment" ? "data" : "connection";
}

/**
 * @returns {{root: Element, pills: Element[], arrows: Element[]}} pills by word, arrows by arrow
 */
export function drawMap({ words, arrows }, { places, titles, paths, width, height }) {
  const lines = paths.map(({ d, head }, at) => svg("g", {
    class: "bl-answer", style: `--bl-class: var(--bl-class-${colourOf(words[arrows[at].to])})`,
  }, svg("path", { class: "bl-way", d }), svg("path", { class: "bl-head-mark", d: head })));
  const heads = titles.map(({ name, x, y }) => svg("text", { class: "bl-title", x, y: y + 13 }, TITLES[name] ?? name));
  const pills = words.map((word, at) => drawPill(word, at, places[at]));
  const inOrder = pills.map((pill, at) => [pill, places[at]]).sort(([, a], [, b]) => a.column - b.column || a.y - b.y).map(([pill]) => pill);
  const root = svg("svg", { width, height, role: "group", "aria-label": "Commands" },
    svg("g", { "aria-hidden": "true" }, ...lines), ...heads, ...inOrder);
  return { root, pills, arrows: lines };
}

function drawPill(word, at, { x, y, width, height }) {
  const versions = word.last ? tellVersions(word) : "";
  const middle = y + height / 2 + 4;
  const isRoomy = LEFT + word.command.length * LETTER + versions.length * DIGIT + 2 * RIGHT <= width;
  const text = svg("text", { class: "bl-command", x: x + LEFT, y: middle, "data-room": width - LEFT - RIGHT });
  const mark = svg("g", {
    class: `bl-word${word.last ? " bl-history" : ""}`, tabindex: "-1", role: "button", "data-word": at,
    style: `--bl-class: var(--bl-class-${colourOf(word)})`,
  });
  mark.append(
    svg("rect", { class: "bl-pill", x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 5 }),
    svg("circle", { class: "bl-dot", cx: x + 8, cy: y + height / 2, r: 3.5 }), text, " ",
    svg("text", { class: "bl-count", x: x + width - RIGHT, y: middle, "text-anchor": "end", "data-versions": isRoomy ? versions : "" }),
  );
  return mark;
}

function shorten(text, room) {
  const most = Math.max(3, Math.floor(room / LETTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Counts, light, choice: what changes without a new picture. */
export function markMap({ pills, arrows }, language, { counts, lit, chosen, hovered }) {
  pills.forEach((pill, word) => {
    const count = counts.sent[word] + (counts.isOfPeer ? counts.came[word] : 0);
    const [shown, title] = [pill.querySelector(".bl-count"), pill.querySelector(".bl-command")];
    const number = count ? shortCount(count) : "";
    const written = number || shown.dataset.versions;
    setText(shown, written);
    setText(title, shorten(language.words[word].command, title.dataset.room - number.length * LETTER));
    pill.classList.toggle("bl-unused", !count);
    pill.classList.toggle("bl-lit", lit.now.has(word));
    pill.classList.toggle("bl-faded", !lit.now.has(word) && lit.recent.has(word));
    pill.classList.toggle("bl-selected", word === chosen);
    pill.classList.toggle("bl-hover", word === hovered);
    setAttributes(pill, {
      "aria-label": nameWord(language, counts, word, written), "data-tip": tipOf(language, counts, word), "aria-pressed": String(word === chosen),
    });
  });
  arrows.forEach((line, at) => {
    const { from, to } = language.arrows[at];
    const isNear = [chosen, hovered].some(word => word !== null && (from === word || to === word));
    line.classList.toggle("bl-unused", !counts.gone[at]);
    line.classList.toggle("bl-lit", lit.arrowsNow.has(at));
    line.classList.toggle("bl-faded", !lit.arrowsNow.has(at) && lit.arrowsRecent.has(at));
    line.classList.toggle("bl-near", isNear);
  });
}

/** What the marks mean. */
export function mapLegend() {
  const entry = (picture, words) => element("span", {}, picture, element("span", {}, words));
  const picture = (...parts) => svg("svg", { width: 26, height: 14, "aria-hidden": "true" }, ...parts);
  const pill = name => svg("g", { class: `bl-word ${name}`, style: "--bl-class: var(--bl-class-announce)" },
    svg("rect", { class: "bl-pill", x: 1, y: 1, width: 24, height: 12, rx: 4 }));
  const arrow = svg("g", { class: "bl-answer", style: "--bl-class: var(--bl-class-data)" },
    svg("path", { class: "bl-way", d: "M1 7H20" }), svg("path", { class: "bl-head-mark", d: "M26 7l-6 -3.5v7z" }));
  return element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" },
    entry(picture(pill("bl-lit")), "at the cursor"), entry(picture(pill("bl-faded")), "shortly before"),
    entry(picture(pill("bl-unused")), "not used so far"), entry(picture(pill("bl-unused bl-history")), "history"), entry(picture(arrow), "leads to"));
}
