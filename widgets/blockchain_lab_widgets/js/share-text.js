// The lines of a text as the page has broken them: each with its place, so that no other program breaks it otherwise.

/**
 * @param {Text} node
 * @param {CSSStyleDeclaration} style of its element
 * @param {CanvasRenderingContext2D} pen measures
 * @param {(box: DOMRect) => {x, y, width, height}} place where a box of the page lies in the picture
 * @returns {{text: string, x: number, y: number}[]} y of the baseline
 */
export function textsOf(node, style, pen, place) {
  if (!node.data.trim()) return [];
  pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = pen.measureText("x");
  const isKept = /^pre/.test(style.whiteSpace);
  const cut = findCut(node.parentElement);
  const end = cut ? place(cut).x + place(cut).width : Infinity;
  return findLines(node).map(({ text, box }) => {
    const { x, y, width, height } = place(box);
    const shown = transform(isKept ? text.replace(/\n$/, "") : text.replace(/\s+/g, " ").trim(), style.textTransform);
    return {
      text: x + width > end + 0.5 ? shorten(shown, end - x, pen) : shown,
      x, y: y + (height - ascent - descent) / 2 + ascent,
    };
  }).filter(({ text }) => text);
}

/** Stretches of a text that stand on one line. O(letters) only where there is more than one line. */
function findLines(node) {
  const range = node.ownerDocument.createRange();
  range.selectNodeContents(node);
  const boxes = [...range.getClientRects()].filter(box => box.width > 0);
  if (!boxes.length) return [];
  const isOne = boxes.every(box => Math.abs(box.top - boxes[0].top) < 2);
  if (isOne) return [{ text: node.data, box: boxes[0] }];
  const lines = [];
  for (const { index, 0: word } of node.data.matchAll(/\S+\s*|\s+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const [box] = [...range.getClientRects()].filter(each => each.width > 0);
    if (!box) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < 2) last.text += word;
    else lines.push({ text: word, box });
  }
  return lines;
}

/** The box behind whose right edge a text is cut with three dots; null where none does that. */
function findCut(element) {
  for (let each = element; each && !each.matches(".blockchain-lab"); each = each.parentElement) {
    const { textOverflow, overflowX, display } = getComputedStyle(each);
    if (textOverflow === "ellipsis" && overflowX !== "visible") return each.getBoundingClientRect();
    if (display !== "inline") return null;
  }
  return null;
}

function shorten(text, room, pen) {
  let count = text.length;
  while (count > 0 && pen.measureText(`${text.slice(0, count)}…`).width > room) count -= 1;
  return count > 0 ? `${text.slice(0, count).trimEnd()}…` : "";
}

function transform(text, how) {
  return how === "uppercase" ? text.toUpperCase() : how === "lowercase" ? text.toLowerCase() : text;
}
