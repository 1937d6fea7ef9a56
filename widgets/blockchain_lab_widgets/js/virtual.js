// A long list of equally high rows, of which only those in sight have elements.
import { element } from "./dom.js";

const BEYOND = 6; // rows kept above and below the window

/**
 * @param {Element} host becomes the scrolling window
 * @param {number} rowHeight pixels
 * @param {(row: number) => Element} make an element for a row; it is placed by us
 * @returns {{setCount, redraw, reveal, elementAt, stop}}
 */
export function virtualList(host, rowHeight, make) {
  host.classList.add("bl-window");
  const spacer = host.appendChild(element("div", { class: "bl-spacer" }));
  const live = new Map(); // row -> element
  let count = 0;

  const show = () => {
    const first = Math.max(0, Math.floor(host.scrollTop / rowHeight) - BEYOND);
    const last = Math.min(count - 1, Math.ceil((host.scrollTop + host.clientHeight) / rowHeight) + BEYOND);
    for (const [row, made] of live) {
      if (row >= first && row <= last) continue;
      made.remove();
      live.delete(row);
    }
    for (let row = first; row <= last; row++) {
      if (live.has(row)) continue;
      const made = make(row);
      made.style.top = `${row * rowHeight}px`;
      live.set(row, made);
      spacer.append(made);
    }
  };
  const clear = () => {
    spacer.replaceChildren();
    live.clear();
  };
  host.addEventListener("scroll", show, { passive: true });
  const resize = new ResizeObserver(show);
  resize.observe(host);
  return {
    /** So many rows from now on; all are made anew. */
    setCount(rows) {
      count = rows;
      spacer.style.height = `${rows * rowHeight}px`;
      clear();
      show();
    },
    /** Make what is in sight anew. */
    redraw() {
      clear();
      show();
    },
    /** Scroll as little as needed to bring a row into sight, with some rows around it. */
    reveal(row, around = 2) {
      const top = (row - around) * rowHeight;
      const bottom = (row + 1 + around) * rowHeight;
      if (top < host.scrollTop) host.scrollTop = Math.max(0, top);
      else if (bottom > host.scrollTop + host.clientHeight) host.scrollTop = bottom - host.clientHeight;
      show();
    },
    /** The element of a row in sight, or undefined. */
    elementAt: row => live.get(row),
    /** All rows in sight with their elements. */
    get live() {
      return live;
    },
    stop() {
      host.removeEventListener("scroll", show);
      resize.disconnect();
    },
  };
}
