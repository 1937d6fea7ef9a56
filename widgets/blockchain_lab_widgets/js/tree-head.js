// What the block tree's reader may choose: through whose eyes to look, or whose trees to see side by side.
import { element, setAttributes, setText } from "./dom.js";
import { MOST_TREES } from "./tree-compare.js";
import { listNames } from "./tree-words.js";

/**
 * @typedef {object} Outlook
 * @property {string|null} viewer the peer through whose eyes; null for everybody
 * @property {boolean} isCompared side by side?
 * @property {string[]|null} chosen whose trees then; null for those with distinct states first
 * @property {object} [before] while a lens is on: what was chosen before
 */

/** What a lesson's option `seen_by` asks for: nobody, a peer, or a list of peers side by side. */
export function readSeenBy(seenBy, peers) {
  const names = [seenBy ?? []].flat().filter(name => peers.includes(name));
  if (Array.isArray(seenBy) && seenBy.length !== 1) {
    return { viewer: null, isCompared: true, chosen: names.length ? names.slice(0, MOST_TREES) : null };
  }
  return { viewer: names[0] ?? null, isCompared: false, chosen: null };
}

/**
 * The line over the tree. `onChange()` after the reader changed `outlook`.
 *
 * @param {Outlook} outlook
 * @returns {{root: Element, words: Element, update: (shown: string[]) => void}}
 */
export function treeHead(outlook, peers, onChange) {
  const choice = element("select", {}, new Option("everybody", ""), ...peers.map(name => new Option(name)));
  choice.addEventListener("change", () => {
    outlook.viewer = choice.value || null;
    onChange();
  });
  const label = element("label", {}, "As seen by ", choice);
  const chooser = peerChooser(outlook, peers, onChange);
  const side = element("button", { type: "button", class: "bl-side" }, "Side by side");
  side.addEventListener("click", () => {
    outlook.isCompared = !outlook.isCompared;
    onChange();
  });
  const words = element("span", { class: "bl-summary" });
  const root = element("div", { class: "bl-head" }, label, chooser.root, side, words);
  const update = shown => {
    choice.disabled = side.disabled = outlook.before !== undefined; // a lens has one pair of eyes
    if (choice.value !== (outlook.viewer ?? "")) choice.value = outlook.viewer ?? "";
    setAttributes(side, { "aria-pressed": String(outlook.isCompared) });
    setAttributes(label, { hidden: outlook.isCompared ? "" : null });
    setAttributes(chooser.root, { hidden: outlook.isCompared ? null : "" });
    if (outlook.isCompared) chooser.update(shown);
  };
  return { root, words, update };
}

// A list of peers to tick, behind a button; it is built when it is opened for the first time.
function peerChooser(outlook, peers, onChange) {
  const summary = element("summary");
  const list = element("fieldset", {}, element("legend", { class: "bl-hidden" }, `Whose trees? Up to ${MOST_TREES}`));
  const root = element("details", { class: "bl-chooser" }, summary, list);
  const boxes = new Map(); // name -> checkbox
  const auto = element("input", { type: "checkbox" });
  let shown = [];
  const build = () => {
    list.append(element("label", {}, auto, "distinct states first"));
    for (const name of peers) {
      const box = element("input", { type: "checkbox" });
      boxes.set(name, box);
      box.addEventListener("change", () => {
        outlook.chosen = peers.filter(each => boxes.get(each).checked);
        onChange();
      });
      list.append(element("label", {}, box, name));
    }
  };
  auto.addEventListener("change", () => {
    outlook.chosen = auto.checked ? null : shown;
    onChange();
  });
  const tick = () => {
    auto.checked = outlook.chosen === null;
    for (const [name, box] of boxes) {
      box.checked = shown.includes(name);
      box.disabled = !box.checked && shown.length >= MOST_TREES;
    }
  };
  root.addEventListener("toggle", () => {
    if (root.open && !boxes.size) build();
    tick();
  });
  root.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !root.open) return;
    root.open = false;
    summary.focus();
  });
  root.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !root.contains(relatedTarget)) root.open = false;
  });
  const update = names => {
    shown = names;
    setText(summary, names.length === 1 ? names[0] : names.length > 3 ? `${names.length} of ${peers.length} peers` : listNames(names) || "nobody");
    if (root.open) tick();
  };
  return { root, update };
}
