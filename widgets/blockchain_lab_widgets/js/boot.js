// The only code sent with every widget: it loads the modules once per page and passes messages on to them.
//
// Every widget brings its own copy of this text, so what the copies share lies on the page. Python pushes
// modules and records first; a page that missed them (reloaded, or opened second) says hello.
import { loadLibrary, loadModules } from "./loader.js"; // Python puts its text here

/** One build of our modules; two versions of the package may live on one page. */
class Build {
  constructor() {
    this.entry = new Promise(resolve => { this.resolve = resolve; }); // jupyter.js, once it runs
    this.loading = false;
    this.asked = new WeakSet(); // widget managers (one per notebook) through which we asked for the modules
    this.filled = new Set(); // keys of carriers whose records have come
    this.libraries = new Set(); // names of the others' scripts that have come
    this.milliseconds = null; // from the modules' arrival until they ran
  }
}

const builds = (globalThis[Symbol.for("blockchain-lab/1")] ??= new Map());

function buildOf(digest) {
  if (!builds.has(digest)) builds.set(digest, new Build());
  return builds.get(digest);
}

/** Our modules, once. */
async function load(build, packed) {
  if (build.loading) return;
  build.loading = true;
  const begun = performance.now();
  const entry = await loadModules(packed, "jupyter.js");
  build.milliseconds = performance.now() - begun;
  build.resolve(entry);
}

/** A script of others, once. */
async function provide(build, name, packed) {
  if (build.libraries.has(name)) return;
  build.libraries.add(name);
  const library = await loadLibrary(name, packed);
  (await build.entry).provide(name, library);
}

/** One message from a carrier; `send` answers through the model it came by. */
function receive(build, key, send, head, buffers) {
  if (head.type === "modules") return load(build, buffers[0]);
  if (head.type === "library") return provide(build, head.name, buffers[0]);
  if (head.type === "records") build.filled.add(key);
  return build.entry.then(entry => entry.receive(key, send, head, buffers));
}

/** Ask for what the page lacks; for the modules once a notebook, not once a lab. */
function sayHello(build, manager, send) {
  const modules = !build.loading && !build.asked.has(manager);
  if (modules) build.asked.add(manager);
  send({ type: "hello", modules, libraries: [], epoch: 0, have: 0, facts: 0, messages: 0 });
}

/** Sends through a model. False when it cannot: the kernel is gone, what we have is what there is. */
function sender(model) {
  return message => {
    try {
      model.send(message);
      return true;
    } catch {
      return false;
    }
  };
}

/** A carrier begins: listen first, ask afterwards. */
function connect(build, model) {
  const key = model.get("key");
  const manager = model.widget_manager;
  const send = sender(model);
  model.on("msg:custom", (head, buffers) => receive(build, key, send, head, buffers));
  build.entry.then(entry => entry.attach(key, send, manager));
  if (!model.get("eager")) sayHello(build, manager, send); // a reload, or a second page
  model.on("change:eager", () => {
    if (!build.filled.has(key)) sayHello(build, manager, send);
  });
}

/**
 * anywidget drops every message of a model whose start took over two seconds, for ever. A view whose carrier
 * stays silent therefore listens on the carrier's channel itself, and asks again.
 */
async function rescue(build, manager, id) {
  const carrier = await manager.get_model(id);
  const key = carrier.get("key");
  if (build.filled.has(key) && build.loading) return;
  const send = sender(carrier);
  carrier.comm?.on_msg(message => {
    const { method, content } = message.content.data;
    const views = message.buffers.map(buffer => (buffer instanceof ArrayBuffer ? new DataView(buffer) : buffer));
    if (method === "custom") receive(build, key, send, content, views);
  });
  build.entry.then(entry => entry.attach(key, send, manager));
  if (!build.loading) build.asked.delete(manager);
  sayHello(build, manager, send);
}

export default {
  initialize({ model }) { // must not wait: anywidget holds messages back until it returns
    if (model.get("role") !== "carrier") return undefined;
    const build = buildOf(model.get("digest"));
    connect(build, model);
    return () => build.entry.then(entry => entry.forget(model.get("key"))); // Python closed the carrier
  },

  async render({ model, el }) {
    if (model.get("role") !== "view") return undefined;
    const build = buildOf(model.get("digest"));
    const [id, ...others] = [model.get("carrier"), model.get("other")].filter(Boolean).map(reference => reference.replace("IPY_MODEL_", ""));
    const waiting = document.createElement("p");
    waiting.textContent = "Waiting for Python. If nothing appears, run this cell again.";
    const patience = setTimeout(() => el.append(waiting), 1500);
    const alarm = setTimeout(() => [id, ...others].forEach(each => rescue(build, model.widget_manager, each)), 4000);
    const entry = await build.entry;
    const unmount = await entry.view(model, el, id, build.libraries);
    clearTimeout(patience);
    clearTimeout(alarm);
    waiting.remove();
    return unmount;
  },
};
