// A chip for each tip: how long and how much work, so that the longest branch and the one with most work can be told apart.
import { countOf, formatCount } from "./describe.js";
import { Keyed, element, setAttributes, setText } from "./dom.js";
import { shapeMark } from "./marks.js";
import { MOST_TIPS } from "./palette.js";
import { compareWork, formatWork, listNames } from "./tree-words.js";

/**
 * The tips that peers stand on, best first; seen by one peer its tip and, when that is ahead, its best header.
 *
 * @returns {{hash, name, fill, kind: "tip"|"best", height, work, words: string[], peers: string[]}[]}
 */
export function listTips({ tips, best, off }, model, index, peers, viewer) {
  const [top] = model.fills.keys(); // hash of the best tip that anybody stands on
  const longest = Math.max(...[...model.fills.keys()].map(hash => index.look(hash).height));
  const make = (hash, kind) => {
    const { name, height, work } = index.get(hash) ?? { name: index.nameOf(hash), height: null, work: null };
    const standing = peers.filter((_, peer) => !off[peer] && (kind === "tip" ? tips : best)[peer] === hash);
    const words = compare(hash, { height, work }, { top: index.get(top), longest, isAlone: model.fills.size === 1 });
    return { hash, name, fill: model.fills.get(hash) ?? MOST_TIPS, kind, height, work, words, peers: standing };
  };
  if (viewer === null) return [...model.fills.keys()].map(hash => make(hash, "tip"));
  const isAhead = best[viewer] !== tips[viewer] && index.isMore(best[viewer], tips[viewer]);
  return [make(tips[viewer], "tip"), ...(isAhead ? [make(best[viewer], "best")] : [])];
}

// "work 304, most"; beside another one the difference; and a word where the longest is not the one with most work.
function compare(hash, { height, work }, { top, longest, isAlone }) {
  if (!work || !top?.work) return height === longest && !isAlone ? ["longest"] : [];
  const own = hash === top.hash ? `work ${formatWork(work)}${isAlone ? "" : ", most"}` : compareWork(work, top.work);
  const isOddlyLong = height === longest && top.height < longest;
  return [own, ...(isOddlyLong ? ["longest"] : [])];
}

/** "tip B5, height 5, work 12, most; dan, eve and fay stand on it" */
export function describeTip({ name, kind, height, words, peers }) {
  const place = height === null ? [] : [`height ${formatCount(height)}`];
  const facts = [`${kind === "best" ? "headers to" : "tip"} ${name}`, ...place, ...words].join(", ");
  return peers.length && kind === "tip" ? `${facts}; ${listNames(peers)} ${peers.length > 1 ? "stand" : "stands"} on it` : facts;
}

/** The row of chips. `update(tips)`; each is a button that carries its block's name. */
export function tipStrip() {
  const root = element("div", { class: "bl-tips", role: "group", "aria-label": "Tips" });
  const rest = element("span", { class: "bl-tips-rest" });
  const chips = new Keyed(root, () => element("button", { type: "button", class: "bl-tip", tabindex: "-1" },
    element("i"), element("b"), " ", element("span"))); // a blank for those who hear it
  const update = tips => {
    const byKey = new Map(tips.slice(0, MOST_TIPS).map(tip => [`${tip.kind}/${tip.hash}`, tip]));
    chips.sync(byKey.keys(), (chip, key) => draw(chip, byKey.get(key)));
    root.append(...[...byKey.keys()].map(key => chips.live.get(key)).filter((chip, at) => root.children[at] !== chip));
    const others = tips.slice(MOST_TIPS);
    const standing = others.reduce((sum, { peers }) => sum + peers.length, 0);
    setText(rest, others.length ? `and ${countOf(others.length, "more tip")} of ${countOf(standing, "peer")}` : "");
    if (others.length) root.append(rest);
    else rest.remove();
  };
  return { root, update, getItems: () => [...chips.live.values()] };
}

function draw(chip, tip) {
  const [mark, name, words] = chip.children;
  const fill = tip.kind === "best" ? "none" : `var(--bl-tip-${tip.fill})`;
  if (chip.dataset.fill !== fill) mark.replaceChildren(shapeMark("dot", fill));
  Object.assign(chip.dataset, { fill, name: `block:${tip.hash}`, tip: describeTip(tip) });
  setAttributes(chip, { "aria-label": describeTip(tip) });
  setText(name, tip.kind === "best" ? `headers to ${tip.name}` : tip.name);
  setText(words, [tip.height === null ? "" : `height ${formatCount(tip.height)}`, ...tip.words].filter(Boolean).join(", "));
}
