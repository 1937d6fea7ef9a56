// The last lines of a cell of code that brings somebody else here; the first ones are Python's (study/cell.py).

const UNSAFE = /[\\"\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/g;
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g; // a letter beyond the first plane

/** A text in double quotes, as Python's half writes it. */
export function quote(text) {
  const whole = new Set([...text.matchAll(PAIR)].flatMap(({ index }) => [index, index + 1]));
  const escaped = text.replace(UNSAFE, (letter, at) => {
    if (whole.has(at)) return letter;
    return letter === "\\" || letter === '"' ? `\\${letter}` : `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

/**
 * The whole cell.
 *
 * @param {string} run the lines that make the run again
 * @param {{cursor: number, selection: string|null}} place
 * @param {string[]} views
 */
export function writeCell(run, { cursor, selection }, views) {
  const lines = [run, `lab.goto(event=${cursor})`];
  if (selection !== null) lines.push(`lab.selection = ${quote(selection.replace(/^record:\d+:/, "record:0:"))}`); // a cell has one branch
  return `${[...lines, `lab.show(${views.map(quote).join(", ")})`].join("\n")}\n`;
}
