import assert from "node:assert/strict";
import { test } from "node:test";
import { isAbout } from "../../widgets/blockchain_lab_widgets/js/kinds.js";
import { BoxHistory } from "../../widgets/blockchain_lab_widgets/js/nat-history.js";
import { LINE, MOST_BOXES, chooseBoxes, firstBoxes, layBox, measure, placeRemote } from "../../widgets/blockchain_lab_widgets/js/nat-layout.js";
import { MOST_DOORS, MOST_IDLE, MOST_REMOTES, Scene } from "../../widgets/blockchain_lab_widgets/js/nat-scene.js";
import { partOf, readRules } from "../../widgets/blockchain_lab_widgets/js/nat-table.js";
import {
  formatLeft, nameKind, tellAttempt, tellBox, tellChosen, tellEmptyBox, tellNews, tellRules, whoIs,
} from "../../widgets/blockchain_lab_widgets/js/nat-words.js";
import { tellRecord } from "../../widgets/blockchain_lab_widgets/js/why-words.js";
import { boxes, rules } from "./toy_boxes.mjs";
import { ToyStory } from "./toy_story.mjs";

const [EI, AD, APD] = ["endpoint-independent", "address-dependent", "address-and-port-dependent"];
const PEERS = ["server", "home", "ann", "amy", "office", "bob"];
const SERVER = ["198.51.100.1", 3478];
const ADDRESSES = ["198.51.100.1:3478", "203.0.113.1:1", "192.168.0.2:8333", "192.168.0.3:8333", "203.0.113.2:1", "192.168.0.5:8333"];
const [ANN, HOME, OFFICE] = [["192.168.0.2", 8333], ["203.0.113.1", 1024], ["203.0.113.2", 1024]];
const show = ([ip, port]) => `${ip}:${port}`;

/** One event each second from 1 s on: [host, "packet", from, to, {other, command}], [host, topic, facts], [host, "kill"], or several of the same event. */
function tell(...events) {
  const story = new ToyStory(PEERS, ["rendezvous", "nat", "traversal", "traversal", "nat", "traversal"]);
  Object.assign(story.head, { behind: [-1, -1, 1, 1, -1, 4], addresses: ADDRESSES });
  story.later(0, () => PEERS.forEach((_, host) => story.write("start", host)));
  story.later(0, () => {
    story.note(1, "gateway rules", rules("203.0.113.1", ["192.168.0.2", "192.168.0.3"]));
    story.note(4, "gateway rules", rules("203.0.113.2", ["192.168.0.5"], { filtering: AD, opens_ports: true }));
  });
  events.forEach((event, at) => story.later(1_000_000 * (at + 1), () => {
    for (const [host, what, facts, to, { other = -1, ...more } = {}] of Array.isArray(event[0]) ? event : [event]) {
      if (what === "packet") story.write("datagram", host, { command: "probe", class: "data", size: 9, label: "probe", from: show(facts), to: show(to), ...more }, { other });
      else if (["start", "kill", "command", "action"].includes(what)) story.write(what, host, facts ?? {});
      else story.note(host, what, facts);
    }
  }));
  return story.run().trace();
}

const out = (to, ...more) => [[1, "packet", ANN, to, { other: 2 }], ...more];
const opened = (outside = HOME, remote = [], inside = ANN) => [1, "mapping opened", { inside, outside, remote }];
const blocked = (host, from, to, reason) => [host, "packet blocked", { from, to, reason }];
const FIRST = 3; // the event of the first of those that are told

/** Home's table after each of the told events: "outside <- inside: until, who is let in". */
function tables(trace, host = 1) {
  const history = new BoxHistory(trace).update();
  return Array.from({ length: trace.lastEvent - FIRST + 1 }, (_, at) => {
    const rows = trace.rowsUpTo(FIRST + at);
    const { table } = history.lifeAt(host, rows);
    const lines = table?.at(rows).map(mapping => {
      const allowed = [...table.allowedBy(mapping, rows)].map(([part, until]) => `${part || "all"} ${until / 1e6}`).join(" ");
      return `${mapping.outside.split(":")[1]} ${table.expiryOf(mapping, rows) / 1e6}: ${allowed}`;
    });
    return lines?.join("; ") ?? null;
  });
}

function sceneAt(trace, event, clock = trace.timeOf(event)) {
  return new Scene(trace, new BoxHistory(trace).update(), trace.rowsUpTo(event), event, clock);
}

