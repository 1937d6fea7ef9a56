// Making and changing elements. Text goes in as text nodes only: what a peer sends never becomes markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(made, attributes, children) {
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** An HTML element. `element("p", { class: "bl-note" }, "text", child)`; an attribute of null is left out. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** Set attributes, and only those that changed; null removes one. */
export function setAttributes(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) target.removeAttribute(name);
    else if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
  }
}

/** Set a text, and only when it changed: a live region would read it out again. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** A push button with a text or an icon, and a name for those who do not see it. */
export function button(content, label, onClick) {
  const made = element("button", { type: "button", class: "bl-button", title: label, "aria-label": label }, content);
  made.addEventListener("click", onClick);
  return made;
}

/**
 * Children of `parent` kept in step with a list of keys: made once, updated in place, removed when their key goes.
 * An element that stays is the same element, so transitions and focus survive.
 */
export class Keyed {
  /** @param {(key: string) => Element} make called once for each new key */
  constructor(parent, make) {
    Object.assign(this, { parent, make });
    this.live = new Map();
  }

  /** `update(element, key)` for every key; what has no key any more is removed. */
  sync(keys, update) {
    const wanted = new Set(keys);
    for (const [key, made] of this.live) {
      if (wanted.has(key)) continue;
      made.remove();
      this.live.delete(key);
    }
    for (const key of wanted) {
      const known = this.live.get(key);
      const made = known ?? this.make(key);
      if (!known) {
        this.live.set(key, made);
        this.parent.append(made);
      }
      update(made, key);
    }
  }
}
