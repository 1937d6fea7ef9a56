// Pointer and keyboard on the chart: what is meant, and what becomes of it. Draws nothing.
import { distanceTo } from "./chart-layout.js";
import { placeIn, zoomOf } from "./zoom.js";

const REACH = 7; // pixels, for arrows that stand out; thin lines want a nearer pointer
const REACH_FAINT = 3;
const REACH_MARK = 8;
const DRAG = 4; // pixels; less is a click

/**
 * What is under a point of the plot: `{row, name, each}` of a mark, or of an arrow's nearer end; null for nothing.
 * `menu` is the record that a context menu is about: of a message always its sending.
 */
export function findAt({ strong, faint, marks }, x, y) {
  for (const each of marks) {
    const isHit = each.mark === "everywhere" ? Math.abs(each.y - y) < 4 : Math.hypot(each.x - x, each.y - y) < REACH_MARK;
    if (isHit) return { each, row: each.row, menu: each.row };
  }
  let best = null;
  for (const [drawn, reach] of [[strong, REACH], [faint, REACH_FAINT]]) {
    for (const each of drawn) {
      const { distance, part } = distanceTo(each.line, x, y);
      if (distance < (best?.distance ?? reach)) best = { distance, part, each };
    }
    if (best) break;
  }
  if (!best) return null;
  const { sent, end } = best.each.arrow;
  return { each: best.each, row: best.part > 0.5 && end >= 0 ? end : sent, menu: sent };
}

/** What an element of the drawing stands for; of a message the end that has happened at the cursor. */
export function findItem({ strong, marks }, target, cursor) {
  const key = target.closest?.("[data-key]")?.dataset.key;
  if (key === undefined) return null;
  const mark = marks.find(each => each.key === key);
  if (mark) return { each: mark, row: mark.row, menu: mark.row };
  const drawn = strong.find(({ arrow }) => arrow.key === key);
  if (!drawn) return null;
  const { sent, end, ends } = drawn.arrow;
  return { each: drawn, row: ends <= cursor ? end : sent, menu: sent };
}

/**
 * Bind it all. `act` has: plan(), cursor(), point(found, place), select(found, y), goTo(found), pickTime(y), host(number),
 * lane(number), menu(name, x, y), nameOf(found), drag(pixels), zoom(factor, y).
 *
 * @returns {function} ends it
 */
export function bindInput({ root, plot, back, axis, heads, items }, act) {
  const placeOf = event => placeIn(back, event); // as large as the plot; the plot's own box counts what is cut off
  const atPointer = event => findAt(act.plan(), ...placeOf(event));
  const hostAt = target => {
    const host = target.closest?.(".bl-chart-head")?.dataset.host;
    return host === undefined ? null : Number(host);
  };
  let press = null; // {y, moved} while a button is down on the plot
  let picked = null; // by the last click: a double click means that, though the picture has changed meanwhile

  const listeners = [
    [plot, "pointermove", event => {
      if (press && !(event.buttons & 1)) press = null; // let go outside: nobody said so here
      if (press) {
        const moved = (event.clientY - press.y) / zoomOf(back);
        if (!press.moved && Math.abs(moved) < DRAG) return;
        if (!press.moved) plot.setPointerCapture(event.pointerId);
        press = { y: event.clientY, moved: true };
        act.drag(moved);
        return;
      }
      const found = atPointer(event);
      plot.classList.toggle("bl-over", found !== null);
      act.point(found, event);
    }],
    [plot, "pointerdown", event => { if (event.button === 0) press = { y: event.clientY, moved: false }; }],
    [plot, "pointerup", () => { if (press && !press.moved) press = null; }],
    [plot, "pointercancel", () => { press = null; }],
    [plot, "pointerleave", () => act.point(null)],
    [plot, "click", event => {
      const wasDrag = press?.moved;
      press = null;
      if (wasDrag || event.detail > 1) return;
      picked = event.clientX || event.clientY ? atPointer(event) : findItem(act.plan(), event.target, act.cursor());
      act.select(picked, event.clientX || event.clientY ? placeOf(event)[1] : null);
    }],
    [plot, "dblclick", () => { if (picked) act.goTo(picked); }],
    [items, "keydown", event => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey) return;
      const found = findItem(act.plan(), event.target, act.cursor());
      if (!found) return;
      event.preventDefault();
      event.stopPropagation();
      act.goTo(found);
    }, true],
    [items, "focusin", ({ target }) => {
      const { right, bottom } = target.getBoundingClientRect();
      const isSeen = target.matches(":focus-visible");
      act.point(findItem(act.plan(), target, act.cursor()), isSeen ? { clientX: right, clientY: bottom, target } : null);
    }],
    [items, "focusout", () => act.point(null)],
    [axis, "pointerdown", event => {
      if (event.button !== 0) return;
      axis.setPointerCapture(event.pointerId);
      act.pickTime(placeOf(event)[1]);
    }],
    [axis, "pointermove", event => { if (event.buttons === 1) act.pickTime(placeOf(event)[1]); }],
    [heads, "pointerover", event => act.lane(hostAt(event.target))],
    [heads, "pointerout", () => act.lane(null)],
    [heads, "focusin", event => act.lane(hostAt(event.target))],
    [heads, "focusout", () => act.lane(null)],
    [heads, "click", event => { if (hostAt(event.target) !== null) act.host(hostAt(event.target)); }],
    [root, "wheel", event => {
      if (!event.ctrlKey && !event.metaKey) return; // the wheel alone scrolls the page
      event.preventDefault();
      act.zoom(Math.exp(-event.deltaY / 400), placeOf(event)[1]);
    }, { passive: false }],
    [root, "contextmenu", event => {
      if (event.shiftKey && event.button === 2) return; // with Shift it stays the browser's
      event.preventDefault();
      event.stopPropagation();
      const host = hostAt(event.target);
      const item = findItem(act.plan(), event.target, act.cursor());
      const byKey = !event.clientX && !event.clientY;
      const found = byKey ? item : (atPointer(event) ?? item);
      const { left, bottom } = event.target.getBoundingClientRect();
      const place = byKey ? { x: left + 12, y: bottom } : { x: event.clientX, y: event.clientY };
      act.menu(host === null ? found : host, event.target, place);
    }],
  ];
  for (const [target, type, listener, options] of listeners) target.addEventListener(type, listener, options);
  return () => listeners.forEach(([target, type, listener, options]) => target.removeEventListener(type, listener, options));
}
