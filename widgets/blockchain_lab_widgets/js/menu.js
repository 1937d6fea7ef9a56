// Context menus: a view says what was pointed at, the offers say what can be done with it.
import { sceneOf } from "./acting-fold.js";
import { perform } from "./acting-perform.js";
import { getCommonWhy } from "./acting-words.js";
import { getOffers } from "./acting.js";
import { element } from "./dom.js";
import { placeIn, zoomOf } from "./zoom.js";

const MARGIN = 4; // pixels that stay free around a menu
const LONG = 60; // lines; of more only those in sight are laid out

/**
 * Shows a menu inside `root` whenever an element in it dispatches
 * `new CustomEvent("bl-menu", { bubbles: true, detail: { target, x, y } })`: `target` is a name as in
 * `store.selection`, null for empty space; x and y are client coordinates.
 *
 * @param {Element} [area] only of what is in it
 * @returns {function} takes an open menu away, and opens no more
 */
export function menus(root, store, area = root) {
  const look = sceneOf(store);
  let close = () => {};
  const onMenu = ({ detail: { target, x, y } }) => {
    close();
    store.pause();
    close = openMenu(root, getOffers(look(), target), { x, y }, offer => perform(store, offer, root));
  };
  area.addEventListener("bl-menu", onMenu);
  return () => {
    close();
    area.removeEventListener("bl-menu", onMenu);
  };
}

/**
 * A menu after the ARIA pattern; what offers choices opens them in its own place.
 *
 * @param {{title: string, groups: object[][]}} offered as `getOffers` makes it
 * @param {(offer) => void} onChoose called when the menu is gone and the focus is back
 * @returns {function} closes it
 */
export function openMenu(root, offered, place, onChoose) {
  const before = root.contains(document.activeElement) ? document.activeElement : root;
  const box = root.appendChild(element("div", { class: "bl-menu" }));
  const close = (isFocusReturned = false) => {
    document.removeEventListener("pointerdown", onPointer, true); // also when somebody else took the box away
    if (!box.isConnected) return;
    box.remove();
    if (isFocusReturned) (before.isConnected ? before : root).focus({ preventScroll: true });
  };
  const onPointer = event => {
    if (!box.contains(event.target)) close();
  };
  let goBack = null; // from a page of choices to the page that asked
  const show = (page, back = null, chosen = 0) => {
    goBack = back;
    const choose = (offer, index) => {
      if (offer.why) return;
      if (offer.choices) {
        show({ title: offer.title, groups: [offer.choices] }, () => show(page, back, index));
        return;
      }
      close(true);
      onChoose(offer);
    };
    fill(box, page, choose, back);
    put(root, box, place);
    itemsOf(box)[chosen]?.focus({ preventScroll: true });
  };
  box.addEventListener("keydown", event => onKey(event, itemsOf(box), goBack, close));
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !box.contains(relatedTarget)) close();
  });
  document.addEventListener("pointerdown", onPointer, true);
  show(offered);
  return close;
}

const itemsOf = box => [...box.querySelectorAll("[role=menuitem]")];

/** One page of a menu: its heading, then the offers, group by group. */
function fill(box, { title, groups }, choose, back) {
  const list = element("div", { class: "bl-menu-items", role: "menu", "aria-label": title });
  let index = 0;
  for (const group of groups.filter(offers => offers.length)) {
    if (index) list.append(element("div", { class: "bl-menu-line", role: "separator" }));
    const common = getCommonWhy(group);
    const items = group.map(offer => toItem(offer, index++, choose, common));
    if (common) items.unshift(element("small", { class: "bl-menu-why", "aria-hidden": "true" }, common));
    list.append(element("div", { role: "group", "aria-label": common }, ...items));
  }
  const head = element("div", { class: "bl-menu-title" }, title);
  if (back) {
    head.prepend(element("span", { class: "bl-menu-back", "aria-hidden": "true" }, "‹"));
    head.addEventListener("click", back);
  }
  box.classList.toggle("bl-menu-long", index > LONG);
  box.replaceChildren(head, list);
}

function toItem(offer, index, choose, common) {
  const item = element("button", {
    type: "button", class: "bl-menu-item", role: "menuitem", tabindex: "-1",
    "aria-disabled": offer.why ? "true" : null, "aria-haspopup": offer.choices ? "menu" : null,
  }, element("span", {}, offer.title));
  if (offer.why && offer.why !== common) item.append(element("small", {}, offer.why));
  item.addEventListener("click", () => choose(offer, index));
  return item;
}

/** Inside the widget and, as far as that goes, inside the window; to the pointer's right and below if there is room. */
function put(root, box, { x, y }) {
  const frame = root.getBoundingClientRect();
  const zoom = zoomOf(root);
  const wide = root.offsetWidth;
  const [right, down] = placeIn(root, { clientX: x, clientY: y });
  const top = Math.max(-frame.top / zoom, 0) + MARGIN;
  const bottom = Math.min(frame.height, innerHeight - frame.top) / zoom - MARGIN;
  box.style.maxHeight = `${Math.max(bottom - top, 60)}px`;
  box.style.maxWidth = `${wide - 2 * MARGIN}px`;
  box.style.left = `${Math.max(Math.min(right, wide - MARGIN - box.offsetWidth), MARGIN)}px`;
  box.style.top = `${Math.max(Math.min(down, bottom - box.offsetHeight), top)}px`;
}

/** No key leaves a menu: Left and Right are the time's only outside. */
function onKey(event, items, goBack, close) {
  event.stopPropagation();
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items[(to + items.length) % items.length]?.focus();
  else if (event.key === "ArrowRight" && items[at]?.hasAttribute("aria-haspopup")) items[at].click();
  else if (goBack && ["ArrowLeft", "Escape"].includes(event.key)) goBack();
  else if (["Escape", "Tab"].includes(event.key)) close(true);
  else return;
  event.preventDefault();
}
