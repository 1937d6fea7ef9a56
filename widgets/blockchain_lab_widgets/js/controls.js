// The view "Act": all that context menus offer, reachable without a graph; and the knobs of the story.
import { sceneOf } from "./acting-fold.js";
import { perform } from "./acting-perform.js";
import { getOffers, whyNobodyActs } from "./acting.js";
import { flightList } from "./controls-flights.js";
import { askUnder, offerButtons } from "./controls-offers.js";
import { partitionForm } from "./controls-partition.js";
import { targetList } from "./controls-targets.js";
import { element, setText } from "./dom.js";
import { knobs } from "./knobs.js";
import { painter } from "./paint.js";

/** A part of the view under a small heading. */
function section(title, ...children) {
  const heading = element("div", { class: "bl-act-title", "aria-hidden": "true" }, title);
  return element("section", { class: "bl-act-section", role: "group", "aria-label": title }, heading, ...children);
}

/** Draws the view into `host`. Returns a function that takes it away. */
export function mount(host, store) {
  host.classList.add("bl-acting");
  const look = sceneOf(store);
  const note = element("p", { class: "bl-act-note" });
  const repaint = () => paint.request();
  const list = targetList(store, repaint);
  let closeMenu = () => {};
  const choose = (offer, button) => {
    if (!offer.choices) return perform(store, offer, host.closest(".blockchain-lab"));
    closeMenu();
    closeMenu = askUnder(button, offer, choose);
  };
  const offers = offerButtons(choose);
  const partition = partitionForm(store, choose, repaint);
  const flights = flightList(store, choose);
  const turned = knobs(store, choose);
  host.append(note, element("div", { class: "bl-act-columns" },
    section("Act on", element("div", { class: "bl-act-on" }, list.root, offers.root)),
    section("Knobs", turned.root),
    section("Part the network", partition.root),
    section("Messages in flight", flights.root)));

  const paint = painter(host, store, () => {
    const scene = look();
    const why = store.isOpen ? undefined : whyNobodyActs(store);
    setText(note, why ? `${why}: the run can be looked at, not changed.` : "");
    note.hidden = !why;
    host.setAttribute("aria-busy", String(store.busy));
    if (store.busy) return; // what can be done is about to change
    list.update(scene);
    offers.update(getOffers(scene, store.selection), why);
    partition.update(scene, why);
    flights.update(scene, why);
    turned.update(scene, why);
  });
  // Whoever is quicker than the next frame leaves the list for the buttons of the one he chose, not of the one before.
  const onTab = ({ key }) => {
    if (key === "Tab") paint.now();
  };
  host.addEventListener("keydown", onTab, true);
  return () => {
    host.removeEventListener("keydown", onTab, true);
    closeMenu();
    paint.stop();
    turned.stop();
    list.stop();
    host.replaceChildren();
  };
}
