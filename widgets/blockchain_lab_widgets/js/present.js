// Presentation: the widget as large as the window, larger type, one key to the next prepared moment.
import { formatCount } from "./describe.js";
import { button, element, setAttributes, setText } from "./dom.js";
import { findReached, getMoments } from "./present-moments.js";

const THEIRS = "select, textarea, [contenteditable]"; // Page Up and Page Down mean something there
let presented = null; // one widget of a page at a time: who begins takes it from the other

/**
 * Lets `root` be presented: asked for by an event "bl-present" from inside, or at once by `options.present`.
 *
 * @param {(isOn: boolean) => void} [options.onPresent] told when it begins and ends: a notebook hides its code meanwhile
 * @returns {function} ends it for good
 */
export function presenting(root, store, { present = false, onPresent = () => {} }) {
  let show = null;
  const leave = () => {
    show?.stop();
    show = null;
    if (presented === leave) presented = null;
  };
  const begin = isFromStart => {
    if (show) return;
    const isTaken = presented !== null; // whose full screen may be ending yet: the window is enough then
    presented?.();
    presented = leave;
    show = new Presentation(root, store, leave, onPresent, isTaken);
    if (isFromStart) show.goTo(0);
  };
  const onWish = () => begin(false);
  const waitForPage = () => { // a notebook puts the widget into its page a little later
    if (root.isConnected) begin(true);
    else waiting = requestAnimationFrame(waitForPage);
  };
  let waiting = 0;
  root.dataset.presents = "";
  root.addEventListener("bl-present", onWish);
  if (present) waitForPage();
  return () => {
    cancelAnimationFrame(waiting);
    root.removeEventListener("bl-present", onWish);
    leave();
  };
}

class Presentation {
  #isCovering = false;
  #isAsking = false; // the browser has not said whether it gives the whole screen

  constructor(root, store, leave, onPresent, isWindowEnough) {
    Object.assign(this, { root, store, leave, onPresent });
    this.moments = getMoments(store.trace);
    this.at = findReached(this.moments, store.cursor);
    this.count = element("span", { class: "bl-present-count" });
    this.caption = element("span", { class: "bl-present-caption", role: "status" });
    this.back = button("\u2039", "The moment before (Page Up)", () => this.goTo(this.at - 1));
    this.next = button("\u203a", "The next moment (Page Down)", () => this.goTo(this.at + 1));
    this.size = element("button", { type: "button", class: "bl-present-size" });
    this.size.addEventListener("click", () => (this.#isCovering ? this.#putBack() : this.#cover()));
    const end = button("\u00d7", "End the presentation (Escape)", () => leave());
    this.bar = element("div", { class: "bl-present-bar", role: "toolbar", "aria-label": "Presentation" },
      this.back, this.count, this.next, this.caption, this.size, end);
    root.classList.add("bl-presenting");
    root.prepend(this.bar);
    this.unbind = this.#bind();
    onPresent(true);
    this.#cover(isWindowEnough);
    this.#update();
    root.focus({ preventScroll: true });
  }

  #bind() {
    const { root } = this;
    const bound = [
      [document, "keydown", event => this.#onPage(event), true],
      [document, "focusin", ({ target }) => {
        if (this.#isCovering && target !== root && !root.contains(target)) root.focus({ preventScroll: true });
      }, false],
      [document, "keydown", event => this.#onEscape(event), false],
      [document, "fullscreenchange", () => this.#onScreen(), false],
    ];
    for (const [target, type, act, isEarly] of bound) target.addEventListener(type, act, isEarly);
    return () => {
      for (const [target, type, act, isEarly] of bound) target.removeEventListener(type, act, isEarly);
    };
  }

  /** Is the key meant for us? While we cover the window there is nobody else whom a reader could mean. */
  #isOurs({ target, ctrlKey, metaKey, altKey, shiftKey }) {
    return !ctrlKey && !metaKey && !altKey && !shiftKey && (this.#isCovering || this.root.contains(target));
  }

  #onPage(event) {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step || !this.#isOurs(event) || event.target.matches?.(THEIRS)) return;
    event.preventDefault();
    event.stopPropagation();
    this.goTo(this.at + step);
  }

  #onEscape(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.#isOurs(event)) return; // what is open inside closes first
    event.preventDefault();
    this.leave();
  }

  // The browser ends its full screen by itself, at Escape: that is the end of the presentation, too.
  #onScreen() {
    if (!this.#isAsking && this.isWhole && !document.fullscreenElement) this.leave();
  }

  /** Go to a moment; none beyond the first and the last, nor beyond what may be read. */
  goTo(place) {
    const { store, moments } = this;
    const moment = moments[place];
    if (!moment) return;
    store.say("");
    store.goto(moment.event);
    if (store.cursor === moment.event) {
      this.at = place;
      if (moment.select !== null) store.select(moment.select);
      for (const name of moment.views) store.open(name);
      if (moment.views.length) this.root.focus({ preventScroll: true }); // the keys of time go on acting
    }
    this.#update();
  }

  #update() {
    const { moments, at } = this;
    setText(this.count, `${at < 0 ? "\u2013" : formatCount(at + 1)} of ${formatCount(moments.length)}`);
    setText(this.caption, at < 0 ? `Page Down: ${moments[0].caption}` : moments[at].caption);
    setAttributes(this.caption, { title: this.caption.textContent });
    for (const [control, isLast] of [[this.back, at <= 0], [this.next, at >= moments.length - 1]]) {
      if (isLast && control === document.activeElement) this.root.focus({ preventScroll: true });
      control.disabled = isLast;
    }
    setText(this.size, this.#isCovering ? "In the page" : "Fill the window");
  }

  // The whole screen when the browser gives it (it wants a click or a key for that), else its window.
  #cover(isWindowEnough = false) {
    const { root } = this;
    this.#isCovering = true;
    root.classList.add("bl-covering");
    const fill = () => {
      if (!this.#isCovering || !root.isConnected || !root.showPopover) return;
      root.setAttribute("popover", "manual");
      root.showPopover(); // above all of the page, whatever cuts off or moves its parts
    };
    if (isWindowEnough || !document.fullscreenEnabled || !navigator.userActivation?.isActive) fill();
    else {
      this.#isAsking = true;
      const take = () => {
        if (this.#isCovering) this.isWhole = true;
        else if (document.fullscreenElement === root) document.exitFullscreen(); // it came too late
      };
      root.requestFullscreen().then(take, fill).finally(() => { this.#isAsking = false; });
    }
    this.#update();
  }

  #putBack() {
    this.#uncover();
    this.root.scrollIntoView({ block: "start" });
  }

  #uncover() {
    const { root } = this;
    this.#isCovering = false;
    root.classList.remove("bl-covering");
    const wasWhole = this.isWhole;
    this.isWhole = false;
    if (wasWhole && document.fullscreenElement === root) document.exitFullscreen();
    if (root.matches("[popover]")) {
      if (root.isConnected && root.matches(":popover-open")) root.hidePopover();
      root.removeAttribute("popover");
    }
    this.#update();
  }

  stop() {
    this.unbind();
    if (this.#isCovering) this.#uncover();
    this.bar.remove();
    this.root.classList.remove("bl-presenting");
    this.onPresent(false);
    if (this.root.isConnected) {
      this.root.focus({ preventScroll: true });
      this.root.scrollIntoView({ block: "nearest" });
    }
  }
}
