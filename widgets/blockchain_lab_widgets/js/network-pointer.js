// The network's pointer and keys: point, select, add to a group, zoom, draw a lasso, ask for the menu.
import { describeDot, flightAt } from "./flight-layer.js";
import { findInside, lasso } from "./lasso.js";
import { labelOf } from "./messages-at.js";
import { groupName, groupOf } from "./network-light.js";
import { describeLink, describePeer } from "./network-words.js";
import { placeIn } from "./zoom.js";

const NEAR = { peer: 4, link: 5 }; // pixels beyond a mark's own edge
const DRAGGED = 4; // pixels from which on a click was a drag

/** The peer under a point, -1 for none; the nearest one when several are. O(peers). */
export function peerAt(places, radius, x, y) {
  let [best, nearest] = [-1, radius + NEAR.peer];
  for (const [peer, place] of places.entries()) {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < nearest) [best, nearest] = [peer, distance];
  }
  return best;
}

/** The link under a point as [key, link], or undefined. O(links). */
export function linkAt(links, places, x, y) {
  let [best, nearest] = [undefined, NEAR.link];
  for (const entry of links) {
    const [a, b] = [places[entry[1].a], places[entry[1].b]];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const part = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
    const distance = Math.hypot(a.x + part * dx - x, a.y + part * dy - y);
    if (distance < nearest) [best, nearest] = [entry, distance];
  }
  return best;
}

/**
 * Binds a network view's stage. `view` gives the picture as it is drawn: `scene` (null until it is), `stage`, `dots`,
 * `isLasso`, and takes `endLasso()`.
 *
 * @returns {function} ends it
 */
export function bindPointer(view, stageBox, list, store, tip) {
  const { trace } = store;

  /** What lies under the pointer: a message before a peer before a link, the smaller before the larger. */
  const find = event => {
    const { scene, stage, dots } = view;
    if (!scene) return null;
    const [x, y] = placeIn(stageBox, event);
    const dot = flightAt(dots, x, y);
    const label = facts => labelOf(facts, scene.index);
    if (dot) return { name: `record:${store.branch}:${dot.flights[0].sent}`, text: describeDot(dot, trace, label) };
    const peer = peerAt(stage.places, stage.radius, x, y);
    if (peer >= 0) return { name: `peer:${trace.peers[peer]}`, peer, text: describePeer(scene, peer) };
    const link = linkAt(scene.links, stage.places, x, y);
    return link ? { name: `link:${link[0]}`, text: describeLink(scene, link[1]) } : null;
  };
  const choose = name => store.select(store.selection === name ? null : name);
  const addToGroup = peer => {
    const chosen = new Set([...groupOf(store.selection), ...chosenPeer(store)]);
    if (!chosen.delete(peer)) chosen.add(peer);
    store.select(groupName([...chosen]));
  };
  const askMenu = (from, target, x, y) =>
    from.dispatchEvent(new CustomEvent("bl-menu", { bubbles: true, detail: { target, x, y } }));
  const isOurs = event => !event.target.closest(".bl-tooltip");

  const onMove = event => {
    if (!isOurs(event)) return;
    const found = event.buttons ? null : find(event);
    store.point(found?.name ?? null);
    if (found) tip.show(found.text, event);
    else tip.hide();
    stageBox.style.cursor = view.isLasso || event.shiftKey ? "crosshair" : found ? "pointer" : "";
  };
  const onLeave = () => {
    store.point(null);
    tip.hide();
  };
  let pressed = null;
  const onDown = event => { pressed = event.button === 0 && isOurs(event) ? [event.clientX, event.clientY] : null; };
  const onUp = event => {
    if (!pressed) return;
    const moved = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
    pressed = null;
    if (moved > DRAGGED) return;
    const found = find(event);
    if (found?.peer >= 0 && (event.ctrlKey || event.metaKey)) addToGroup(found.peer);
    else if (found) choose(found.name);
    else store.select(null);
  };
  const onWheel = event => {
    if (!event.ctrlKey) return; // the wheel alone scrolls the notebook
    event.preventDefault();
    view.stage.zoom(Math.exp(-event.deltaY / 400));
  };
  const onMenu = event => {
    if ((event.shiftKey && event.button === 2) || !isOurs(event)) return; // with Shift it stays the browser's
    event.preventDefault();
    event.stopPropagation();
    const option = event.target.closest(".bl-peer");
    const byKey = option && !event.clientX;
    if (byKey) {
      const { left, top, width, height } = option.getBoundingClientRect();
      askMenu(option, inGroup(Number(option.dataset.peer)), left + width / 2, top + height / 2);
      return;
    }
    const found = find(event);
    tip.hide();
    askMenu(stageBox, found?.peer >= 0 ? inGroup(found.peer) : (found?.name ?? null), event.clientX, event.clientY);
  };
  /** The menu of a chosen peer is the menu of all that are chosen with it. */
  const inGroup = peer => (groupOf(store.selection).includes(peer) ? store.selection : `peer:${trace.peers[peer]}`);
  const onKey = event => {
    const option = event.target.closest(".bl-peer");
    if (!option || !((event.key === "Enter" && event.shiftKey) || (event.key === " " && event.ctrlKey))) return;
    event.preventDefault();
    event.stopPropagation();
    addToGroup(Number(option.dataset.peer));
  };
  const onDrawn = (line, event) => {
    view.endLasso();
    const peers = view.scene ? findInside(line, view.stage.places) : [];
    if (!peers.length) return;
    store.select(groupName(peers));
    askMenu(stageBox, store.selection, event.clientX, event.clientY);
  };

  const stops = [lasso(stageBox, event => isOurs(event) && (view.isLasso || event.shiftKey), onDrawn)];
  const bind = (target, handlers, options) => {
    for (const [type, handler] of Object.entries(handlers)) {
      target.addEventListener(type, handler, options);
      stops.push(() => target.removeEventListener(type, handler, options));
    }
  };
  bind(stageBox, { pointermove: onMove, pointerdown: onDown, pointerup: onUp, contextmenu: onMenu }, { capture: true });
  bind(stageBox, { pointerleave: onLeave });
  bind(stageBox, { wheel: onWheel }, { capture: true, passive: false });
  bind(list, { keydown: onKey }, { capture: true });
  return () => stops.forEach(stop => stop());
}

/** The peer that is selected alone, as a list of host numbers. */
function chosenPeer({ selection, trace }) {
  const peer = selection?.startsWith("peer:") ? trace.peers.indexOf(selection.slice(5)) : -1;
  return peer < 0 ? [] : [peer];
}
