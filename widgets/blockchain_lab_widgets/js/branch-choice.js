// Whose branch a view shows: a list of the peers in its head, remembered in the store, following the selection.
import { element } from "./dom.js";
import { aboutOf, holdChoice } from "./lens.js";

export class BranchChoice {
  #followed = null; // the selection that the choice has followed

  /**
   * @param {string} memory its name in the store's memory
   * @param {string|string[]} [seenBy] the peer to begin with, when nothing is remembered
   * @param {function} onChange called when the reader has chosen; that stays until another peer is selected
   */
  constructor(store, memory, seenBy, onChange) {
    const { peers } = store.trace;
    this.store = store;
    this.list = element("select", {}, ...peers.map(name => new Option(name)));
    this.list.value = store.memory.get(memory) ?? [seenBy ?? []].flat().find(name => peers.includes(name)) ?? peers[0] ?? "";
    this.root = element("label", {}, "On the branch of ", this.list);
    this.list.addEventListener("change", () => {
      store.memory.set(memory, this.value);
      onChange();
    });
  }

  /** The peer's name. */
  get value() {
    return this.list.value;
  }

  /** Its host number; -1 without peers. */
  get host() {
    return this.store.trace.peers.indexOf(this.value);
  }

  /** Choose the selected peer, once; at every paint. Under a lens the choice is held. */
  follow() {
    const { store, list } = this;
    holdChoice(list, store);
    const about = aboutOf(store);
    if (about === this.#followed) return;
    this.#followed = about;
    const name = about?.startsWith("peer:") ? about.slice(5) : null;
    if (store.trace.peers.includes(name)) list.value = name;
  }
}
