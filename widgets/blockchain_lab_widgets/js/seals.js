// Sealed blocks, one card each: write into one, and it and all behind it break; mine them, and they are whole again.
//
// Python does the hashing; this shows what it says. While a block is mined its button stops the search: it is the same
// button, so the focus stays, and Space does either. Nothing is said by colour alone: a sign, a word, a broken frame.
import { button, element, Keyed, setAttributes, setText } from "./dom.js";
import { leaveByEscape } from "./escape.js";
import { keepShortcutsOut } from "./keys.js";
import { keyOf, MOST_TIMES, sayHash, saySearch, sayState } from "./seals-words.js";
import { PAPER, SEALS } from "./style-seals.js";
import { watchTheme } from "./theme.js";

/** The shared rules go in front of all others, so that they overrule nothing that a view adds to them. */
function install(page) {
  if (page.getElementById("blockchain-lab-seals-style")) return;
  const sheet = page.createElement("style");
  sheet.id = "blockchain-lab-seals-style";
  sheet.textContent = PAPER + SEALS;
  page.head.prepend(sheet);
}

/** One block. `ask` sends a wish to Python. */
class Card {
  constructor(number, ask) {
    Object.assign(this, { number, ask });
    this.sign = element("span", { class: "bl-seal-sign", "aria-hidden": "true" });
    this.word = element("span", { class: "bl-seal-word" });
    this.text = element("input", { class: "bl-seal-text", type: "text", maxlength: "60", autocomplete: "off", spellcheck: "false", "aria-label": `Text of block ${number}` });
    this.text.addEventListener("input", () => ask({ do: "write", number, text: this.text.value }));
    this.text.addEventListener("keydown", event => { if (event.key === "Enter") this.press(); });
    [this.previous, this.nonce, this.hash] = [0, 1, 2].map(() => element("dd"));
    this.mine = button("Mine", `Mine block ${number}`, () => this.press());
    this.mine.classList.add("bl-seal-mine");
    const rows = [["block before", this.previous], ["nonce", this.nonce], ["hash", this.hash]];
    this.root = element(
      "section",
      { class: "bl-seal", role: "group" },
      element("div", { class: "bl-seal-head" }, element("b", {}, `Block ${number}`), this.sign, this.word),
      this.text,
      element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), value])),
      this.mine,
    );
  }

  press() {
    if (this.mine.getAttribute("aria-disabled")) return;
    this.ask(this.isMining ? { do: "cancel" } : { do: "mine", number: this.number });
  }

  show(row, search, isFixed) {
    const isBusy = search?.isRunning ?? false;
    this.isMining = isBusy && search.number === row.number;
    const state = this.isMining ? "mining" : row.isSealed ? "sealed" : "broken";
    this.root.dataset.state = state;
    setAttributes(this.root, { "aria-label": `Block ${row.number}, ${sayState(state, isFixed)}` });
    setText(this.sign, { sealed: "✓", broken: "✗", mining: "…" }[state]);
    setText(this.word, sayState(state, isFixed));
    if (this.text !== this.root.ownerDocument.activeElement && this.text.value !== row.text) this.text.value = row.text;
    this.text.readOnly = isFixed;
    for (const [place, hash] of [[this.previous, row.previous], [this.hash, row.hash]]) {
      const [zeros, rest] = sayHash(hash);
      if (place.title === hash) continue;
      place.title = hash;
      place.replaceChildren(element("b", {}, zeros), rest);
    }
    setText(this.nonce, row.nonce.toLocaleString("en"));
    setText(this.mine, this.isMining ? "Cancel" : "Mine");
    const label = `${this.isMining ? "Cancel the search for" : "Mine"} block ${row.number}`;
    setAttributes(this.mine, { "aria-label": label, title: label, "aria-disabled": isBusy && !this.isMining ? "true" : null });
  }
}

/**
 * Show sealed blocks in `host`.
 *
 * @param {(message: object) => void} send a wish of the reader's to Python
 * @returns {{show: (state) => void, lose: function, stop: function}} `show` takes the state that Python sends
 */
export function mount(host, send) {
  install(host.ownerDocument);
  const root = host.appendChild(element("div", { class: "blockchain-lab bl-seals", tabindex: "0", role: "group" }));
  const place = element("span", { class: "bl-place" });
  const zeros = element("select", { "aria-label": "Zeros that a sealed hash begins with" });
  zeros.addEventListener("change", () => send({ do: "zeros", zeros: Number(zeros.value) }));
  const choice = element("label", { class: "bl-seals-zeros" }, "sealed: the hash begins with ", zeros, " zeros");
  const rail = element("div", { class: "bl-seals-rail" });
  const bar = element("div", { class: "bl-seals-bar", role: "progressbar", "aria-label": "Tries" }, element("i"), element("s"));
  const words = element("span", { class: "bl-seals-words" });
  const said = element("div", { class: "bl-hidden", role: "status", "aria-live": "polite" });
  root.append(element("div", { class: "bl-seals-head" }, place, choice), rail, element("div", { class: "bl-seals-foot" }, bar, words), said);
  const cards = new Map();
  const live = new Keyed(rail, key => {
    const card = new Card(Number(key), send);
    cards.set(key, card);
    return card.root;
  });
  const theme = watchTheme(root);
  const letIn = keepShortcutsOut(root);
  const leave = leaveByEscape(host);
  const outOfFields = event => { // the first Escape leaves the field, the next one the picture
    if (event.key !== "Escape" || !event.target.matches("input, select")) return;
    event.preventDefault();
    root.focus({ preventScroll: true });
  };
  root.addEventListener("keydown", outOfFields);

  return {
    show(state) {
      const { rows, search, isFixed } = state;
      const progress = saySearch(search, isFixed);
      const whole = rows.filter(row => row.isSealed).length;
      setText(place, `${whole} / ${rows.length} sealed`);
      setAttributes(root, { "aria-label": `${state.title}: ${whole} of ${rows.length} sealed` });
      choice.hidden = state.zeros === null;
      if (state.zeros !== null) {
        if (!zeros.options.length) zeros.append(...state.choices.map(value => element("option", { value }, value)));
        zeros.value = state.zeros;
      }
      live.sync(rows.map(keyOf), (made, key) => {
        const row = rows.find(each => keyOf(each) === key);
        cards.get(key).show(row, search, isFixed);
      });
      const times = search ? search.tried / search.expected : 0;
      bar.style.setProperty("--bl-times", Math.min(1, times / MOST_TIMES));
      setAttributes(bar, { "aria-valuemin": 0, "aria-valuemax": MOST_TIMES, "aria-valuenow": Math.min(times, MOST_TIMES).toFixed(2), "aria-valuetext": progress });
      setText(words, state.trouble || progress);
      setText(said, search && !search.isRunning ? progress : "");
    },
    lose() {
      setText(words, "Python does not answer: run this cell again.");
    },
    stop() {
      root.removeEventListener("keydown", outOfFields);
      leave();
      letIn();
      theme.stop();
      root.remove();
    },
  };
}
