// Offers as buttons in the page; what asks first opens a small menu under its button.
import { getCommonWhy } from "./acting-words.js";
import { element, setAttributes } from "./dom.js";
import { openMenu } from "./menu.js";
import { roving } from "./roving.js";

/** What leads to where the reader is, or stands on the bar above. */
const HERE = ["controls", "help"];

/**
 * @param {(offer, button: Element) => void} onChoose
 * @returns {{root: Element, update: (offered, why?: string) => void}} `why` disables all that needs Python
 */
export function offerButtons(onChoose) {
  const { root, replace } = buttonBar("bl-act-offers");
  let shown = "";

  const update = (offered, why) => {
    setAttributes(root, { "aria-label": offered.title });
    const wanted = offered.groups.map(offers => offers.filter(({ opens }) => !HERE.includes(opens)));
    const looks = JSON.stringify([wanted, why]);
    if (looks === shown) return;
    shown = looks;
    replace(...wanted.filter(offers => offers.length).map(offers => toGroup(offers, why, onChoose)));
  };
  return { root, update };
}

/** Buttons that are one tab stop: Up and Down move among them, as in a menu. */
export function buttonBar(classes, label = null) {
  const root = element("div", { class: classes, role: "toolbar", "aria-orientation": "vertical", "aria-label": label });
  const { update } = roving(root, () => [...root.querySelectorAll("button")]);
  const replace = (...children) => {
    keepFocus(root, () => root.replaceChildren(...children));
    update();
  };
  return { root, replace };
}

function toGroup(offers, why, onChoose) {
  const common = getCommonWhy(offers);
  const group = element("div", { class: "bl-act-group", role: "group", "aria-label": common },
    ...offers.map(offer => toButton(offer, common ?? why, onChoose)));
  if (common && common !== why) group.append(element("small", { "aria-hidden": "true" }, common));
  return group;
}

/**
 * A button for an offer; with a reason it can be reached, and says why, but not be pressed. `told` is a reason
 * that stands elsewhere. An offer with choices is chosen, too: see `askUnder`.
 */
export function toButton(offer, told, onChoose, words = offer.title) {
  const reason = offer.why && offer.why !== told ? offer.why : null;
  const made = element("button", {
    type: "button", class: "bl-offer", "aria-disabled": offer.why ? "true" : null, "aria-haspopup": offer.choices ? "menu" : null,
  }, element("span", {}, words));
  if (reason) made.append(element("small", {}, reason));
  made.addEventListener("click", () => {
    if (!offer.why) onChoose(offer, made);
  });
  return made;
}

/** Open the choices of an offer under its button. Returns a function that closes them: they lie outside of the view. */
export function askUnder(made, { title, choices }, onChoose) {
  const { left, bottom } = made.getBoundingClientRect();
  return openMenu(made.closest(".blockchain-lab"), { title, groups: [choices] }, { x: left, y: bottom + 2 }, onChoose);
}

/**
 * Replace what is in `root`; a focused button gives the focus to the one of its words, or of its title though it now
 * says why not, or of its place, or, when none is left, to the widget, so that keys still move the time. The notebook does not jump there.
 */
export function keepFocus(root, replace) {
  const buttons = () => [...root.querySelectorAll("button")];
  const before = buttons();
  const at = before.indexOf(document.activeElement);
  const words = before[at]?.textContent;
  const title = before[at]?.firstChild.textContent;
  replace();
  if (at < 0) return;
  const after = buttons();
  const next = after.find(each => each.textContent === words) ?? after.find(each => each.firstChild.textContent === title)
    ?? after[Math.min(at, after.length - 1)];
  (next ?? root.closest(".blockchain-lab"))?.focus({ preventScroll: true });
}