test("a mapping lives as long as something goes out through it; what comes in keeps nothing open", () => {
  const trace = tell(
    out(SERVER, opened()), [1, "packet", SERVER, HOME, { other: 0 }], out(OFFICE), out(SERVER),
    [1, "mapping expired", { inside: ANN, outside: HOME, remote: [] }],
  );

  assert.deepEqual([
    "1024 31: 198.51.100.1:3478 31", "1024 31: 198.51.100.1:3478 31", "1024 33: 198.51.100.1:3478 31 203.0.113.2:1024 33",
    "1024 34: 198.51.100.1:3478 34 203.0.113.2:1024 33", "",
  ], tables(trace));
});

test("a lease is open to everybody until it ends; another one takes its place; a restart forgets all", () => {
  const lease = (port, until) => [4, "port leased", { inside: ["192.168.0.5", 8333], outside: ["203.0.113.2", port], remote: ["leased"], until }];
  const asked = [4, "packet", ["192.168.0.5", 8333], ["203.0.113.2", 1], { other: 5, command: "map-port" }];
  const trace = tell([asked, lease(80, 100_000_000)], [[4, "packet", ["192.168.0.5", 8333], SERVER, { other: 5 }]], [asked, lease(81, 200_000_000)], [4, "kill"], [4, "start"]);

  assert.deepEqual(["80 100: ", "80 100: 198.51.100.1 32", "81 200: ", null, null], tables(trace, 4));
  const scene = sceneAt(trace, FIRST + 1);
  assert.deepEqual(["server", "anybody"], scene.boxAt(4).doors[0].remotes.map(({ label }) => label));
  assert.equal("bob asks office for a port: :80 is open to everybody", tellNews(scene, scene.history.passageAt(4, scene.rows, FIRST) ?? scene.history.lastNews([4], scene.rows, 9).at(-1)));
});

test("what a rule looks at of a remote one", () => {
  assert.deepEqual(["", "203.0.113.2", "203.0.113.2:1024"], [EI, AD, APD].map(rule => partOf(rule, "203.0.113.2:1024")));
  assert.equal(null, readRules({ ...rules("203.0.113.1", []), address: ["203.0.113.1"] }));
});

test("boxes are called as RFC 3489 calls them, and said in words", () => {
  const kinds = [[EI, EI], [EI, AD], [EI, APD], [APD, APD], [AD, EI]].map(([mapping, filtering]) => nameKind({ translates: true, mapping, filtering }));

  assert.deepEqual(["full cone NAT", "restricted cone NAT", "port restricted cone NAT", "symmetric NAT", "NAT of its own kind"], kinds);
  assert.equal("firewall", nameKind({ translates: false, mapping: EI, filtering: APD }));
  assert.equal("gateway", nameKind(null));
  const told = tellRules(readRules(rules("203.0.113.1", [], { hairpin: true, opens_ports: true })));
  assert.deepEqual(["one port for all remotes", "lets in only addresses it wrote to", "forgets after 30 s", "hairpin", "opens a port when asked"], told);
  assert.equal("translates nothing", tellRules(readRules(rules("203.0.113.1", [], { translates: false })))[0]);
});

test("time that is left gets coarser with its length", () => {
  assert.deepEqual(["0.0 s", "9.9 s", "10 s", "59 s", "1:00", "4:12", "59:59", "1:59 h"], [-5, 9.99, 10, 59.9, 60, 252, 3599, 7199].map(seconds => formatLeft(seconds * 1e6)));
});

test("each packet is told with who sent it, as whom, to whom, and why it went no further", () => {
  const trace = tell(
    out(SERVER, opened()), out(OFFICE), [[4, "packet", HOME, OFFICE, { other: 1 }], blocked(4, HOME, OFFICE, "no mapping")],
    [[1, "packet", OFFICE, HOME, { other: 4 }]], [[1, "packet", ["192.168.0.3", 8333], HOME, { other: 3 }], blocked(1, ["192.168.0.3", 8333], HOME, "no hairpin")],
    out(["192.168.0.5", 8333]),
  );
  const scene = sceneAt(trace, trace.lastEvent);
  const news = scene.history.lastNews([1, 4], scene.rows, 9).reverse().map(entry => tellNews(scene, entry));

  assert.deepEqual([
    "probe from ann goes out as home:1024 to server: a new port", "probe from ann goes out as home:1024 to office:1024",
    "probe from home:1024 to office:1024 blocked by office: no such port is open", "probe from office:1024 comes in through home, for ann",
    "probe from amy to home:1024 blocked by home: the box leads nobody back inside", "probe from ann goes out as home:1024 to 192.168.0.5",
  ], news);
  const chosen = tellChosen(scene, `record:0:${scene.history.lastNews([4], scene.rows, 1)[0].row}`, 0, [scene.boxAt(1), scene.boxAt(4)]);
  assert.match(chosen.words, /nobody is told when it is not\.$/);
  assert.equal(null, tellChosen(scene, "block:ab", 0, [scene.boxAt(1)]));
});

