import assert from "node:assert/strict";
import { test } from "node:test";
import { listSlots } from "../../widgets/blockchain_lab_widgets/js/address-book-draw.js";
import { rankGroups, readAddress, readGroup, showAddress } from "../../widgets/blockchain_lab_widgets/js/address-book-groups.js";
import { BookHistory } from "../../widgets/blockchain_lab_widgets/js/address-book-history.js";
import {
  BUNDLES, CELLS, DOTS, NAMES, bundleBuckets, chooseStyle, countBundles, countColumns, countRanks, measureTable, placeTicks, sizeCell, sortBuckets,
} from "../../widgets/blockchain_lab_widgets/js/address-book-layout.js";
import { Books } from "../../widgets/blockchain_lab_widgets/js/address-book-scene.js";
import {
  groupNews, nameOfAddress, readIp, shortenAddress, tellAddress, tellBundle, tellCell, tellEmpty, tellHead, tellNews, tellSummary, tellTable, tellTip,
} from "../../widgets/blockchain_lab_widgets/js/address-book-words.js";
import { isAbout } from "../../widgets/blockchain_lab_widgets/js/kinds.js";
import { ToyStory, books } from "./toy_story.mjs";

const ADDRESSES = ["20.0.0.1:8333", "20.0.0.2:8333", "30.0.0.3:8333"];
const [BOB, CAT, GHOST] = [["20.0.0.2", 8333], ["30.0.0.3", 8333], ["130.1.2.3", 8333]];
const loaded = (addresses = [], isBucketed = true) => ["addresses loaded", { is_bucketed: isBucketed, addresses }];
const added = (address, bucket = 5, source = "20.0.0.2", table = "new") => ["address added", { address, table, bucket, source }];
const moved = (address, bucket, table = "tried") => ["address moved", { address, table, bucket }];
const removed = (address, table = "new") => ["address removed", { address, table }];
const SLOTS = ["connection slots", { full_relay: 8, blocks_only: 2, feeler: 1, inbound: 114 }];

/** Lines, one event each: [host, topic, facts], or [host, kind, facts, {other, conn}]. */
function tell(...lines) {
  const story = new ToyStory(["ann", "bob", "cat"]);
  story.head.addresses = ADDRESSES;
  for (const host of [0, 1, 2]) story.later(0, () => story.write("start", host));
  lines.forEach(([host, what, facts, more], at) => story.later(1_000_000 * (at + 1), () => {
    const kinds = ["start", "kill", "dial", "dial-failed", "connect", "hang-up", "disconnect", "action"];
    if (kinds.includes(what)) story.write(what, host, facts ?? {}, more);
    else story.note(host, what, facts);
  }));
  return story.run().trace();
}

/** Where everybody stands in ann's book: after the starts, and after each line. */
function standings(trace) {
  const history = new BookHistory(trace).update();
  const events = Array.from({ length: trace.lastEvent - 2 }, (_, at) => at + 3);
  return events.map(event => history.standing(0, trace.rowsUpTo(event)).map(({ ip, table, bucket }) => `${ip} ${table} ${bucket}`).join(", "));
}

const sceneAt = (trace, event) => new Books(trace).at(trace.rowsUpTo(event));

test("a group is 16 bits of IPv4, 32 of IPv6, four of a name; IPv4 inside IPv6 is IPv4", () => {
  const onion = `${"v".repeat(55)}d.onion`;
  const groups = ["250.1.2.3", "2a01:4f8:1::3", onion, `${"b".repeat(52)}.b32.i2p`, "::ffff:1.2.3.4", "2002:102:304::", "2001:0:1::fefd:fcfb", "2001:470:ab12::", "ann", "1.2.3.400", "1:2:3"];

  assert.deepEqual(
    ["250.1 IPv4", "2a01:4f8 IPv6", "onion 10 Tor", "i2p 0 I2P", "1.2 IPv4", "1.2 IPv4", "1.2 IPv4", "2001:470:a IPv6", "none no network", "none no network", "none no network"],
    groups.map(ip => readGroup(ip)).map(({ group, net }) => `${group} ${net}`),
  );
  assert.deepEqual(["1.1", "2.2"], rankGroups(["2.2.1.1", "1.1.1.1", "3.3.1.1", "1.1.1.2", "2.2.1.2", "1.1.1.3"], 4));
  assert.deepEqual(["1.1"], rankGroups(["2.2.1.1", "1.1.1.1", "1.1.1.2", "2.2.1.2"], 1));
});

test("an address of a note is read only when it is one", () => {
  assert.equal("[2a01::1]:8333", showAddress(readAddress(["2a01::1", 8333])));
  assert.equal("2a01::1", readIp("[2a01::1]:8333"));
  assert.deepEqual([null, null, null, null], ["20.0.0.1:8333", null, [5, 8333], ["20.0.0.1", "8333"]].map(readAddress));
});

