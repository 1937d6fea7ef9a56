// All views by name, and the workbench that shows several of them side by side.
import * as addressBook from "./address-book.js";
import { anew } from "./anew.js";
import * as bytes from "./bytes.js";
import * as chart from "./chart.js";
import * as controls from "./controls.js";
import * as curves from "./curves.js";
import * as dht from "./dht.js";
import { element } from "./dom.js";
import * as events from "./events.js";
import { bindKeys } from "./keys.js";
import * as lanes from "./lanes.js";
import { bindLensKey } from "./lens-strip.js";
import { narrate } from "./narration.js";
import * as mempool from "./mempool.js";
import { menus } from "./menu.js";
import * as messageMap from "./message-map.js";
import * as nat from "./nat.js";
import * as network from "./network.js";
import { answerOpening, shelf } from "./opening.js";
import { presenting } from "./present.js";
import * as peers from "./peers.js";
import * as readings from "./readings.js";
import * as shares from "./shares.js";
import * as spread from "./spread.js";
import { install } from "./style.js";
import { tabbed } from "./tabs.js";
import { watchTheme } from "./theme.js";
import * as transport from "./transport.js";
import * as tree from "./tree.js";
import { notes } from "./trouble.js";
import * as validators from "./validators.js";
import * as why from "./why.js";

const VIEWS = {
  network: { title: "Network", ...network },
  tree: { title: "Block tree", ...tree },
  chart: { title: "Space-time", ...chart },
  bytes: { title: "Bytes", ...bytes },
  why: { title: "Why?", ...why },
  spread: { title: "Propagation", ...spread },
  mempool: { title: "Mempool", ...mempool },
  "message map": { title: "Message map", ...messageMap },
  "address book": { title: "Address book", ...addressBook },
  dht: { title: "DHT", ...dht },
  nat: { title: "NAT", ...nat },
  curves: { title: "Curves", ...curves },
  validators: { title: "Validators", ...validators },
  shares: { title: "Shares", ...shares },
  readings: { title: "Readings", ...readings },
  peers: { title: "Peers", ...peers },
  lanes: { title: "Download", ...lanes },
  events: { title: "Events", ...events },
  controls: { title: "Act", ...controls },
};
const BAR = { title: "Time", ...transport };

/** A view's name without spaces, for classes. */
const toId = name => name.replaceAll(" ", "-");

/** Beside the network when a lesson names nothing else. */
const USUAL = ["tree", "bytes"];

/** What one cell shows besides its view: a bar, unless the view is the bar. */
function mountSingle(root, store, view, options) {
  const stops = [];
  if (view !== BAR && options.bar !== false) stops.push(BAR.mount(root.appendChild(element("div")), store, options));
  const host = root.appendChild(element("div"));
  if (options.height) host.style.height = `${options.height}px`;
  stops.push(view.mount(host, store, options));
  const below = shelf(root);
  stops.push(below.stop, answerOpening(root, store, name => {
    if (VIEWS[name] === view) host.scrollIntoView({ block: "nearest" });
    else if (VIEWS[name]) below.show(toTab(name, store, options));
  }));
  return () => stops.forEach(stop => stop());
}

/** A view by its name, as tabs and the room below want it. */
export function toTab(name, store, options) {
  const { title, mount: mountView } = VIEWS[name];
  return { name, title, mount: host => mountView(host, store, options) };
}

/** One bar, the network on the left, the named views as tabs on the right, the others behind "+ view". */
function mountWorkbench(root, store, options) {
  const bench = root.appendChild(element("div", { class: "bl-workbench" }));
  const isTab = name => name !== "network" && VIEWS[name] && !(store.isFinished && name === "controls");
  const named = options.views ?? (store.trace.views.length ? store.trace.views : USUAL);
  const names = named.filter(isTab);
  const rest = Object.keys(VIEWS).filter(name => isTab(name) && !names.includes(name));
  const stops = [BAR, VIEWS.network].map(view => view.mount(bench.appendChild(element("div")), store, options));
  const toTabs = wanted => wanted.map(name => toTab(name, store, options));
  const tabs = tabbed(toTabs(names.length ? names : USUAL), toTabs(rest), "controls");
  bench.append(tabs.root);
  const leave = answerOpening(root, store, name => {
    if (name === "network") bench.querySelector(".bl-network").scrollIntoView({ block: "nearest" });
    else tabs.open(name);
  });
  return () => [...stops, tabs.stop, leave].forEach(stop => stop());
}

/**
 * Show a view in `host`.
 *
 * @param {{name: string}} options "workbench", "bar" or one of the views; the rest goes to the view:
 *   `views` the workbench's tabs, `lens` the peer through whose eyes all is seen at first, `seen_by` a peer for the block tree and the lanes, `height` in pixels
 * @returns {function} takes everything away again
 */
export function mount(host, store, { name, ...options }) {
  const view = name === "bar" ? BAR : VIEWS[name];
  if (!view && name !== "workbench") {
    throw new Error(`no view is called ${name}; there are workbench, bar, ${Object.keys(VIEWS).join(", ")}`);
  }
  install(host.ownerDocument);
  if (store.trace.peers.includes(options.lens)) store.lookAs(options.lens);
  let { present } = options; // once: another scenario is not presented because the first one was
  return anew(host, store, () => {
    const wanted = { ...options, present };
    present = false;
    return mountOne(host, store, view, name, wanted);
  });
}

function mountOne(host, store, view, name, options) {
  const title = view?.title ?? "Workbench";
  const root = host.appendChild(element("div", {
    class: `blockchain-lab bl-${toId(name)}-root`, "data-view": name, tabindex: "0", role: "group", "aria-label": `${title}: ${store.trace.title}`,
  }));
  const theme = watchTheme(root);
  const unbind = bindKeys(root, store);
  const unbindLens = bindLensKey(root, store);
  const all = { ...options, theme };
  const unmount = view ? mountSingle(root, store, view, all) : mountWorkbench(root, store, all);
  const leave = notes(root, store);
  const closeMenus = menus(root, store);
  const silence = narrate(root, store);
  const endPresentation = presenting(root, store, options);
  return () => {
    endPresentation();
    unmount();
    leave();
    closeMenus();
    silence();
    unbindLens();
    unbind();
    theme.stop();
    root.remove();
  };
}
