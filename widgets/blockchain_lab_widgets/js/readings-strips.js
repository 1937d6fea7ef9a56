// What the readings view draws of this run: what is there, over it the rule, under it the popular text. Pure.
//
// A strip is a row of cells with spans over and under them; all stand between 0 and `total`, whatever is counted there.
import { countOf, formatCount } from "./describe.js";
import { DEPOSITS } from "./readings-model.js";

/** So many cells are drawn: of a longer branch the last ones, of more validators the first. */
export const MOST_CELLS = 60;

/** Of so many a cell has room for a word. */
export const NAMED = 20;

/**
 * @typedef {{from, to, text, tip}} Span
 * @typedef {{from, to, name, text, tip, kind}} Cell `name` in the selection grammar, "" for none; `kind` "block", "final", "ghost", "peer" or "dot"
 * @typedef {{at, text, level}} Mark under a cell; `level` of tree-checkpoints.js, or null
 * @typedef {{total: number, subject: string, cells: Cell[], marks: Mark[], over: Span[], under: Span[], left: number}} Strip
 *   `left`: cells that are not drawn
 */

/** Runs of equal values: {from, to, value}, `to` not included. */
function findRuns(values) {
  const runs = [];
  values.forEach((value, at) => {
    if (runs.at(-1)?.value === value) runs.at(-1).to = at + 1;
    else runs.push({ from: at, to: at + 1, value });
  });
  return runs;
}

/** The branch as cells, with its checkpoints as marks; `more` ghosts behind the head. */
function branchStrip({ walk, state, nameOf }, over, under, more = 0) {
  const first = Math.max(0, walk.blocks.length + more - MOST_CELLS);
  const final = walk.blocks.findLastIndex(({ hash }) => hash === state.finalised.block);
  const shown = walk.blocks.slice(first);
  const cells = shown.map(({ hash, height, name }) => ({
    from: height - first, to: height - first + 1, name: `block:${hash}`, text: name, kind: height <= final ? "final" : "block",
    tip: `${name}${height <= final ? ", final" : ""}${walk.checkpoints.has(hash) ? `, checkpoint of epoch ${formatCount(walk.checkpoints.get(hash))}` : ""}`,
  }));
  const levelOf = hash => (hash === state.finalised.block ? "finalised" : hash === state.justified.block ? "justified" : "checkpoint");
  const marks = shown.filter(({ hash }) => walk.checkpoints.has(hash)).map(({ hash, height }) => ({ at: height - first, text: nameOf(hash), level: levelOf(hash) }));
  const total = shown.length + more;
  for (let at = shown.length; at < total; at++) cells.push({ from: at, to: at + 1, name: "", text: "?", kind: "ghost", tip: "the next block, if somebody proposes it" });
  const cut = spans => spans.map(span => ({ ...span, from: Math.max(0, span.from - first), to: Math.min(total, span.to - first) })).filter(({ from, to }) => to > from);
  return { total, subject: "blocks", cells, marks, over: cut(over), under: cut(under), left: first };
}

const nameOfValidator = (name, peers) => `${peers.includes(name) ? "peer" : "validator"}:${name}`;
const span = (from, to, text, tip = text) => ({ from, to, text, tip });