test("a book is who was added and not removed, where it was moved last", () => {
  const trace = tell([0, ...loaded()], [0, ...added(BOB)], [0, ...added(CAT, 7)], [0, ...moved(BOB, 9)], [0, ...removed(CAT)], [0, ...moved(BOB, 2, "new")], [1, ...added(CAT)]);

  assert.deepEqual([
    "", "", "20.0.0.2 new 5", "20.0.0.2 new 5, 30.0.0.3 new 7", "30.0.0.3 new 7, 20.0.0.2 tried 9", "20.0.0.2 tried 9", "20.0.0.2 new 2", "20.0.0.2 new 2",
  ], standings(trace));
});

test("a book is gone with its node, and back with what was on the disk", () => {
  const rows = [["20.0.0.2", 8333, "tried", 9, "30.0.0.3"], ["nonsense"], 5, ["130.1.2.3", 8333, "new", null, "30.0.0.3"]];
  const trace = tell([0, ...loaded()], [0, ...added(BOB)], [0, "kill"], [0, "start"], [0, ...loaded(rows, false)], [0, ...added(CAT, null)]);
  const history = new BookHistory(trace).update();
  const books = [3, 4, 6, 7, 8].map(event => history.bookAt(0, trace.rowsUpTo(event))?.isBucketed ?? null);

  assert.deepEqual(["", "", "20.0.0.2 new 5", "", "", "20.0.0.2 tried 9, 130.1.2.3 new null", "20.0.0.2 tried 9, 130.1.2.3 new null, 30.0.0.3 new null"], standings(trace));
  assert.deepEqual([null, true, null, null, false], books);
  assert.deepEqual([true, false, true], [5, 6, 7].map(event => history.isOn(0, trace.rowsUpTo(event))));
  assert.equal("ann is off. Its book, 1 address, is on its disk.", tellEmpty("ann", { isOn: false }, 1));
});

test("notes that do not fit what was told before change nothing", () => {
  const trace = tell([0, ...removed(BOB)], [0, ...moved(CAT, 3)], [0, ...added("cat")], [0, ...added(BOB)], [0, ...added(BOB, 8)]);

  assert.deepEqual(["", "", "", "", "20.0.0.2 new 5", "20.0.0.2 new 8"], standings(trace));
});

test("a future that is replaced is read again", () => {
  const story = new ToyStory(["ann", "bob", "cat"]);
  [loaded(), added(BOB), removed(BOB), added(CAT)].forEach(([topic, facts], at) => story.later(at, () => story.note(0, topic, facts)));
  const trace = story.run().trace();
  const history = new BookHistory(trace).update();
  assert.deepEqual([CAT[0]], history.standing(0, trace.length).map(({ ip }) => ip));

  story.rows.splice(-2, 1); // in the other future bob stays
  trace.append(...story.packed({ epoch: 1, cut: 0 }));
  assert.deepEqual([BOB[0], CAT[0]], history.update().standing(0, trace.length).map(({ ip }) => ip));
});

