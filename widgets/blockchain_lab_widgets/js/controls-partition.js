// A partition by list: two columns of names, and the words of what would be cut.
import { does, listNames } from "./acting-words.js";
import { toButton } from "./controls-offers.js";
import { element, setText } from "./dom.js";

const SIDES = [["left", "One side"], ["right", "Other side (none: everybody else)"]];

/** @returns {{root: Element, update: (scene, why?: string) => void}} */
export function partitionForm(store, onChoose) {
  const sentence = element("p", { class: "bl-act-sentence", "aria-live": "polite" });
  const buttons = element("div", { class: "bl-act-group" });
  const columns = element("div", { class: "bl-act-sides" });
  const root = element("div", { class: "bl-act-parting" }, columns, sentence, buttons);
  const sides = { left: new Map(), right: new Map() }; // name -> its checkbox
  let peers = [];
  let stands = null; // the partition that the boxes were set after
  let look = () => {};

  const checked = side => [...sides[side]].filter(([, box]) => box.checked).map(([name]) => name);
  const build = () => {
    peers = store.trace.peers;
    columns.replaceChildren(...SIDES.map(([side, title]) => {
      sides[side].clear();
      const boxes = peers.map(name => toBox(sides, side, name, () => look()));
      return element("fieldset", { class: "bl-act-side" }, element("legend", {}, title), element("div", {}, ...boxes));
    }));
  };
  const set = partition => {
    stands = partition;
    for (const name of peers) {
      sides.left.get(name).checked = partition?.group.includes(name) ?? false;
      sides.right.get(name).checked = partition?.against.includes(name) ?? false;
    }
  };

  const update = ({ state: { partition } }, why) => {
    if (peers !== store.trace.peers) build();
    if (partition !== stands) set(partition);
    look = () => {
      const [left, right] = [checked("left"), checked("right")];
      setText(sentence, describeCut(partition, left, right));
      const heal = does("Heal", { do: "Heal" }, "Healed the partition.", partition ? undefined : "nothing is parted");
      const offers = [getCut(partition, left, right, peers), heal];
      const looks = JSON.stringify([offers, why]);
      if (buttons.dataset.looks === looks) return;
      buttons.dataset.looks = looks;
      buttons.replaceChildren(...offers.map(offer => toButton({ ...offer, why: offer.why ?? why }, why, onChoose)));
    };
    look();
  };
  return { root, update };
}

// Nobody is on both sides: a check on one takes it away on the other.
function toBox(sides, side, name, onChange) {
  const box = element("input", { type: "checkbox" });
  sides[side].set(name, box);
  box.addEventListener("change", () => {
    if (box.checked) sides[side === "left" ? "right" : "left"].get(name).checked = false;
    onChange();
  });
  return element("label", {}, box, element("span", {}, name));
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
