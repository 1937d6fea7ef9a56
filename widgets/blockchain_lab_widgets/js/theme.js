// Light or dark: follows the paper under a view, whatever theme the page around it has.
import { applyPalette, paletteFor } from "./palette.js";

/** Attributes by which JupyterLab, and pages like it, say that their theme changed. */
const SIGNS = ["data-jp-theme-light", "data-jp-theme-name", "class", "style"];

/**
 * Keeps the palette of `root` in step with its background.
 *
 * @returns {{palette, subscribe: (listener) => function, stop: function}}
 */
export function watchTheme(root) {
  const listeners = new Set();
  const theme = { palette: null };
  const look = () => {
    const palette = paletteFor(getComputedStyle(root).backgroundColor);
    if (palette === theme.palette) return;
    theme.palette = palette;
    applyPalette(root, palette);
    for (const listener of listeners) listener();
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, { attributes: true, attributeFilter: SIGNS });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", look);
  document.addEventListener("load", look, true); // a theme's stylesheet comes after its attribute
  look();
  return Object.assign(theme, {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      watcher.disconnect();
      system.removeEventListener("change", look);
      document.removeEventListener("load", look, true);
    },
  });
}
