// Whom one acts on, as a list: the whole network, what is selected, and every peer.
import { getOffers } from "./acting.js";
import { nameFinder } from "./controls-find.js";
import { element, setAttributes, setText } from "./dom.js";
import { bindPointing } from "./pointing.js";
import { virtualList } from "./virtual.js";

const NETWORK = "The network";
const ROW_HEIGHT = 24; // pixels
const PAGE = 7; // rows

/**
 * Choosing selects, in every view of the lab.
 *
 * @param {() => void} onFind others are to be listed
 * @returns {{root: Element, update: (scene) => void, stop: function}}
 */
export function targetList(store, onFind) {
  const box = element("div", {
    class: "bl-act-targets", role: "listbox", tabindex: "0", "aria-label": "Act on", "data-bl-own-keys": "",
  });
  const finder = nameFinder("Find a peer to act on", onFind);
  const root = element("div", { class: "bl-act-whom" }, finder.root, box);
  const prefix = `bl-target-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  let scene = null;
  let options = []; // {target, title}, in the order of the list
  let known = { found: null, extra: null }; // what the list was made of
  let chosen; // what is marked

  const choose = option => {
    if (option) store.select(option.target);
  };
  const list = virtualList(box, ROW_HEIGHT, row => {
    const made = element("div", {
      role: "option", id: `${prefix}-${row}`, "data-row": row, "aria-posinset": row + 1, "aria-setsize": options.length,
    }, element("span", {}, options[row].title), element("small"));
    made.addEventListener("click", () => choose(options[row]));
    mark(made, row);
    return made;
  });
  const mark = (made, row) => {
    const { target } = options[row];
    setAttributes(made, { "aria-selected": String(target === store.selection) });
    setText(made.lastChild, describePeer(scene, target));
  };
  box.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (chosen !== store.selection) update(scene); // a second key may be quicker than the next frame
    const row = getChosenRow(options, event.key, options.findIndex(({ target }) => target === store.selection));
    if (row === undefined) return;
    event.preventDefault();
    choose(options[row]);
  });
  finder.field.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const [first] = finder.find(store.trace.peers);
    if (first !== undefined) store.select(`peer:${first}`);
  });
  const leave = bindPointing(box, store, target => {
    const option = target.closest("[role=option]");
    return option ? options[option.dataset.row].target : store.selection;
  });

  const build = (found, extra) => {
    known = { found, extra };
    const extras = extra === null ? [] : [[extra, getOffers(scene, extra).title]];
    options = [[null, NETWORK], ...extras, ...found.map(name => [`peer:${name}`, name])].map(([target, title]) => ({ target, title }));
    list.setCount(options.length);
    chosen = undefined;
  };
  // Within its list only: the notebook must not jump when something is selected elsewhere.
  const follow = () => {
    chosen = store.selection;
    const row = options.findIndex(({ target }) => target === chosen);
    list.reveal(row, 0);
    setAttributes(box, { "aria-activedescendant": `${prefix}-${row}` });
  };
  const update = now => {
    scene = now;
    const found = finder.find(store.trace.peers);
    const extra = getExtra(found, store.selection);
    if (known.found !== found || known.extra !== extra) build(found, extra);
    if (chosen !== store.selection) follow();
    for (const [row, made] of list.live) mark(made, row);
  };
  const stop = () => {
    leave();
    list.stop();
  };
  return { root, update, stop };
}

function getChosenRow({ length }, key, row) {
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[key];
  if (step) return Math.max(0, Math.min(length - 1, row + step));
  return { Home: 0, End: length - 1 }[key];
}

/** What is selected, when it is none of the peers that are listed. */
function getExtra(peers, selection) {
  return selection === null || (selection.startsWith("peer:") && peers.includes(selection.slice(5))) ? null : selection;
}

function describePeer({ store: { trace }, state, index }, target) {
  const host = target?.startsWith("peer:") ? trace.peers.indexOf(target.slice(5)) : -1;
  if (host < 0) return "";
  return state.off[host] ? "off" : index.nameOf(state.tips[host]);
}
