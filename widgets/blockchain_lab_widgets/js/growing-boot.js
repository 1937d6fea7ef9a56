// What travels with every growing curve: it loads the picture's modules and passes messages on.
import { loadModules } from "./loader.js"; // Python puts its text here

const pages = (globalThis[Symbol.for("blockchain-lab/growing/1")] ??= new Map()); // a build's digest -> its entry, once

export default {
  async render({ model, el }) {
    const digest = model.get("digest");
    if (!pages.has(digest)) pages.set(digest, loadModules(model.get("modules"), "growing.js"));
    const { mount } = await pages.get(digest);
    const send = message => {
      try {
        model.send(message);
      } catch {
        view.lose();
      }
    };
    const view = mount(el, send);
    const look = () => view.show(model.get("state"));
    model.on("change:state", look);
    look();
    return () => {
      model.off("change:state", look);
      view.stop();
    };
  },
};