test("an address is its owner's where it is known, a port of a box, or nobody's", () => {
  const trace = tell(out(SERVER, opened()));
  const scene = sceneAt(trace, trace.lastEvent);
  const who = (address, side) => (({ name, label, more }) => [name, label, more])(whoIs(scene, address, side));

  assert.deepEqual(["peer:ann", "ann", ""], who("192.168.0.2:8333", 1));
  assert.deepEqual(["peer:ann", "192.168.0.2", ""], who("192.168.0.2:8333", -1));
  assert.deepEqual(["address:203.0.113.1:1024", "home:1024", "ann"], who("203.0.113.1:1024", -1));
  assert.deepEqual(["address:203.0.113.1:1030", "home:1030", ""], who("203.0.113.1:1030", -1));
  assert.deepEqual(["address:203.0.113.9:1024", "203.0.113.9:1024", ""], who("203.0.113.9:1024", -1));
});

test("who may answer stands beside the port, and who is not let in knocks there", () => {
  const trace = tell(out(SERVER, opened()), [[1, "packet", OFFICE, HOME, { other: 4 }], blocked(1, OFFICE, HOME, "filtered")]);
  const [door] = sceneAt(trace, FIRST + 1).boxAt(1).doors;

  assert.deepEqual([["office:1024", true, true], ["server", false, false]], door.remotes.map(({ label, isKnocking, isNow }) => [label, isKnocking, isNow]));
  assert.equal(false, door.isNow); // nothing goes through
  assert.equal(true, sceneAt(trace, FIRST).boxAt(1).doors[0].isNow);
  assert.equal("port 1024 for ann: lets in server, forgotten in 29 s if unused", door.words);
  assert.equal("home, port restricted cone NAT: 1 mapping: port 1024 for ann: lets in server, forgotten in 29 s if unused.", tellBox(sceneAt(trace, FIRST + 1).boxAt(1)));
  assert.equal("address:203.0.113.1:1024", door.name);
});

test("inside stand all who are behind a box, those with open ports and those without", () => {
  const trace = tell(out(SERVER, opened()));
  const { groups, idle } = sceneAt(trace, FIRST).boxAt(1);

  assert.deepEqual([["ann", 1, true], ["amy", 0, false]], groups.map(({ who, doors, isNow }) => [who.label, doors.length, isNow]));
  assert.equal(0, idle);
});

test("a box that is off says so, and one that tells no rules, too", () => {
  const trace = tell([1, "kill"], [1, "start"]);

  assert.match(tellEmptyBox(sceneAt(trace, FIRST).boxAt(1)), /^home is off/);
  assert.equal("What it remembers is not known.", tellEmptyBox(sceneAt(trace, FIRST + 1).boxAt(1)));
  assert.equal("home is off.", tellBox(sceneAt(trace, FIRST).boxAt(1)));
});

test("of a crowd only so much is drawn, and the rest is counted", () => {
  const busy = boxes({ homes: 300, each: 20, remotes: 40 }).trace();
  const box = sceneAt(busy, busy.lastEvent).boxAt(1);
  const ported = boxes({ homes: 1, each: 2, ports: 60 }).trace();
  const symmetric = sceneAt(ported, ported.lastEvent).boxAt(1);

  assert.deepEqual([MOST_DOORS, 4, 20], [box.doors.length, box.hidden, box.total]);
  assert.deepEqual([MOST_IDLE, 0], [box.groups.filter(({ doors }) => !doors.length).length + 2, box.idle]);
  const first = box.doors.find(({ owner }) => owner.label === "peer0x0");
  assert.deepEqual([MOST_REMOTES, 33], [first.remotes.length, first.more]);
  assert.deepEqual([MOST_DOORS, 46], [symmetric.doors.length, symmetric.hidden]);
  assert.equal(":2059", symmetric.doors.at(-1).mapping.outside.slice(-5)); // those used last
});

