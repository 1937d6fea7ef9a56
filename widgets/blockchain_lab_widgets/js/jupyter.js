// The only module that touches a Jupyter model: it fills the stores and tells Python where the reader rests.
import { mount as mountClaim } from "./claim.js";
import { leaveByEscape } from "./escape.js";
import { provide as provideLibrary } from "./libraries.js";
import { mount as mountPair } from "./pair.js";
import { mount as mountPrediction } from "./predict.js";
import { Store } from "./store.js";
import { mount } from "./views.js";

/** What stands above a workbench. */
const CARDS = { claim: mountClaim, prediction: mountPrediction };

/** What the page holds of one lab. */
class Lab {
  constructor() {
    this.store = new Store();
    this.filled = new Promise(resolve => { this.fill = resolve; });
    this.queue = Promise.resolve(); // messages are inflated one after another, so they stay in order
    this.moves = 0; // how often Python moved the cursor, as far as we heard
    this.model = null; // the carrier's, once a view has found it: it knows whether its channel lives
    this.detach = () => {};
  }
}

const labs = new Map(); // carrier's key -> lab; this module is loaded once a page

function labOf(key) {
  if (!labs.has(key)) labs.set(key, new Lab());
  return labs.get(key);
}

/** From now on tell Python, through this channel, where the cursor rests. Returns the lab's store. */
export function attach(key, send, manager) {
  const lab = labOf(key);
  const { store } = lab;
  lab.detach();
  const leave = store.onRest(({ cursor, selection, furthest, trace: { epoch } }) => {
    if (store.connected) send({ type: "rest", cursor, selection, furthest, epoch, moves: lab.moves });
  });
  lab.watch = () => {
    const isBack = store.lost && isConnected(manager, lab.model);
    store.connect(isConnected(manager, lab.model) ? send : null);
    if (isBack) askForMissing(lab, send);
  };
  const signals = [manager.kernel?.connectionStatusChanged, manager.kernel?.statusChanged].filter(Boolean);
  signals.forEach(signal => signal.connect(lab.watch));
  lab.watch();
  lab.detach = () => {
    leave();
    signals.forEach(signal => signal.disconnect(lab.watch));
  };
  return store;
}

/** Python has closed a carrier: its lab is not shown any more, and its records may go. */
export function forget(key) {
  const lab = labs.get(key);
  lab?.detach();
  lab?.store.connect(null);
  labs.delete(key);
}

function askForMissing({ store }, send, libraries = []) {
  send({ type: "hello", modules: false, libraries, ...store.trace.holdings() });
}

/** A script of others has come. */
export const provide = provideLibrary;

/** A message from the carrier: records, message bytes, a moved cursor, or Python's trouble. */
export function receive(key, send, head, buffers) {
  const lab = labOf(key);
  const tell = error => {
    console.error(error);
    lab.store.setTrouble(`A message of Python could not be read: ${error.message}. What is shown may lack it.`, error.stack);
  };
  lab.queue = lab.queue.then(async () => take(lab, send, head, await unpack(head, buffers))).catch(tell);
  return lab.queue;
}

function take(lab, send, head, buffer) {
  const { store } = lab;
  let complete = true;
  lab.moves = head.moves ?? lab.moves;
  if (head.type === "records") complete = store.append(head, buffer);
  if (head.type === "messages") complete = store.appendMessages(head.from, buffer);
  if (head.type === "cursor") store.follow(head.cursor);
  if (head.type === "error") store.setTrouble(head.text, head.traceback);
  if (head.type === "branches") store.setBranches(head.branches);
  if (head.type === "predictions") store.predictions.set(head.predictions);
  if (head.type === "answer") store.answer(head, buffer);
  if (!complete) askForMissing(lab, send);
  else if (head.type === "records") lab.fill();
}

/** The bytes of a message in a buffer of their own (columns need aligned ones), inflated if need be. */
async function unpack(head, buffers) {
  if (!buffers.length) return null;
  const { buffer, byteOffset, byteLength } = buffers[0];
  if (!head.gzip) return buffer.slice(byteOffset, byteOffset + byteLength);
  const stream = new Blob([buffers[0]]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/**
 * JupyterLab keeps the kernel's connection in the manager; elsewhere we just try. After a restart the kernel is
 * there again, but nobody listens at the other end of the carrier's channel: that, its model knows.
 */
function isConnected({ kernel }, model) {
  if (model?.comm_live === false) return false;
  if (!kernel) return true;
  return kernel.connectionStatus === "connected" && !["dead", "terminating", "unknown"].includes(kernel.status);
}

/**
 * Show a view of the lab whose carrier is the model `id`. `arrived` holds the names of the scripts of others
 * that have come. What is missing is asked for when records have come: before, the answer might be lost.
 */
export async function view(model, el, id, arrived) {
  const { lab, carrier } = await filled(model.widget_manager, id);
  const libraries = model.get("libraries").filter(name => !arrived.has(name));
  if (libraries.length) askForMissing(lab, message => carrier.send(message), libraries);
  const options = { ...model.get("options"), onPresent: hideCodeAround(el) };
  const unmount = await mountIn(el, model, lab.store, options);
  const stay = leaveByEscape(el);
  return () => {
    stay();
    unmount();
  };
}

async function mountIn(el, model, store, options) {
  const mountView = CARDS[model.get("name")] ?? mount;
  if (!model.get("other")) return mountView(el, store, { ...options, name: model.get("name") });
  const other = await filled(model.widget_manager, idOf(model.get("other")));
  return mountPair(el, [store, other.lab.store], comparisonOf(model), options);
}

/** While a view is presented, the notebook around it shows no code (style-present.js). */
function hideCodeAround(el) {
  let notebook = null; // remembered: at the end the view may have left it
  return isOn => {
    if (isOn) notebook = el.closest(".jp-Notebook");
    notebook?.classList.toggle("bl-presented", isOn);
  };
}

/** The number of a model, from how ipywidgets writes it in another one's traits. */
const idOf = reference => reference.replace("IPY_MODEL_", "");

/** The lab whose carrier is the model `id`, when its records have come. */
async function filled(manager, id) {
  const carrier = await found(manager, id);
  const lab = labOf(carrier.get("key"));
  if (!lab.model) carrier.on?.("comm_live_update", () => lab.watch?.());
  lab.model = carrier;
  await lab.filled;
  return { lab, carrier };
}

/** What Python says of two labs, and when it says something else. */
function comparisonOf(model) {
  return {
    get plain() { return model.get("comparison"); },
    subscribe(listener) {
      model.on("change:comparison", listener);
      return () => model.off("change:comparison", listener);
    },
  };
}

/** After a reload the models come back in any order, and `get_model` throws for one that is not there yet. */
async function found(manager, id) {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await manager.get_model(id);
    } catch {
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
  throw new Error("blockchain-lab: the lab behind this view is gone; run its cell again");
}
