// Over each pool, or book, its peer's name, to be changed; and how many of them stand side by side.
import { button, element, setAttributes, setText } from "./dom.js";
import { MOST_POOLS } from "./mempool-layout.js";

/**
 * @param {string[]} peers
 * @param {string} noun what stands below: "pool"
 * @param {{change: (at: number, host: number) => void, add: function, remove: (at: number) => void}} on
 * @returns {{root: Element, more: Element, update: (shown: number[], words: string[]) => void, hold: (isHeld: boolean) => void}}
 *   `more` adds one; while they are held nothing can be chosen
 */
export function columnHeads(peers, noun, on) {
  const root = element("div", { class: "bl-pool-heads" });
  const more = element("button", { type: "button", class: "bl-side" }, `+ ${noun}`);
  setAttributes(more, { title: `Another peer's ${noun} beside these, up to ${MOST_POOLS}` });
  more.addEventListener("click", on.add);
  const heads = [];
  let isHeld = false;

  const makeHead = at => {
    const choice = element("select", { "aria-label": `Peer of ${noun} ${at + 1}` }, ...peers.map((name, host) => new Option(name, host)));
    choice.addEventListener("change", () => on.change(at, Number(choice.value)));
    const words = element("span", { class: "bl-pool-words" });
    const close = button("×", `Close ${noun} ${at + 1}`, () => {
      on.remove(at);
      heads[0].choice.focus();
    });
    const box = root.appendChild(element("div", { class: "bl-pool-head" }, choice, words, close));
    return { box, choice, words, close };
  };
  const update = (shown, words) => {
    while (heads.length < shown.length) heads.push(makeHead(heads.length));
    while (heads.length > shown.length) heads.pop().box.remove();
    heads.forEach((head, at) => {
      if (head.choice.value !== String(shown[at])) head.choice.value = String(shown[at]);
      setText(head.words, words[at]);
      head.words.title = words[at];
      head.close.hidden = shown.length === 1;
    });
    hold(isHeld);
  };
  const hold = held => {
    isHeld = held;
    for (const { choice, close } of heads) choice.disabled = close.disabled = isHeld;
    more.disabled = isHeld || heads.length >= Math.min(MOST_POOLS, peers.length);
  };
  return { root, more, update, hold };
}
