// Files that leave the page: handed to the browser, which puts them where its user wants them.

const KEPT = 1000; // milliseconds after which a browser has taken a file
const SHARPNESS = 2; // pixels of a PNG per pixel of the page

/** Let the browser save a file. */
export function download(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: name, hidden: true });
  document.body.append(link); // Firefox hears no click on what is in no page
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}

/** A picture as a PNG, twice as sharp as the page. The promise fails when the browser cannot draw it. */
export async function toPng({ text, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`; // no blob: a page of its own forbids those
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: width * SHARPNESS, height: height * SHARPNESS });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error("it is too large"))), "image/png");
  });
}

/**
 * Put the text of a field where the next paste takes it from. False where the browser does not let us; then it is
 * selected, so that it can be copied by hand.
 */
export async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value); // a page that came by plain http has no clipboard
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

/** A name that every file system takes: "fork_and_heal-266.svg". */
export function fileName(story, cursor, ending) {
  return `${story.replace(/[^\w-]+/g, "_").slice(0, 60) || "run"}-${cursor}.${ending}`;
}
