import assert from "node:assert/strict";
import { test } from "node:test";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { colourOf } from "../../widgets/blockchain_lab_widgets/js/message-map-draw.js";
import { layoutMap } from "../../widgets/blockchain_lab_widgets/js/message-map-layout.js";
import { countsFold, findArrow, findLit, findMessage, readLanguage } from "../../widgets/blockchain_lab_widgets/js/message-map-model.js";
import {
  listAnswers, listAsked, nameWord, shortCount, tellLit, tellMap, tellVersions, tellWord, tipOf,
} from "../../widgets/blockchain_lab_widgets/js/message-map-words.js";
import { ToyStory } from "./toy_story.mjs";

const word = (command, kind, answers = [], more = {}) =>
  ({ command, class: kind, first: "0.1", last: null, protocol: null, source: "BIP 0", answers, passed_on: false, ...more });
const COMMANDS = [
  word("version", "connection", ["verack"]), word("verack", "connection", [], { first: "0.2.9", protocol: 209 }),
  word("alert", "connection", [], { first: "0.3.11", last: "0.12", passed_on: true }),
  word("inv", "announce", ["getdata"]), word("getdata", "announce", ["block"]), word("block", "data"), word("headers", "data", ["getdata"]),
];

/** ann tells bob of a block, he asks for it and gets it; then the same to cat, and a warning goes round. */
function talk() {
  const story = new ToyStory(["ann", "bob", "cat"]);
  story.head = { commands: COMMANDS };
  const ask = (me, conn) => row => story.send(me, 0, conn ^ 1, "getdata", { cause: row, onArrival: asked => story.send(0, me, conn, "block", { cause: asked }) });
  story.later(1_000_000, () => story.send(0, 1, 2, "inv", { onArrival: ask(1, 2) }));
  story.later(2_000_000, () => story.send(0, 2, 4, "inv", { onArrival: ask(2, 4) }));
  story.later(3_000_000, () => story.send(0, 1, 2, "alert", { onArrival: row => story.send(1, 2, 6, "alert", { cause: row }) }));
  story.later(4_000_000, () => story.send(1, 2, 6, "getdata", {}));
  return story.run();
}

const numbersOf = ({ numberOf }, ...commands) => commands.map(command => numberOf.get(command));
const arrowsOf = ({ words, arrows }) => arrows.map(({ from, to }) => `${words[from].command}>${words[to].command}`);

test("the language is what Python describes, and what else is said", () => {
  const story = talk();
  story.later(1, () => story.send(0, 1, 2, "gossip", { class: "addresses" }));
  const language = readLanguage(story.run().trace());

  assert.deepEqual([...COMMANDS.map(({ command }) => command), "gossip"], language.words.map(({ command }) => command));
  assert.deepEqual(["other", null], [language.words.at(-1).kind, language.words.at(-1).first]);
  assert.deepEqual(["version>verack", "alert>alert", "inv>getdata", "getdata>block", "headers>getdata"], arrowsOf(language));
  assert.deepEqual(["block", "inv, headers"], [listAnswers(language, 4), listAsked(language, 4)]);
});

test("a language that nobody describes is what is said, by its classes", () => {
  const story = talk();
  story.head = {};
  const language = readLanguage(story.trace());

  assert.deepEqual([["inv", "announce"], ["getdata", "data"], ["block", "data"], ["alert", "connection"]], language.words.map(({ command, kind }) => [command, kind]));
  assert.deepEqual([], language.arrows);
  assert.deepEqual([], readLanguage({ commands: [], table: [{}] }).words);
});

test("names that are words of JavaScript are commands like others", () => {
  const language = readLanguage({ commands: [], table: [{}, { command: "__proto__", class: "constructor" }, { command: "constructor", class: "data" }] });

  assert.deepEqual(["__proto__", "constructor"], language.words.map(({ command }) => command));
  assert.deepEqual(["connection", "data"], language.words.map(colourOf));
  assert.equal(2, layoutMap(language, { width: 500, height: 300 }).places.length);
});

test("an arrow is gone when its answer is sent because of what it answers, on the same connection", () => {
  const trace = talk().trace();
  const language = readLanguage(trace);
  const gone = [];
  for (let row = 0; row < trace.length; row++) gone.push(findArrow(trace, row, language));

  assert.deepEqual(["inv>getdata", "getdata>block", "inv>getdata", "getdata>block", "alert>alert"], gone.filter(at => at >= 0).map(at => arrowsOf(language)[at]));
});

test("counts are of everybody, or of one peer, at any cursor", () => {
  const trace = talk().trace();
  const language = readLanguage(trace);
  const [inv, getdata, block] = numbersOf(language, "inv", "getdata", "block");
  const all = new Folded(trace, countsFold(language), 2);
  const bob = new Folded(trace, countsFold(language, 1), 2);
  const at = (fold, rows) => fold.at(rows);

  assert.deepEqual([2, 3, 2], [inv, getdata, block].map(each => at(all, trace.length).sent[each]));
  assert.deepEqual([0, 2, 0, 1], [at(bob, trace.length).sent[inv], at(bob, trace.length).sent[getdata], at(bob, trace.length).sent[block], at(bob, trace.length).came[block]]);
  assert.deepEqual([0, 0], [at(all, 0).sent[inv], at(bob, 0).came[inv]]);
  assert.deepEqual([1, 0, 0], [inv, getdata, block].map(each => at(all, 1).sent[each]));
  assert.equal(2, at(all, trace.length).gone[language.arrowOf.get(`${getdata}>${block}`)]);
});

