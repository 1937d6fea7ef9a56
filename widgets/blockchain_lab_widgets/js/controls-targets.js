// Whom one acts on, as a list: the whole network, what is selected, and every peer.
import { getOffers } from "./acting.js";
import { element, setAttributes, setText } from "./dom.js";
import { bindPointing } from "./pointing.js";

const NETWORK = "The network";

/** @returns {{root: Element, update: (scene) => void, stop: function}} choosing selects, in every view of the lab */
export function targetList(store) {
  const root = element("div", {
    class: "bl-act-targets", role: "listbox", tabindex: "0", "aria-label": "Act on", "data-bl-own-keys": "",
  });
  const prefix = `bl-target-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  let options = []; // {target, made}, in the order of the list
  let shown = "";

  const choose = option => {
    if (!option) return;
    store.select(option.target);
    option.made.scrollIntoView({ block: "nearest" });
  };
  const toOption = ([target, title], index) => {
    const made = element("div", { role: "option", id: `${prefix}-${index}` }, element("span", {}, title), element("small"));
    made.addEventListener("click", () => choose({ target, made }));
    return { target, made };
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

  const update = scene => {
    const { trace: { peers }, selection } = store;
    const targets = [[null, NETWORK], ...peers.map(name => [`peer:${name}`, name])];
    if (!targets.some(([target]) => target === selection)) targets.splice(1, 0, [selection, getOffers(scene, selection).title]);
    if (shown !== JSON.stringify(targets)) {
      shown = JSON.stringify(targets);
      options = targets.map(toOption);
      root.replaceChildren(...options.map(({ made }) => made));
    }
    for (const { target, made } of options) {
      const isChosen = target === selection;
      setAttributes(made, { "aria-selected": String(isChosen) });
      if (isChosen) setAttributes(root, { "aria-activedescendant": made.id });
    }
    peers.forEach((_, host) => setText(options.at(host - peers.length).made.lastChild, describePeer(scene, host)));
  };
  return { root, update, stop: leave };
}

function describePeer({ state, index }, host) {
  return state.off[host] ? "off" : index.nameOf(state.tips[host]);
}
