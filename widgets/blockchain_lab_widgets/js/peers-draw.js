// The heads and the rows of the table of peers.
import { element, setAttributes, setText } from "./dom.js";
import { shapeMark } from "./marks.js";
import { textIn } from "./peers-columns.js";

const LETTER = 7; // pixels, about, of 12 px type
const BESIDE = { name: 40, title: 37 }; // pixels of what stands beside a text: padding, a mark, an arrow
const MOST = 190; // pixels of a name

/** How wide the columns are, in pixels. */
export function layColumns(columns, names, isWide) {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  return columns.map(({ title, width, wide }, at) => {
    const texts = at ? ((isWide && wide) || width) + 16 : Math.min(MOST, BESIDE.name + LETTER * longest);
    return Math.max(texts, BESIDE.title + LETTER * title.length);
  });
}

/** One head for each column: a button that sorts. */
export function makeHead(column) {
  const sorter = element("button", { type: "button", tabindex: "-1", "data-column": column.id });
  return element("div", { role: "columnheader", class: column.isNumber ? "bl-number" : null }, sorter);
}

/** @param {string|null} chosen the name of the peer to which latencies are told */
export function drawHead(head, { id, title, about }, sort, chosen) {
  const isTo = id === "latency" && chosen !== null;
  const order = sort?.column !== id ? null : sort.down ? "descending" : "ascending";
  setAttributes(head, { "aria-sort": order });
  setText(head.firstElementChild, isTo ? `to ${chosen}` : title);
  setAttributes(head.firstElementChild, { title: isTo ? `One way to ${chosen}` : about });
}

/** An empty row for these columns. */
export function makeRow(columns) {
  const name = element("button", { type: "button", tabindex: "-1" }, element("i"), element("span"));
  const cells = columns.slice(1).map(({ isNumber }) => element("div", { role: "cell", class: isNumber ? "bl-number" : null }));
  return element("div", { role: "row", class: "bl-standing-row" }, element("div", { role: "rowheader" }, name), ...cells);
}

/**
 * What stands in a row.
 *
 * @param {Set<string>} changes "host/column" of the cells that the cursor's event has changed
 */
export function drawRow(row, host, { scene, changes, selection, hover }) {
  const { columns, trace, sight } = scene;
  const name = `peer:${trace.peers[host]}`;
  const isOff = sight ? !sight.isKnown(host) : !scene.peers[host].isOn;
  const kinds = { "bl-selected": selection === name, "bl-hover": hover === name, "bl-off": isOff, "bl-strange": sight !== null && host !== sight.host };
  for (const [kind, is] of Object.entries(kinds)) row.classList.toggle(kind, is);
  row.dataset.host = host;
  columns.forEach((column, at) => {
    const cell = row.children[at];
    const text = textIn(column, scene, host);
    const isNew = changes.has(`${host}/${column.id}`);
    cell.classList.toggle("bl-changed", isNew);
    setText(at ? cell : cell.firstElementChild.lastElementChild, text);
    setAttributes(cell, { title: describeCell(column, scene, host, text) });
  });
  const button = row.firstElementChild.firstElementChild;
  setAttributes(button, { "aria-pressed": String(selection === name) });
  drawMark(button.firstElementChild, scene, host, isOff);
}

/** A tip's whole hash, a text that may be cut; nothing where a number says all. */
function describeCell({ id, isNumber }, scene, host, text) {
  if (id === "tip" && text) return `${text} ${scene.tipOf(host)}`;
  return isNumber || !text ? null : text;
}

function drawMark(mark, scene, host, isOff) {
  const { fills, shapes, trace } = scene;
  const tip = scene.tipOf(host);
  const fill = isOff || (tip === null && trace.genesis !== null) ? "none" : `var(--bl-tip-${fills.get(tip) ?? 0})`;
  const look = `${shapes.get(trace.roles[host]) ?? "dot"} ${fill}`;
  if (mark.dataset.look === look) return;
  mark.dataset.look = look;
  mark.replaceChildren(shapeMark(shapes.get(trace.roles[host]) ?? "dot", fill));
}
