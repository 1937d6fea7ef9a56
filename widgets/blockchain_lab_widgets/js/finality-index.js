// What notes tell of finality: facts about blocks, votes on their way, and what each peer holds on to. Read once.
//
// What is justified and final is a property of a branch: it is read off a block's own state behind it. So most notes
// say which block first says so (`by`), and mean the same at every peer and at any time.

/** Topics whose notes say `by` which block they hold; of the last three, when they do not, the block itself. */
const OF_BLOCK = new Set([
  "checkpoint justified", "checkpoint finalised", "dynasty began", "vote counted", "deposit made", "exit asked", "withdrawn", "slashed",
  "deposits changed", "lottery", "finality loaded", "checkpoint reached", "block proposed",
]);
const OWN_NAME = { "finality loaded": "block", "checkpoint reached": "block", "block proposed": "hash" };

/**
 * @typedef {object} Vote as somebody sent it
 * @property {string} validator
 * @property {string} source hash of a checkpoint, as are all of these
 * @property {string} target
 * @property {number} source_epoch
 * @property {number} target_epoch
 * @property {Map<number, number[]>} heard host -> rows at which it noted that it heard of it: once in each of its lives
 * @property {number} sender host that sent it, -1 when nobody says so: it remembers it for ever
 */

/** The name under which a vote is selected: its target's hash, then whose it is. */
export const nameOfVote = ({ validator, target }) => `vote:${target}:${validator}`;

/** {target, validator} of "vote:<target>:<validator>"; null for any other name. */
export function readVote(name) {
  const [, target, validator] = name?.match(/^vote:([^:]*):(.*)$/s) ?? [];
  return target === undefined ? null : { target, validator };
}

/** All that a trace's notes tell, past and future; `update` reads the records that came since. */
export class FinalityIndex {
  #trace;
  #rows = 0; // how many records have been read
  #epoch;
  #isNew = false;
  age = 0; // grows whenever something comes or goes

  constructor(trace) {
    this.#trace = trace;
    this.#reset();
  }

  #reset() {
    const each = make => this.#trace.peers.map(make);
    this.told = new Map(); // hash -> Map(host -> facts[]) about that block
    this.speaking = new Set(); // hashes of blocks whose state says more of checkpoints than that of their parents
    this.votes = new Map(); // validator -> Vote[], oldest first
    this.validators = new Set(); // names, in the order in which they were first heard of
    this.anchors = each(() => []); // by host: {row, block, epoch}
    this.conflicts = each(() => []); // by host: {row, facts}
    this.refusals = each(() => []); // by host: {row, facts}
    this.starts = each(() => []); // by host: rows
    this.#rows = 0;
    this.#epoch = this.#trace.epoch;
    this.#isNew = true;
  }

  /** O(new records); all of them when the future was replaced. */
  update() {
    const trace = this.#trace;
    if (this.#epoch !== trace.epoch || this.anchors.length !== trace.peers.length) this.#reset();
    const [note, start] = ["note", "start"].map(name => trace.kinds.indexOf(name));
    const { kind, peer, facts } = trace.columns;
    for (; this.#rows < trace.length; this.#rows++) {
      const row = this.#rows;
      if (kind[row] === note) this.#read(trace.table[facts[row]], peer[row], row);
      else if (kind[row] === start) this.starts[peer[row]].push(row);
    }
    if (this.#isNew) this.age += 1;
    this.#isNew = false;
    return this;
  }

  #read(facts, host, row) {
    const { topic } = facts;
    if (OF_BLOCK.has(topic)) this.#tell(facts.by ?? facts[OWN_NAME[topic]], host, facts);
    else if (topic === "vote sent" || topic === "vote heard") this.#vote(facts, host, row);
    else if (topic === "anchor moved") this.anchors[host].push({ row, block: facts.block, epoch: facts.epoch });
    else if (topic === "finality conflict") this.conflicts[host].push({ row, facts });
    else if (topic === "operation refused") this.refusals[host].push({ row, facts });
    else return;
    this.#isNew = true;
  }

  #tell(hash, host, facts) {
    if (!this.told.has(hash)) this.told.set(hash, new Map());
    const hosts = this.told.get(hash);
    if (!hosts.has(host)) hosts.set(host, [facts]);
    else if (this.starts[host].length > 1 && hosts.get(host).includes(facts)) return; // read from its disk again
    else hosts.get(host).push(facts);
    if (facts.topic.startsWith("checkpoint")) this.speaking.add(hash);
    if (facts.forward) for (const name of [...facts.forward, ...facts.rear]) this.validators.add(name);
    else if (facts.topic === "deposits changed") for (const name of Object.keys(facts.deposits)) this.validators.add(name);
    else if (facts.validator !== undefined) this.validators.add(facts.validator);
  }

  #vote(facts, host, row) {
    const { validator, source, target, source_epoch, target_epoch } = facts;
    this.validators.add(validator);
    if (!this.votes.has(validator)) this.votes.set(validator, []);
    const own = this.votes.get(validator);
    let vote = own.findLast(known => known.target === target && known.source === source);
    if (!vote) own.push(vote = { validator, source, target, source_epoch, target_epoch, heard: new Map(), sender: -1 });
    if (facts.topic === "vote sent") vote.sender = host;
    if (vote.heard.has(host)) vote.heard.get(host).push(row);
    else vote.heard.set(host, [row]);
  }

  /** Does anybody say anything of checkpoints or validators? */
  get isThere() {
    return this.speaking.size > 0 || this.validators.size > 0;
  }

  /** What a peer says of a block; when it says nothing, or nobody is asked, what the first one says who spoke of it. */
  factsOf(hash, host = null) {
    const hosts = this.told.get(hash);
    if (!hosts) return [];
    return hosts.get(host) ?? hosts.values().next().value;
  }

  /** The votes of a validator that a peer has heard of in this life after so many records, and its own of any life. */
  votesHeard(validator, host, rows) {
    const born = this.starts[host]?.findLast(row => row < rows) ?? 0;
    const knows = ({ heard, sender }) => heard.get(host)?.some(row => row < rows && (row >= born || sender === host));
    return (this.votes.get(validator) ?? []).filter(knows);
  }

  /** The vote that a name of the selection grammar means, or null; of several with one target the last. */
  findVote(name) {
    const wanted = readVote(name);
    return (wanted && this.votes.get(wanted.validator)?.findLast(({ target }) => target === wanted.target)) ?? null;
  }

  /** The last of a host's `anchors`, `conflicts` or `refusals` before a row; null for none. */
  lastOf(list, host, rows) {
    return this[list][host]?.findLast(({ row }) => row < rows) ?? null;
  }
}
