// The only script in the page of an exported run: it unpacks the modules that came with it, and lets them play.
import { inflate, loadLibrary, loadModules } from "./loader.js"; // Python puts its text here

/** The bytes of one of the packed parts that stand in the page. */
function packed(name) {
  return Uint8Array.from(atob(document.getElementById(name).text), letter => letter.charCodeAt(0));
}

try {
  const { play } = await loadModules(packed("modules"), "player.js");
  await play(document, name => inflate(packed(name)).arrayBuffer(), name => loadLibrary(name, packed(name)));
} catch (error) {
  const waiting = document.getElementById("waiting");
  waiting.hidden = false;
  waiting.textContent = `This run cannot be shown: ${error.message}. It needs a browser of 2023 or later.`;
  throw error;
}
