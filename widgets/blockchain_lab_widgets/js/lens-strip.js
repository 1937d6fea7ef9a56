// The strip under the bar while a lens is on: whose eyes these are, what they see, and the way back to all.
import { element, setAttributes, setText } from "./dom.js";
import { onFreeEscape } from "./escape.js";
import { icon } from "./icons.js";
import { hostOf } from "./lens.js";
import { countLocalStates, sightOf } from "./lens-sight.js";
import { STATES_TITLE, tellChosen, tellShare, tellStates } from "./lens-words.js";

/** @returns {{root: Element, update: function, stop: function}} a part of the bar */
export function lensStrip(store) {
  const [whose, share, states, chosen] = ["strong", "span", "span", "span"].map(name => element(name));
  states.title = STATES_TITLE;
  const back = element("button", { type: "button", class: "bl-side", title: "See the run as a whole again (Esc)" }, "See all");
  back.addEventListener("click", () => {
    store.lookAs(null);
    root.closest(".blockchain-lab").focus({ preventScroll: true }); // the button is gone: the keys go on from here
  });
  const told = element("span", { class: "bl-lens-words" }, share, states, chosen);
  const root = element("div", { class: "bl-lens", hidden: "" }, icon("eye"), element("span", { role: "status" }, whose), told, back);
  const update = () => {
    const sight = sightOf(store);
    setAttributes(root, { hidden: sight ? null : "" });
    setText(whose, sight ? `Seen by ${sight.name}` : "");
    if (!sight) return;
    setText(share, tellShare(sight));
    setText(states, `${tellStates(countLocalStates(store))} in all`);
    setText(chosen, tellChosen(sight, store));
    chosen.hidden = chosen.textContent === "";
  };
  return { root, update };
}

/** How many local states there are, for the network's head while all is seen. */
export function statesBadge(store) {
  const root = element("span", { class: "bl-states", title: STATES_TITLE });
  const update = () => {
    const count = hostOf(store) === null ? countLocalStates(store) : 0;
    setText(root, count ? tellStates(count) : "");
  };
  return { root, update };
}

/** Escape ends the lens when nothing else in the widget is open. Returns a function that ends this. */
export function bindLensKey(root, store) {
  return onFreeEscape(root, event => {
    if (store.lens === null) return;
    event.preventDefault();
    store.lookAs(null);
    if (!event.target.isConnected || event.target.closest("[hidden]")) root.focus({ preventScroll: true });
  });
}
