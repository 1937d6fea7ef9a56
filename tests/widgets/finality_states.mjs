// Prints what the folds of finality and shares hold at some events of a packed trace, for Python to compare with its nodes.
// Arguments: a JSON file {head, events}, and the file with the packed columns and facts.
import { readFileSync } from "node:fs";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { chainFold } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
import { BranchStates } from "../../widgets/blockchain_lab_widgets/js/finality-branch.js";
import { FinalityIndex } from "../../widgets/blockchain_lab_widgets/js/finality-index.js";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { findCheckpoints } from "../../widgets/blockchain_lab_widgets/js/tree-checkpoints.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { findOffenders, listTallies } from "../../widgets/blockchain_lab_widgets/js/validators-model.js";

const [, , questions, columns] = process.argv;
const { head, events } = JSON.parse(readFileSync(questions, "utf-8"));
const { buffer, byteOffset, byteLength } = readFileSync(columns);
const trace = new Trace();
trace.append(head, buffer.slice(byteOffset, byteOffset + byteLength));
const index = new BlockIndex(trace).update();
const finality = new FinalityIndex(trace).update();
const folded = new Folded(trace, chainFold(index));
const states = new BranchStates(index, finality);

function tellFinality(state, viewer, rows) {
  const { epoch, dynasty, forward, rear, justified, finalised, source, validators, counted } = state;
  const heard = [...validators.keys()].flatMap(name => finality.votesHeard(name, viewer, rows).filter(({ target_epoch: target }) => target >= epoch - 1));
  return {
    epoch, dynasty, forward: [...forward].sort(), rear: [...rear].sort(), justified, finalised, source: source.epoch,
    deposits: Object.fromEntries([...validators].filter(([, { withdrawn }]) => withdrawn === null).map(([name, { deposit }]) => [name, deposit])),
    ends: Object.fromEntries([...validators].filter(([, { ends }]) => ends !== null).map(([name, { ends }]) => [name, ends])),
    slashed: [...validators].filter(([, { slashed }]) => slashed).map(([name]) => name).sort(),
    votes: Object.fromEntries([...(counted.get(epoch) ?? [])].map(([name, vote]) => [name, vote.source])),
    tallies: listTallies(state).map(({ votes, total }) => [votes, total]),
    heard: heard.map(vote => [vote.validator, vote.source, vote.target, vote.source_epoch, vote.target_epoch]).sort(),
    offenders: [...findOffenders(finality, viewer, rows).keys()].sort(),
  };
}

function tellMarks({ of }, viewer) {
  const checkpoints = findCheckpoints(finality, index, of[viewer], viewer);
  if (!checkpoints) return null;
  const name = levels => [...checkpoints.marks].filter(([, { level }]) => levels.includes(level)).map(([order]) => index.list[order].hash).sort();
  return { justified: name(["justified", "finalised", "conflicting"]), finalised: name(["finalised", "conflicting"]), conflicting: name(["conflicting"]) };
}

process.stdout.write(JSON.stringify(events.map(event => {
  const rows = trace.rowsUpTo(event);
  const held = folded.at(rows);
  return trace.peers.map((_, viewer) => {
    if (held.off[viewer] || held.tips[viewer] === null) return null;
    const state = states.at(held.tips[viewer], viewer);
    const { luck, shares } = state;
    return {
      tip: held.tips[viewer], anchor: finality.lastOf("anchors", viewer, rows)?.block ?? trace.genesis,
      blocks: Object.fromEntries([...luck].map(([name, { blocks }]) => [name, blocks]).filter(([, blocks]) => blocks)),
      shares: Object.fromEntries(shares), marks: tellMarks(held, viewer), finality: finality.isThere && state.epoch !== null ? tellFinality(state, viewer, rows) : null,
    };
  });
})));