test("a line is chosen, dialled, open and ended; who dials in and who is named by hand has one, too", () => {
  const chosen = kind => ["connection chosen", { address: BOB, kind }];
  const [remote, lone] = ["20.0.0.2:8333", "130.1.2.3:8333"];
  const trace = tell(
    [0, ...chosen("full relay")], [0, "dial", { remote }, { other: 1, conn: 2 }], [0, "connect", { remote, inbound: false }, { other: 1, conn: 2 }],
    [0, "connect", { remote, inbound: true }, { other: 1, conn: 5 }], [0, "dial", { remote: lone }, { conn: 6 }], [0, "dial-failed", { remote: lone, reason: "unreachable" }, { conn: 6 }],
    [0, "peer evicted", { conn: 5 }], [0, "hang-up", { reason: "evicted" }, { other: 1, conn: 5 }], [0, "kill"],
  );
  const history = new BookHistory(trace).update();
  const at = event => history.shelves[0].lines.at(trace.rowsUpTo(event)).map(({ kind, open }) => `${kind}${open < trace.rowsUpTo(event) ? "" : "?"}`).join(", ");

  assert.deepEqual(
    ["", "full relay?", "full relay?", "full relay", "full relay, inbound", "full relay, inbound, manual?", "full relay, inbound", "full relay, inbound", "full relay", ""],
    [3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(at),
  );
  const words = history.lastNews(0, trace.rowsUpTo(11), 9).map(entry => tellNews(sceneAt(trace, 11), entry));
  assert.deepEqual([
    "connection with bob ended: evicted", "bob evicted: all places for those who dial in are taken", "130.1.2.3 could not be reached: unreachable",
    "bob has dialled in", "connected to bob for full relay",
  ], words);
});

test("who is dialled again after the end of a line gets another one", () => {
  const remote = "20.0.0.2:8333";
  const dial = conn => [[0, "dial", { remote }, { other: 1, conn }], [0, "connect", { remote, inbound: false }, { other: 1, conn }]];
  const trace = tell(...dial(2), [0, "hang-up", { reason: "bored" }, { other: 1, conn: 2 }], ...dial(4));
  const { lines } = new BookHistory(trace).update().shelves[0];

  assert.deepEqual([[2, "bored"], [4, ""]], lines.all.map(({ conn, reason }) => [conn, reason]));
  assert.deepEqual([0, 1], [6, 8].map(event => lines.at(trace.rowsUpTo(event)).length));
});

test("slots are those that are wanted, and those that are taken all the same", () => {
  const trace = tell([0, ...SLOTS], [0, "dial", { remote: "20.0.0.2:8333" }, { conn: 2 }], [0, "kill"], [0, "start"]);
  const history = new BookHistory(trace).update();
  const list = event => listSlots(history.shelves[0].lines.at(trace.rowsUpTo(event)), history.shelves[0].lines.slotsAt(trace.rowsUpTo(event)))
    .map(({ kind, most, lines }) => `${kind} ${lines.length} ${most}`);

  assert.deepEqual(["full relay 0 8", "blocks only 0 2", "feeler 0 1", "manual 1 null", "inbound 0 114"], list(5));
  assert.deepEqual(["inbound 0 null"], list(7));
});

test("who broke the protocol is remembered until the node ends", () => {
  const trace = tell([0, ...loaded()], [0, ...added(BOB)], [0, "peer discouraged", { ip: "20.0.0.2" }], [0, "kill"]);
  const isBad = event => sceneAt(trace, event).lookAt({ address: "20.0.0.2:8333", host: 0 }).isBad;

  assert.deepEqual([false, true, false], [5, 6, 7].map(isBad));
  assert.match(tellTip(sceneAt(trace, 6), { address: "20.0.0.2:8333", ip: "20.0.0.2", host: 0, table: "new", bucket: 5, source: "30.0.0.3", heard: 4 }, { isBad: true }), /told by cat, 2\.000 s\ndiscouraged$/);
});

test("an address is its host's as long as he has it", () => {
  const trace = tell([0, ...loaded()], [0, ...added(BOB)], [-1, "action", { do: "ChangeAddress", peer: "bob", address: ["61.1.1.1", 8333] }]);
  const names = [5, 6].map(event => [...ADDRESSES.slice(1, 2), "61.1.1.1:8333"].map(address => nameOfAddress(sceneAt(trace, event), address)));

  assert.deepEqual([["peer:bob", "address:61.1.1.1:8333"], ["address:20.0.0.2:8333", "peer:bob"]], names);
  assert.deepEqual(["61.1.1.1:8333"], sceneAt(trace, 6).addressesOf("peer:bob"));
  const rows = [...Array(trace.length).keys()].filter(row => isAbout(trace, row, "address:20.0.0.2:8333"));
  assert.deepEqual(["address added"], rows.map(row => trace.record(row).facts.topic));
});

test("a picture shows names while there is room, then marks, then bundles", () => {
  const fill = (count, bucket) => Array.from({ length: count }, (_, at) => ({ address: `${at}`, bucket: bucket(at) }));
  const styleOf = (stays, more) => chooseStyle(sortBuckets(stays), { width: 450, height: 150, letters: 6, ...more });
  const few = fill(12, at => at);

  assert.deepEqual([NAMES, CELLS, DOTS, BUNDLES], [fill(8, at => at), fill(25, at => at), fill(200, at => at % 20), fill(1200, at => at % 300)].map(stays => styleOf(stays)));
  assert.equal(BUNDLES, styleOf(fill(250, at => at % 20), { share: 0.25 }));
  assert.equal(3 * 24 + 2 * 4, measureTable(sortBuckets(few), sizeCell(NAMES, 6), 4 * (30 + 69 + 2) + 3 * 4));
  assert.deepEqual([56, 69, 112], [2, 6, 30].map(letters => sizeCell(NAMES, letters).width));
  assert.deepEqual([8, 5, 1, 20], [countColumns(64, 14, 450, true), countColumns(5, 14, 450, true), countColumns(9, 90, 100, true), countColumns(64, 20, 410, false)]);
});

test("bundles are neighbouring buckets, and everybody is in one of them", () => {
  const trace = books().trace();
  const history = new BookHistory(trace).update();
  const stays = history.standing(0, trace.rowsUpTo(trace.eventAt(6_500_000))).filter(({ table }) => table === "new");
  const buckets = sortBuckets(stays);
  const bundles = bundleBuckets(buckets, countBundles({ width: 540, height: 150 }));

  assert.equal(4750, stays.length);
  assert.ok(bundles.length > 6 && bundles.length <= 20, String(bundles.length));
  assert.equal(4750, new Set(bundles.flatMap(bundle => bundle.stays)).size);
  assert.ok(bundles.every(({ first, last }, at) => first <= last && (at === 0 || bundles[at - 1].last < first)));
  assert.deepEqual([4, 4, 2], bundleBuckets([{ first: null, last: null, stays: stays.slice(0, 10) }], 3).map(bundle => bundle.stays.length));
  assert.deepEqual([[0, 3], [4, 1]], countRanks([4, 0, 0, 0], rank => rank));
  assert.deepEqual([{ bucket: 512, x: 0.5, part: 1 / 64 }], placeTicks([{ first: 512, stays: [1] }, { first: null, stays: [1] }, { first: 9999, stays: [1] }], "new"));
});

test("an address is told with who told of it, and in whose books it stands", () => {
  const trace = tell([0, ...loaded()], [1, ...loaded()], [0, ...added(GHOST, 5, "30.0.0.3")], [1, ...added(GHOST, 6, "9.9.9.9")], [2, "strategy", { what: "lies" }], [0, ...added(CAT, 8, "20.0.0.1")]);
  const scene = sceneAt(trace, 9);
  const [ghost, cat] = scene.history.standing(0, scene.rows);

  assert.equal("130.1.2.3, group 130.1, new table, bucket 5", tellCell(scene, ghost, scene.lookAt(ghost)));
  assert.equal("cat, group 30.0, new table, bucket 8, an attacker's", tellCell(scene, cat, scene.lookAt(cat)));
  assert.match(tellTip(scene, ghost, scene.lookAt(ghost)), /^130\.1\.2\.3:8333 \(nobody is there\)\ngroup 130\.1 · new table, bucket 5\ntold by cat, 3\.000 s$/);
  assert.match(tellTip(scene, cat, scene.lookAt(cat)), /told by itself/);
  assert.equal(
    "Group 130.1. In ann's new table, bucket 5, since 3.000 s; told by cat, group 30.0. Told of 2 addresses that stand here. Known to ann and bob (2 of 3).",
    tellAddress(scene, ghost.address, [ghost], { lines: [], told: 2 }).join(" "),
  );
});

test("a book in a sentence, and why there is none", () => {
  const trace = tell([0, ...loaded()], [0, ...added(BOB)], [0, ...moved(BOB, 7)], [0, "connect", { remote: "20.0.0.2:8333", inbound: true }, { other: 1, conn: 3 }]);
  const scene = sceneAt(trace, 7);
  const [standing, state] = [scene.history.standing(0, scene.rows), scene.stateOf(0)];

  assert.equal("ann knows 1 address, 0 in the new table, 1 tried. Connections: 1 inbound.", tellSummary("ann", standing, scene.linesOf(0), state, scene.rows));
  assert.equal("1 known, 0 out, 1 in", tellHead(standing, scene.linesOf(0), state, scene.rows));
  assert.match(tellSummary("bob", [], [], scene.stateOf(1), scene.rows), /^No address book: bob keeps none\./);
  assert.match(tellEmpty("ann", sceneAt(tell([0, ...SLOTS]), 4).stateOf(0), 0), /nobody keeps one in this story \(their policy has no gossip\)/);
  const unknown = sceneAt(tell([2, "start", { unknown: true }]), 4).stateOf(2);
  assert.equal("cat is no node of ours: whom it knows is not known.", tellSummary("cat", [], [], unknown, 9));
  assert.equal("not known, 0 out, 0 in", tellHead([], [], unknown, 9));
  assert.equal("1 address in 1 of 256 buckets of 64", tellTable("tried", standing, sortBuckets(standing)));
  assert.equal("buckets 3 – 1,000: 2 addresses", tellBundle({ first: 3, last: 1000, stays: [1, 2] }));
});

test("what came in one event from one source is one line; a long name is cut", () => {
  const story = new ToyStory(["ann"]);
  story.later(0, () => [loaded(), added(BOB), added(CAT), added(GHOST, 3, "9.9.9.9")].forEach(([topic, facts]) => story.note(0, topic, facts)));
  story.later(1, () => story.note(0, "addresses dropped", { conn: 3, count: 999 }));
  const trace = story.run().trace();
  const scene = sceneAt(trace, 2);

  assert.deepEqual(
    ["999 addresses not read: too many at once from one peer", "130.1.2.3 added to new, told by 9.9.9.9", "2 addresses heard from 20.0.0.2", "began with an empty book"],
    groupNews(scene.history.lastNews(0, trace.length, 9), trace.columns).map(entry => tellNews(scene, entry)),
  );
  assert.deepEqual(["20.0.0.2", "20.0.0.2:99", "vvvvvvvv…onion"], ["20.0.0.2:8333", "20.0.0.2:99", `${"v".repeat(56)}.onion:8333`].map(shortenAddress));
});
