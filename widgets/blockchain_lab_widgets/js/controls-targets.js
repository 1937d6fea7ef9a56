// Whom one acts on, as a list: the whole network, what is selected, and every peer.
import { getOffers } from "./acting.js";
import { element, setAttributes } from "./dom.js";
import { bindPointing } from "./pointing.js";

const NETWORK = "The network";

/** @returns {{root: Element, update: (scene) => void, stop: function}} choosing selects, in every view of the lab */
export function targetList(store) {
  const root = element("div", {
    class: "bl-act-targets", role: "listbox", tabindex: "0", "aria-label": "Act on", "data-bl-own-keys": "",
  });
  const prefix = `bl-target-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  let options = []; // {target, made, words}, in the order of the list
  let known = { peers: null, extra: null }; // what the list was made of
  let chosen = null; // what is marked

  const choose = option => {
    if (!option) return;
    store.select(option.target);
  };
  const toOption = ([target, title], index) => {
    const made = element("div", { role: "option", id: `${prefix}-${index}` }, element("span", {}, title), element("small"));
    made.addEventListener("click", () => choose({ target, made }));
    return { target, made, words: "" };
  };
  root.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = options.findIndex(({ target }) => target === store.selection);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(options[to]);
  });
  const leave = bindPointing(root, store, mark => {
    const option = mark.closest("[role=option]");
    return option ? options.find(({ made }) => made === option).target : store.selection;
  });

  const build = scene => {
    const { trace: { peers }, selection } = store;
    known = { peers, extra: getExtra(peers, selection) };
    const extra = known.extra === null ? [] : [[known.extra, getOffers(scene, known.extra).title]];
    options = [[null, NETWORK], ...extra, ...peers.map(name => [`peer:${name}`, name])].map(toOption);
    root.replaceChildren(...options.map(({ made }) => made));
    mark();
  };
  const mark = () => {
    chosen = store.selection;
    for (const { target, made } of options) {
      setAttributes(made, { "aria-selected": String(target === chosen) });
      if (target !== chosen) continue;
      setAttributes(root, { "aria-activedescendant": made.id });
      reveal(root, made);
    }
  };
  // A thousand peers are a thousand lines: what has not changed is not touched.
  const update = scene => {
    const { trace: { peers }, selection } = store;
    if (known.peers !== peers || known.extra !== getExtra(peers, selection)) build(scene);
    if (chosen !== selection) mark();
    peers.forEach((_, host) => {
      const option = options[host + options.length - peers.length];
      const words = describePeer(scene, host);
      if (option.words === words) return;
      option.words = words;
      option.made.lastChild.textContent = words;
    });
  };
  return { root, update, stop: leave };
}

// Within its list only: the notebook must not jump when something is selected elsewhere.
function reveal(list, made) {
  const [top, bottom] = [made.offsetTop, made.offsetTop + made.offsetHeight];
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}

/** What is selected, when it is not a peer. */
function getExtra(peers, selection) {
  return selection === null || (selection.startsWith("peer:") && peers.includes(selection.slice(5))) ? null : selection;
}

function describePeer({ state, index }, host) {
  return state.off[host] ? "off" : index.nameOf(state.tips[host]);
}
