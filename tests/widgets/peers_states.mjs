// Prints what the table of peers has in each row at some events of a packed trace, for Python to compare with its own table.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { COLUMNS, valueIn } from "../../widgets/blockchain_lab_widgets/js/peers-columns.js";
import { PeersScene } from "../../widgets/blockchain_lab_widgets/js/peers-scene.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";

const [, , questions, columns] = process.argv;
const { head, events } = JSON.parse(readFileSync(questions, "utf-8"));
const { buffer, byteOffset, byteLength } = readFileSync(columns);
const store = new Store();
store.append(head, buffer.slice(byteOffset, byteOffset + byteLength));
const scene = new PeersScene(store);

process.stdout.write(JSON.stringify(events.map(event => {
  store.select(null);
  store.goto(event);
  scene.update();
  const read = host => Object.fromEntries(COLUMNS.map(column => [column.id, valueIn(column, scene, host)]));
  const rows = store.trace.peers.map((_, host) => ({ ...read(host), turned: scene.settings.turned(host), hash: scene.tipOf(host) }));
  store.select(`peer:${store.trace.peers[0]}`);
  scene.update();
  const toFirst = COLUMNS.find(({ id }) => id === "latency");
  return { rows, to_first: store.trace.peers.map((_, host) => valueIn(toFirst, scene, host)), columns: scene.columns.map(({ id }) => id) };
})));