const MAKE = {
  "epoch"(values, scene) {
    const { blocks } = scene.walk;
    const length = scene.rules.epoch_length;
    const over = findRuns(blocks.map(({ height }) => Math.floor(height / length)));
    const under = [];
    for (let [begins, number] = [0, 0]; begins < blocks.length; begins += length + number, number += 1) under.push(span(begins, Math.min(blocks.length, begins + length + number), formatCount(number), `epoch ${formatCount(number)} if epochs grew: ${countOf(length + number, "block")}`));
    return branchStrip(scene, over.map(({ from, to, value }) => span(from, to, formatCount(value), `epoch ${formatCount(value)}: ${countOf(length, "block")}`)), under);
  },
  "checkpoint"({ misread }, scene) {
    const { blocks, checkpoints } = scene.walk;
    const over = blocks.filter(({ hash }) => checkpoints.has(hash)).map(({ hash, height, name }) => span(height, height + 1, formatCount(checkpoints.get(hash)), `${name}: checkpoint of epoch ${formatCount(checkpoints.get(hash))}`));
    const under = blocks.slice(misread.from).map(({ height, name }) => span(height, height + 1, "", `${name}: “being finalised”`));
    return branchStrip(scene, over, under);
  },
  "dynasty"({ misread }, scene) {
    const { blocks } = scene.walk;
    const over = findRuns(blocks.map(({ dynasty }) => dynasty)).map(({ from, to, value }) => span(from, to, formatCount(value), `dynasty ${formatCount(value)}: blocks ${blocks[from].name} to ${blocks[to - 1].name}`));
    return branchStrip(scene, over, [span(0, blocks.length, formatCount(misread), `dynasty ${formatCount(misread)} for all: so many are final now`)]);
  },
  "finality"({ final, justified, epoch, misread }, scene) {
    const { blocks } = scene.walk;
    const over = [span(0, final + 1, "final", `final: ${blocks[final].name} and all that came before`)];
    if (justified > final) over.push(span(justified, justified + 1, "⅔", `${blocks[justified].name} is justified: two thirds have voted for a link to it`));
    return branchStrip(scene, over, [span(0, misread + 1, "called final", `called final after one vote: all of epoch ${formatCount(epoch)}`)]);
  },
  "stake"({ source, epoch }, scene) {
    const { blocks, checkpoints } = scene.walk;
    const heightOf = wanted => blocks.findLastIndex(({ hash }) => checkpoints.get(hash) === wanted);
    const [from, to] = [heightOf(source), heightOf(epoch)];
    const [start, end] = [from, to].map(height => blocks[height]?.name ?? "?");
    const head = blocks.at(-1);
    return branchStrip(scene, [span(from, to + 1, "link →", `a link from ${start} to ${end}`)], [span(head.height, head.height + 1, blocks.length > NAMED ? "●" : "bet", `a bet on ${head.name}`)]);
  },
  "consensus"(values, scene) {
    const { blocks } = scene.walk;
    const more = 3;
    const strip = branchStrip(scene, [span(blocks.length, blocks.length + more, "wait", "nothing is counted before a block comes")], [span(0, blocks.length + more, "goes on by itself")], more);
    return { ...strip, under: strip.under };
  },
  "withdrawal"({ validator, asked, begins, allowed, misread, now }) {
    const last = Math.max(now, allowed ?? 0, misread) + 1;
    const total = last - asked + 1;
    const few = total <= MOST_CELLS;
    const cells = few ? Array.from({ length: total }, (_, at) => ({ from: at, to: at + 1, name: "", text: formatCount(asked + at), kind: asked + at <= now ? "final" : "ghost", tip: `epoch ${formatCount(asked + at)}${asked + at > now ? ", to come" : ""}` })) : [];
    const after = (epoch, text) => span(epoch - asked, total, text, `${validator}: ${text} from epoch ${formatCount(epoch)} on`);
    const over = begins === null ? [span(0, total, "still a member", `${validator} is a member: the delay has not begun`)]
      : [span(0, begins - asked, "in", `${validator} is a member until epoch ${formatCount(begins)}`), span(begins - asked, allowed - asked, "wait", `delay: epochs ${formatCount(begins)} to ${formatCount(allowed - 1)}`), after(allowed, "out")];
    const under = [span(0, misread - asked, "wait", `delay from the request: epochs ${formatCount(asked)} to ${formatCount(misread - 1)}`), after(misread, "out")];
    return { total, subject: "epochs", cells, marks: [], over: over.filter(({ from, to }) => to > from), under, left: 0 };
  },
  "deposit"({ coins }, { peers }) {
    const most = Math.max(DEPOSITS.rule * 4, ...coins.map(each => each.coins));
    const place = amount => Math.log10(Math.max(1, amount));
    const total = place(most) * 1.05;
    const byPlace = new Map(); // equal deposits stand on one dot
    for (const each of coins) byPlace.set(each.coins, [...(byPlace.get(each.coins) ?? []), each]);
    const cells = [...byPlace].slice(0, MOST_CELLS).map(([amount, all]) => ({
      from: place(amount), to: place(amount), kind: "dot", text: "", name: all.length === 1 ? nameOfValidator(all[0].name, peers) : "",
      tip: `${all.map(({ name }) => name).slice(0, 6).join(", ")}${all.length > 6 ? " …" : ""}: ${countOf(Math.round(amount * 100) / 100, "coin")}`,
    }));
    const enough = (least, tip) => [span(place(least), total, `${formatCount(least)} and more`, tip)];
    const marks = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].filter(amount => place(amount) < total).map(amount => ({ at: place(amount), text: formatCount(amount), level: null }));
    return { total, subject: "deposits", cells, marks, over: enough(DEPOSITS.rule, "enough by EIP-1011"), under: enough(DEPOSITS.misread, "enough for the beacon chain"), left: Math.max(0, byPlace.size - MOST_CELLS) };
  },
  "who votes"({ members, voted, drawn }, { peers }) {
    const shown = members.slice(0, MOST_CELLS);
    const [votes, lot] = [new Set(voted), new Set(drawn)];
    const cells = shown.map((name, at) => ({ from: at, to: at + 1, name: nameOfValidator(name, peers), text: name, kind: "peer", tip: name }));
    const spans = tell => shown.flatMap((name, at) => tell(name, at) ?? []);
    return {
      total: shown.length, subject: "validators", cells, marks: [], left: members.length - shown.length,
      over: spans((name, at) => [span(at, at + 1, votes.has(name) ? "voted" : "may vote", `${name} ${votes.has(name) ? "has voted, and it counts" : "may vote, and no block carries its vote"}`)]),
      under: spans((name, at) => (lot.has(name) ? [span(at, at + 1, "drawn", `${name} would be drawn`)] : null)),
    };
  },
};

/**
 * The strip of a sentence.
 *
 * @param {object} values of `readScene`, not null
 * @param {object} scene that of `readScene`, with `nameOf` and `peers`
 * @returns {Strip}
 */
export function makeStrip(about, values, scene) {
  return MAKE[about](values, scene);
}

/** What a strip says over and under its cells, for who does not see it. */
export function tellStrip({ over, under, left, subject }) {
  const list = spans => spans.slice(0, 8).map(({ tip }) => tip).join("; ") || "nothing";
  return `Rule: ${list(over)}. Misreading: ${list(under)}.${left ? ` ${formatCount(left)} more ${subject} are not drawn.` : ""}`;
}