test("what is said at the cursor is lit, what was said shortly before is faded, and neither stays for ever", () => {
  const trace = talk().trace();
  const language = readLanguage(trace);
  const named = set => [...set].map(at => language.words[at].command).sort();
  const first = findLit(trace, 2, language);
  const late = findLit(trace, trace.lastEvent, language);

  assert.deepEqual([["getdata", "inv"], ["inv"]], [named(first.now), named(first.recent)]);
  assert.deepEqual(["inv>getdata"], [...first.arrowsNow].map(at => arrowsOf(language)[at]));
  assert.equal("inv leads to getdata", tellLit(language, first));
  assert.deepEqual(["getdata"], named(late.now));
  assert.ok(!named(late.recent).includes("inv"));
  assert.equal("", tellLit(language, findLit(trace, 0, language)));
});

test("the last message of a command and the next one are found, of a peer too", () => {
  const trace = talk().trace();
  const arrivals = command => [...Array(trace.length).keys()].filter(row => trace.record(row).kind === "deliver" && trace.record(row).facts.command === command);
  const [one, two] = arrivals("block");
  const find = options => findMessage(trace, { command: "block", host: -1, row: trace.length, direction: -1, ...options });

  assert.deepEqual([two, one, one, -1], [find({}), find({ row: two }), find({ row: -1, direction: 1 }), find({ row: one })]);
  assert.deepEqual([one, two], [find({ host: 1 }), find({ host: 2 })]);
  assert.equal(-1, find({ command: "headers" }));
});

test("no two words stand on each other, and answers stand beside or below", () => {
  const language = readLanguage(talk().trace());
  for (const width of [380, 560, 934]) {
    const { places, paths, titles, height } = layoutMap(language, { width, height: 360 });
    for (const [at, a] of places.entries()) {
      assert.ok(a.x >= 0 && a.x + a.width <= width && a.y + a.height <= height, `${width}: ${at}`);
      assert.ok(places.every((b, other) => other === at || a.x !== b.x || Math.abs(a.y - b.y) >= a.height), `${width}: ${at}`);
    }
    assert.equal(language.arrows.length, paths.length);
    assert.ok(paths.every(({ d, head }) => !`${d}${head}`.includes("NaN")));
    assert.deepEqual(["Connection", "announce", "data"].map(name => name.toLowerCase()), titles.map(({ name }) => name));
    const [getdata, block] = numbersOf(language, "getdata", "block").map(number => places[number]);
    assert.equal(getdata.y, block.y, "an answer in another column stands beside what it answers");
  }
});

test("with room the connection, addresses and the rest have columns of their own", () => {
  const language = readLanguage({ commands: [...COMMANDS, word("getaddr", "addresses"), word("reply", "payment")], table: [] });
  const columnsAt = width => new Set(layoutMap(language, { width, height: 400 }).places.map(({ x }) => x)).size;

  assert.deepEqual([4, 3], [columnsAt(934), columnsAt(560)]);
});

test("versions, counts and words in words", () => {
  const language = readLanguage(talk().trace());
  const counts = { sent: [0, 0, 0, 2, 3, 2, 0], came: [0, 0, 0, 2, 2, 2, 0] };

  assert.deepEqual(["since 0.1", "0.3.11 – 0.12", ""], [tellVersions(language.words[0]), tellVersions(language.words[2]), tellVersions({ first: null })]);
  assert.deepEqual(["124", "9,999", "12.3k"], [124, 9999, 12_345].map(shortCount));
  assert.deepEqual(["getdata 5: 3 sent, 2 arrived", "getdata: 3 sent, 2 arrived"], [nameWord(language, counts, 4, "5"), tipOf(language, counts, 4)]);
  assert.equal("alert 0.3.11 – 0.12, history: not used so far", nameWord(language, counts, 2, tellVersions(language.words[2])));
  assert.equal("alert, history, Bitcoin 0.3.11 to 0.12: not used so far", tipOf(language, counts, 2));
  assert.equal("Bitcoin since 0.1. Source: BIP 0. Leads to block. Answers inv, headers. By and to bob: 3 sent, 2 arrived.", tellWord(language, counts, 4, "bob"));
  assert.match(tellWord(language, counts, 2, ""), /^History: Bitcoin 0\.3\.11 to 0\.12\. .*Everybody passes it on\. Not used so far\.$/);
  assert.match(tellWord(language, counts, 1, ""), /sent to peers of protocol version 209 or later\./);
  assert.equal("7 messages sent so far, with 3 of 7 commands.", tellMap(language, counts, { now: new Set(), arrowsNow: new Set() }, ""));
});
