// One of two runs: a view of it under its letter, and a flag on every peer that the difference has reached.
import { listNames } from "./acting-words.js";
import { element, setAttributes, setText, svg } from "./dom.js";
import { painter } from "./paint.js";
import { SIDES } from "./pair-model.js";
import { tellReached } from "./pair-words.js";

const FLAG = { least: 5, most: 9 }; // pixels

/** Flags at the upper right of peers; `places` in pixels. */
export function drawFlags(context, reached, { places, radius, palette }) {
  const size = Math.max(FLAG.least, Math.min(FLAG.most, radius * 0.75));
  Object.assign(context, { fillStyle: palette.ink, strokeStyle: palette.paper, lineWidth: 2.5, lineJoin: "round", globalAlpha: 1 });
  context.beginPath();
  for (const peer of reached) {
    const { x, y } = places[peer];
    const [left, foot] = [x + radius * 0.6, y - radius * 0.6];
    context.moveTo(left, foot);
    context.lineTo(left, foot - 1.6 * size);
    context.lineTo(left + size, foot - 1.1 * size);
    context.lineTo(left + 1, foot - 0.6 * size);
    context.lineTo(left + 1, foot);
    context.closePath();
  }
  context.stroke();
  context.fill();
}

function flagMark() {
  const flag = svg("path", { d: "M2 12V1L10 4.5 3 8V12Z" });
  flag.style.fill = "var(--bl-ink)";
  return svg("svg", { width: 11, height: 12, viewBox: "0 0 11 12", "aria-hidden": "true" }, flag);
}

/** Draws side 0 (A) or 1 (B) into `host`. */
export function mountSide(host, side, { pair, options, toTab, bindSide }) {
  const store = pair.stores[side];
  const { trace } = store;
  host.className = "bl-pair-side";
  host.setAttribute("aria-label", `Run ${SIDES[side]}`);
  const count = element("span");
  const title = element("div", { class: "bl-pair-title" }, element("b", {}, SIDES[side]), flagMark(), count);
  const place = element("div");
  host.append(title, place);
  const reached = () => [...pair.times.keys()].filter(peer => pair.times[peer] <= store.clock);
  const overlay = (context, looks) => drawFlags(context, reached(), looks);
  const unbind = bindSide(host, side);
  const unmount = toTab("network", store, { ...options, overlay }).mount(place);
  const paint = painter(title, store, () => {
    setText(count, pair.plain ? tellReached(pair.countReached(store.clock), trace.peers.length) : "");
    setAttributes(title, { title: `Reached by the difference so far: ${listNames(reached().map(peer => trace.peers[peer]))}` });
  });
  return () => {
    paint.stop();
    unmount();
    unbind();
    host.remove();
  };
}
