// The messages in flight at the cursor, next to arrive first, each with what can be done with it.
import { getFlying } from "./acting-messages.js";
import { getOffers } from "./acting.js";
import { keepFocus, toButton } from "./controls-offers.js";
import { formatCount, formatTime } from "./describe.js";
import { element, setAttributes } from "./dom.js";
import { describeMessage } from "./messages-at.js";
import { roving } from "./roving.js";

const MOST = 8; // rows; the reader is told how many more there are
const HANDY = 2; // offers with a button of their own, for the pointer; all stand in the menu

/** @returns {{root: Element, update: (scene, why?: string) => void}} */
export function flightList(store, onChoose) {
  const root = element("div", { class: "bl-act-flights" });
  const walk = roving(root, () => [...root.querySelectorAll(".bl-flight-name, .bl-act-more")]);
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
      setAttributes(made, { "aria-label": `${offer.title}: ${name}`, tabindex: "-1" });
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
    if (flying.length > MOST) rows.push(element("li", {}, toMore(flying.length - MOST)));
    keepFocus(root, () => root.replaceChildren(
      rows.length ? element("ul", {}, ...rows) : element("p", { class: "bl-act-sentence" }, "None at this event.")));
    walk.update();
  };
  const toMore = count => {
    const words = `and ${formatCount(count)} more, which arrive later: see Events`;
    const made = element("button", { type: "button", class: "bl-act-more" }, words);
    made.addEventListener("click", () => store.open("events"));
    return made;
  };
  return { root, update };
}
