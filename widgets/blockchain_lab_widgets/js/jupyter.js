// The only module that touches a Jupyter model: it fills the stores and tells Python where the reader rests.
import { provide as provideLibrary } from "./libraries.js";
import { Store } from "./store.js";
import { mount } from "./views.js";

/** What the page holds of one lab. */
class Lab {
  constructor() {
    this.store = new Store();
    this.filled = new Promise(resolve => { this.fill = resolve; });
    this.queue = Promise.resolve(); // messages are inflated one after another, so they stay in order
    this.detach = null;
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
  lab.detach?.();
  const leave = lab.store.onRest(({ cursor, selection, furthest, trace }) => {
    if (isConnected(manager)) send({ type: "rest", cursor, selection, furthest, epoch: trace.epoch });
  });
  const watch = () => lab.store.connect(isConnected(manager) ? send : null);
  const signals = [manager.kernel?.connectionStatusChanged, manager.kernel?.statusChanged].filter(Boolean);
  signals.forEach(signal => signal.connect(watch));
  watch();
  lab.detach = () => {
    leave();
    signals.forEach(signal => signal.disconnect(watch));
  };
  return lab.store;
}

/** A script of others has come. */
export const provide = provideLibrary;

/** A message from the carrier: records, message bytes, a moved cursor, or Python's trouble. */
export function receive(key, send, head, buffers) {
  const lab = labOf(key);
  lab.queue = lab.queue.then(async () => take(lab, send, head, await unpack(head, buffers)));
  return lab.queue;
}

function take(lab, send, head, buffer) {
  const { store } = lab;
  const { trace } = store;
  let complete = true;
  if (head.type === "records") complete = store.append(head, buffer);
  if (head.type === "messages") complete = store.appendMessages(head.from, buffer);
  if (head.type === "cursor") store.follow(head.cursor);
  if (head.type === "error") store.setTrouble(head.text);
  if (head.type === "branches") store.setBranches(head.branches);
  if (head.type === "answer") store.answer(head);
  if (!complete) send({ type: "hello", modules: false, libraries: [], ...trace.holdings() });
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

/** JupyterLab keeps the kernel's connection in the manager; elsewhere we just try. */
function isConnected({ kernel }) {
  if (!kernel) return true;
  return kernel.connectionStatus === "connected" && !["dead", "terminating", "unknown"].includes(kernel.status);
}

/**
 * Show a view of the lab whose carrier is the model `id`. `arrived` holds the names of the scripts of others
 * that have come. What is missing is asked for when records have come: before, the answer might be lost.
 */
export async function view(model, el, id, arrived) {
  const carrier = await found(model.widget_manager, id);
  const { store, filled } = labOf(carrier.get("key"));
  await filled;
  const libraries = model.get("libraries").filter(name => !arrived.has(name));
  if (libraries.length) carrier.send({ type: "hello", modules: false, libraries, ...store.trace.holdings() });
  return mount(el, store, { ...model.get("options"), name: model.get("name") });
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
