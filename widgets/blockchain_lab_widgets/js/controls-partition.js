// A partition by list: two columns of names, and the words of what would be cut.
import { does, listNames } from "./acting-words.js";
import { MANY, nameFinder } from "./controls-find.js";
import { buttonBar, toButton } from "./controls-offers.js";
import { element, setText } from "./dom.js";
import { roving } from "./roving.js";

const SIDES = ["One side", "Other side (none: everybody else)"];

/**
 * @param {() => void} onFind other names are to be shown
 * @returns {{root: Element, update: (scene, why?: string) => void}}
 */
export function partitionForm(store, onChoose, onFind) {
  const sentence = element("p", { class: "bl-act-sentence", "aria-live": "polite" });
  const finder = nameFinder("Find peers to part", onFind, MANY);
  const buttons = buttonBar("bl-act-group", "Part and heal");
  const sides = SIDES.map((title, place) => nameBoxes(title, name => {
    sides[1 - place].uncheck(name); // nobody is on both sides
    look();
  }));
  const columns = element("div", { class: "bl-act-sides" }, ...sides.map(({ root: side }) => side));
  const root = element("div", { class: "bl-act-parting" }, finder.root, columns, sentence, buttons.root);
  let known = { found: null, partition: null }; // what the boxes were made of
  let shown = ""; // of the buttons
  let look = () => {};

  const update = ({ state: { partition } }, why) => {
    const { peers } = store.trace;
    const found = finder.find(peers);
    if (partition !== known.partition) {
      sides[0].check(partition?.group ?? []);
      sides[1].check(partition?.against ?? []);
    }
    if (partition !== known.partition || found !== known.found) sides.forEach(side => side.show(found));
    known = { found, partition };
    look = () => {
      const [left, right] = sides.map(({ checked }) => peers.filter(name => checked.has(name)));
      setText(sentence, describeCut(partition, left, right));
      const heal = does("Heal", { do: "Heal" }, "Healed the partition.", partition ? undefined : "nothing is parted");
      const offers = [getCut(partition, left, right, peers), heal];
      const looks = JSON.stringify([offers, why]);
      if (shown === looks) return;
      shown = looks;
      buttons.replace(...offers.map(offer => toButton({ ...offer, why: offer.why ?? why }, why, onChoose)));
    };
    look();
  };
  return { root, update };
}

/** One side: a box for each name, all of them one tab stop. What is checked outlives its box. */
function nameBoxes(title, onCheck) {
  const checked = new Set();
  const boxes = new Map(); // name -> its checkbox
  const grid = element("div");
  const root = element("fieldset", { class: "bl-act-side" }, element("legend", {}, title), grid);
  const walk = roving(grid, () => [...boxes.values()]);

  const toBox = name => {
    const box = element("input", { type: "checkbox" });
    boxes.set(name, box);
    box.addEventListener("change", () => {
      if (box.checked) checked.add(name);
      else checked.delete(name);
      onCheck(name);
    });
    return element("label", {}, box, element("span", {}, name));
  };
  return {
    root,
    checked,
    check(names) {
      checked.clear();
      for (const name of names) checked.add(name);
    },
    uncheck(name) {
      checked.delete(name);
      if (boxes.has(name)) boxes.get(name).checked = false;
    },
    show(names) {
      const shown = getShown(names, checked);
      if (shown.join() !== [...boxes.keys()].join()) {
        boxes.clear();
        grid.replaceChildren(...shown.map(toBox));
        walk.update();
      }
      for (const [name, box] of boxes) box.checked = checked.has(name);
    },
  };
}

// Of many names, the checked ones first: they must be there to be taken away.
function getShown(names, checked) {
  if (names.length <= MANY) return names;
  return [...names.filter(name => checked.has(name)), ...names.filter(name => !checked.has(name))].slice(0, MANY);
}

function getCut(partition, left, right, peers) {
  const action = { do: "Partition", group: left, against: right };
  return does("Part", action, `Parted ${listNames(left)} from ${nameOthers(right)}.`, whyNoCut(partition, left, right, peers));
}

function whyNoCut(partition, left, right, peers) {
  if (!left.length) return "check somebody on the first side";
  if (left.length === peers.length) return "nobody is left to be parted from";
  return isStanding(partition, left, right) ? "parted already" : undefined;
}

function describeCut(partition, left, right) {
  const now = partition ? `Parted now: ${listNames(partition.group)} from ${nameOthers(partition.against)}.` : "Nothing is parted now.";
  if (!left.length || isStanding(partition, left, right)) return now;
  return `${now} To be parted: ${listNames(left)} from ${nameOthers(right)}.`;
}

function isStanding(partition, left, right) {
  return partition !== null && isSame(left, partition.group) && isSame(right, partition.against);
}

const isSame = (names, others) => [...names].sort().join() === [...others].sort().join();

function nameOthers(names) {
  return names.length ? listNames(names) : "everybody else";
}
