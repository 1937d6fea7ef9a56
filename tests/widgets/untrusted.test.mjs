import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../../widgets/blockchain_lab_widgets/js/", import.meta.url);
const MARKUP = /\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write|DOMParser|srcdoc|eval|new Function)\b/;

test("no module can make markup or code out of a text", () => {
  for (const name of readdirSync(FOLDER).filter(file => file.endsWith(".js"))) {
    const found = readFileSync(new URL(name, FOLDER), "utf-8").match(MARKUP);
    assert.equal(null, found, `${name}: ${found?.[0]}`);
  }
});
