// How what Python packed becomes modules that run: in a notebook (boot.js) and in an exported run (player-boot.js).
//
// A module's imports are turned into blob URLs of those before it. Nothing is fetched: all texts came with the page.

/** Unpacked: `await inflate(packed).text()`, or `.arrayBuffer()`. */
export function inflate(packed) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
}

/** A blob URL for a module; the name shows in stack traces. */
function urlOf(name, text) {
  return URL.createObjectURL(
    new Blob([text, `\n//# sourceURL=blockchain-lab/${name}`], { type: "text/javascript" }));
}

/** Our modules, dependencies first, each with its imports turned into the blob URLs of those before. Returns `entry`. */
export async function loadModules(packed, entry) {
  const urls = {};
  for (const [name, text] of Object.entries(JSON.parse(await inflate(packed).text()))) {
    urls[name] = urlOf(name, text.replace(/"blockchain-lab\/([\w-]+\.js)"/g, (_, wanted) => `"${urls[wanted]}"`));
  }
  const module = await import(urls[entry]);
  Object.values(urls).forEach(url => URL.revokeObjectURL(url));
  return module;
}

/** A script of others, packed as one module. Returns what it exports. */
export async function loadLibrary(name, packed) {
  const url = urlOf(`${name}.js`, await inflate(packed).text());
  const module = await import(url);
  URL.revokeObjectURL(url);
  return module.default;
}
