// Scripts of others (vis-network) come apart from our modules, and only when a view wants them.

class Library {
  constructor() {
    this.ready = new Promise(resolve => { this.arrive = resolve; });
  }
}

const libraries = new Map(); // name -> Library; one per page, like the scripts themselves

function entryOf(name) {
  if (!libraries.has(name)) libraries.set(name, new Library());
  return libraries.get(name);
}

/** Its module, as soon as the page has it: `library("vis").then(vis => ...)`. */
export function library(name) {
  return entryOf(name).ready;
}

/** Whoever loads scripts (Jupyter's loader, the standalone player) hands them in here. */
export function provide(name, module) {
  entryOf(name).arrive(module);
}