test("four boxes are drawn: those that are named, else the busiest; a wanted one takes a place", () => {
  const gateways = [1, 3, 5, 7, 9, 11];

  assert.deepEqual([3, 9], firstBoxes([9, 3, 4], gateways, () => 0));
  assert.deepEqual([1, 5, 9, 11], firstBoxes([], gateways, host => ({ 5: 9, 9: 9, 11: 3 })[host] ?? 0));
  assert.equal(MOST_BOXES, chooseBoxes(7, [1, 3, 5, 9], gateways).length);
  assert.deepEqual([1, 3, 5, 7], chooseBoxes(7, [1, 3, 5, 9], gateways));
  assert.deepEqual([1, 3], chooseBoxes(3, [1], gateways));
  const shown = [1];
  assert.equal(shown, chooseBoxes(-1, shown, gateways));
  assert.equal(shown, chooseBoxes(4, shown, gateways));
});

test("a box leaves room for each remote, at any width, and its columns do not overlap", () => {
  const door = count => ({ remotes: Array.from({ length: count }, () => ({})), more: 0 });
  for (const width of [270, 439, 559, 912]) {
    const columns = measure(width);
    const { inside, door: middle, outside } = columns;
    assert.ok(inside.x + inside.width < middle.x && middle.x + middle.width < outside.x);
    assert.ok(outside.x + outside.perLine * outside.chip + 6 * (outside.perLine - 1) <= Math.max(width, outside.x + 64), `${width}`);
    const box = layBox({ groups: [{ doors: [door(5), door(1)] }, { doors: [] }], hidden: 3 }, columns);
    const [[one, two], none] = box.groups.map(({ lines }) => lines);
    assert.deepEqual([LINE * Math.ceil(5 / outside.perLine), one.height], [one.height, two.y]);
    assert.deepEqual([], none);
    assert.ok(placeRemote(columns, one.y, 4).y + LINE <= two.y);
    assert.ok(box.groups[1].y > two.y && box.hiddenAt > box.groups[1].y && box.closedAt > box.hiddenAt && box.height > box.closedAt);
  }
});

test("the last word of each pair that tried to meet", () => {
  const connect = to => [2, "command", { do: "Connect", peer: "ann", to }];
  const trace = tell(connect("bob"), [2, "peer reached", { name: "bob", by: "punch", tried: ["local", "direct"] }], connect("amy"), [5, "peer not reached", { name: "ann", tried: ["local"], reason: "the ladder ends here" }]);
  const at = event => new BoxHistory(trace).update().attemptsAt(trace.rowsUpTo(event)).map(attempt => `${attempt.name}: ${tellAttempt(attempt)}`);

  assert.deepEqual(["bob: trying"], at(FIRST));
  assert.deepEqual(["bob: local failed, direct failed, punch works"], at(FIRST + 1));
  assert.deepEqual(["ann: local failed, given up: the ladder ends here", "amy: trying", "bob: local failed, direct failed, punch works"], at(FIRST + 3));
});

test("an event about an address is one in which it comes from there, goes there, or is opened", () => {
  const trace = tell(out(SERVER, opened()), out(OFFICE));
  const rows = [...Array(trace.length).keys()];
  const about = text => rows.filter(row => isAbout(trace, row, `address:${text}`)).map(row => trace.record(row).facts.topic ?? trace.record(row).kind);

  assert.deepEqual(["mapping opened"], about("203.0.113.1:1024"));
  assert.deepEqual(["datagram"], about("203.0.113.2:1024"));
  assert.deepEqual(["datagram", "mapping opened", "datagram"], about("192.168.0.2:8333"));
});

test("why a port is open, forgotten or shut is said in a sentence", () => {
  const notes = [opened(), [1, "mapping expired", { inside: ANN, outside: HOME, remote: [] }], blocked(4, HOME, OFFICE, "filtered"), [2, "peer reached", { name: "bob", by: "punch", tried: ["local"] }]];
  const trace = tell(...notes);
  const told = notes.map((_, at) => tellRecord(trace, trace.record(trace.rowsUpTo(FIRST + at) - 1), { nameOf: String }));

  assert.deepEqual([
    "home opens 203.0.113.1:1024 for 192.168.0.2:8333: something went out from there",
    "home forgets 203.0.113.1:1024, unused for too long: 192.168.0.2:8333 is not reached there any more",
    "office lets nothing pass from 203.0.113.1:1024 to 203.0.113.2:1024: nobody inside has written to it from there",
    "ann reaches bob by punch, after local failed",
  ], told);
});

test("a replaced future is read anew", () => {
  const trace = tell(out(SERVER, opened()), out(OFFICE));
  const history = new BoxHistory(trace).update();
  trace.append({ epoch: 1, cut: trace.rowsUpTo(FIRST), from: trace.rowsUpTo(FIRST), count: 0, factsFrom: trace.table.length }, new TextEncoder().encode("[]").buffer);
  history.update();

  assert.equal(1, history.boxes[1].passages.length);
});
