// The rows of a table: sorted, and no more of them than a page can bear. Pure.
import { formatCount } from "./describe.js";

/** More rows than these are hidden; a line says so. */
export const MOST_ROWS = 500;

const WORDS = new Intl.Collator("en-GB", { numeric: true }); // peer2 before peer10

/** What a click on a column's head leads to: up, then down, then the given order again. */
export function nextSort(sort, column) {
  if (sort?.column !== column) return { column, down: false };
  return sort.down ? null : { column, down: true };
}

/** Numbers as numbers, texts as people sort them: peer2 before peer10. */
export function compareCells(a, b) {
  return typeof a === "number" && typeof b === "number" ? a - b : WORDS.compare(String(a), String(b));
}

/**
 * The rows to show: `{name, cells}` each, and in words what is hidden. What is not known stands last in either
 * direction. O(n log n) while sorted.
 *
 * @param {(Array|{name, cells})[]} rows as a view lists them
 * @param {{column: number, down: boolean}|null} sort
 */
export function arrangeRows(rows, sort) {
  const all = rows.map(row => (Array.isArray(row) ? { name: null, cells: row } : row));
  const isKnown = ({ cells }) => cells[sort.column] !== null && cells[sort.column] !== undefined;
  const ordered = sort === null ? all : [
    ...all.filter(isKnown).sort((a, b) => (sort.down ? -1 : 1) * compareCells(a.cells[sort.column], b.cells[sort.column])),
    ...all.filter(row => !isKnown(row)),
  ];
  const left = all.length - MOST_ROWS;
  const hidden = left > 0 ? `The first ${formatCount(MOST_ROWS)} of ${formatCount(all.length)} rows; sorted otherwise, others come first.` : "";
  return { rows: ordered.slice(0, MOST_ROWS), hidden };
}
