// A field that finds names in a list too long to read; a short list has none.
import { formatCount } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";

/** Names that one finds by looking; of more, boxes are drawn for so many at most. */
export const MANY = 24;

/**
 * @param {string} label of the field
 * @param {() => void} onType the names found are about to change
 * @param {number} [most] names that the list shows at once; the reader is told of the others
 * @returns {{root: Element, field: Element, find: (names: string[]) => string[]}} `find` answers the same array
 *   until there is something else to be found
 */
export function nameFinder(label, onType, most = Infinity) {
  const field = element("input", { type: "search", "aria-label": label, spellcheck: "false", autocomplete: "off" });
  const words = element("small", { role: "status" });
  const root = element("div", { class: "bl-act-find", hidden: "" }, field, words);
  let known = { names: null, wanted: "", found: [] };
  field.addEventListener("input", onType);

  const find = names => {
    const wanted = names.length > MANY ? field.value.trim().toLowerCase() : "";
    if (known.names === names && known.wanted === wanted) return known.found;
    const found = wanted ? findNames(names, wanted) : names;
    known = { names, wanted, found };
    root.hidden = names.length <= MANY;
    setAttributes(field, { placeholder: `find in ${formatCount(names.length)}` });
    setText(words, root.hidden ? "" : describe(found.length, Math.min(found.length, most), wanted));
    return found;
  };
  return { root, field, find };
}

// What begins with the word comes first.
function findNames(names, wanted) {
  const placed = names.map(name => ({ name, at: name.toLowerCase().indexOf(wanted) })).filter(({ at }) => at >= 0);
  return placed.sort((one, other) => one.at - other.at).map(({ name }) => name);
}

function describe(found, shown, wanted) {
  if (!found) return "nobody found";
  if (shown < found) return `${formatCount(shown)} of ${formatCount(found)} shown`;
  return wanted ? `${formatCount(found)} found` : "";
}
