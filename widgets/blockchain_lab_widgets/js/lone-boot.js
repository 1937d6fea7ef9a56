// What travels with every picture that stands alone, without a lab: it loads the modules and passes messages on.
import { loadModules } from "./loader.js"; // Python puts its text here

const pages = (globalThis[Symbol.for("blockchain-lab/lone/1")] ??= new Map()); // a build's digest -> its entry, once

export default {
  async render({ model, el }) {
    const digest = model.get("digest");
    if (!pages.has(digest)) pages.set(digest, loadModules(model.get("modules"), model.get("entry")));
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
