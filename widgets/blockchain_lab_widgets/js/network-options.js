// The peers as elements: for the keyboard and for screen readers, each over its mark.
import { element, setAttributes } from "./dom.js";
import { describePeer } from "./network-words.js";
import { roving } from "./roving.js";

const MANY = 100; // peers from which on texts and places follow only when the picture rests
const REST = 150; // milliseconds
const LEAST = 16; // pixels of a mark's outline when it has the focus

/** One option for each peer in a listbox of which any number may be chosen. */
export class PeerOptions {
  #timer = 0;
  #shown = null;

  /** @param {(peer: number) => void} onChoose Enter, or a click by a screen reader */
  constructor(list, trace, onChoose) {
    this.list = list;
    this.options = trace.peers.map((_, peer) => {
      const option = element("div", { class: "bl-peer", role: "option", "data-peer": peer });
      option.addEventListener("click", () => onChoose(peer));
      return option;
    });
    list.append(...this.options);
    list.addEventListener("focusin", () => this.#write());
    this.roving = roving(list, () => this.options);
    this.roving.update();
  }

  /** Follow the picture. */
  update(scene, chosen, places, radius) {
    this.#shown = { scene, chosen, places, radius };
    clearTimeout(this.#timer);
    if (this.options.length <= MANY) this.#write();
    else this.#timer = setTimeout(() => this.#write(), REST);
  }

  #write() {
    if (!this.#shown) return;
    clearTimeout(this.#timer);
    const { scene, chosen, places, radius } = this.#shown;
    this.#shown = null;
    this.list.style.setProperty("--bl-size", `${Math.max(LEAST, 2 * radius + 12)}px`);
    for (const [peer, option] of this.options.entries()) {
      setAttributes(option, {
        "aria-label": describePeer(scene, peer).replaceAll("\n", ", "),
        "aria-selected": String(chosen.has(peer)),
      });
      option.style.translate = `${Math.round(places[peer].x)}px ${Math.round(places[peer].y)}px`;
    }
  }

  stop() {
    clearTimeout(this.#timer);
    this.roving.stop();
  }
}
