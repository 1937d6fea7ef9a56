// The messages in flight at the cursor, next to arrive first, each with what can be done with it.
import { getFlying } from "./acting-messages.js";
import { getOffers } from "./acting.js";
import { keepFocus, toButton } from "./controls-offers.js";
import { formatCount, formatTime } from "./describe.js";
import { element } from "./dom.js";
import { describeMessage } from "./messages-at.js";

const MOST = 8; // rows; the reader is told how many more there are
const HANDY = 2; // offers with a button of their own; all stand in the menu

/** @returns {{root: Element, update: (scene, why?: string) => void}} */
export function flightList(store, onChoose) {
  const root = element("div", { class: "bl-act-flights" });
  let shown = "";

  const toRow = (scene, why) => ({ sent, row }) => {
    const { trace, branch } = store;
    const target = `record:${branch}:${sent}`;
    const [meddling] = getOffers(scene, target).groups;
    const name = describeMessage(trace, trace.record(sent), scene.index);
    const words = element("button", { type: "button", class: "bl-flight-name", "aria-haspopup": "menu" },
      element("span", {}, name), element("small", {}, `at ${formatTime(trace.columns.at[row])}`));
    words.addEventListener("click", () => {
      const { left, bottom } = words.getBoundingClientRect();
      words.dispatchEvent(new CustomEvent("bl-menu", { bubbles: true, detail: { target, x: left, y: bottom } }));
    });
    const buttons = meddling.slice(0, HANDY).map(offer => {
      const made = toButton(offer, why, onChoose, offer.short);
      made.setAttribute("aria-label", `${offer.title}: ${name}`);
      return made;
    });
    const rowOf = element("li", { class: "bl-flight" }, words, ...buttons);
    rowOf.addEventListener("pointerenter", () => store.point(target));
    rowOf.addEventListener("pointerleave", () => store.point(null));
    return rowOf;
  };
  const update = (scene, why) => {
    const flying = getFlying(store);
    const looks = JSON.stringify([why, store.branch, store.trace.epoch, flying.map(({ sent, row }) => [sent, row])]);
    if (looks === shown) return;
    shown = looks;
    const rows = flying.slice(0, MOST).map(toRow(scene, why));
    const more = flying.length > MOST ? `and ${formatCount(flying.length - MOST)} more` : "";
    keepFocus(root, () => root.replaceChildren(
      rows.length ? element("ul", {}, ...rows) : element("p", { class: "bl-act-sentence" }, "None at this event."),
      ...(more ? [element("p", { class: "bl-act-sentence" }, more)] : [])));
  };
  return { root, update };
}
