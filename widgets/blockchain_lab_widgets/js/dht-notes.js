// What nodes of structured overlays note, in plain sentences.
import { countOf } from "./describe.js";
import { readId, shortId } from "./dht-ids.js";

const keyOf = text => shortId(readId(text) ?? String(text));
const inBucket = bucket => (bucket === undefined ? "" : bucket === "" ? " (its only bucket)" : ` (bucket ${bucket})`);
const TASKS = {
  join: "a lookup of its own id, to join", refresh: "a lookup to refresh a bucket", node: "a lookup of", value: "a lookup of the value", publish: "a lookup of those who shall keep", replicate: "a lookup of those who shall have a copy of",
  provide: "a lookup of those whom it tells that it has", providers: "a lookup of who has", finger: "a lookup for a finger,",
};
const task = ({ purpose, target }) => (purpose === "join" || purpose === "refresh" ? TASKS[purpose] : `${TASKS[purpose] ?? "a lookup of"} ${keyOf(target)}`);

/** Topic -> ({me, facts, at}) -> sentence; `at` names who lives at an address. */
export const DHT_NOTES = {
  "node started": ({ me, facts }) => `${me} has the id ${keyOf(facts.id)}`,
  joined: ({ me }) => `${me} has joined`,
  "contact added": ({ me, facts, at }) => `${me} takes ${at(facts.address)} into its table${inBucket(facts.bucket)}`,
  "contact removed": ({ me, facts, at }) => `${me} takes ${at(facts.address)} out of its table${inBucket(facts.bucket)}`,
  "contact waits": ({ me, facts, at }) => `${me} lets ${at(facts.address)} wait: its place is full${inBucket(facts.bucket)}`,
  "contact forgotten": ({ me, facts, at }) => `${me} forgets ${at(facts.address)}, who waited for a place${inBucket(facts.bucket)}`,
  "contact checked": ({ me, facts, at }) => `${me} asks whether ${at(facts.address)} is still there: somebody wants its place${inBucket(facts.bucket)}`,
  "contact silent": ({ me, facts, at }) => `${me} has no answer from ${at(facts.address)}${inBucket(facts.bucket)}`,
  "bucket changed": ({ me, facts }) => `${me} splits ${facts.bucket ? `bucket ${facts.bucket}` : "its only bucket"} in two, for its own id is in it`,
  "bucket limits": ({ me, facts }) => `${me}'s buckets hold ${countOf(facts.k, "contact")} from now on`,
  "lookup started": ({ me, facts }) => `${me} begins ${task(facts)}`,
  "lookup asked": ({ me, facts, at }) => `${me} asks ${at(facts.address)}, for ${task(facts)}`,
  "lookup answered": ({ me, facts, at }) => `${me} has an answer of ${at(facts.address)}, for ${task(facts)}${facts.told ? `: it tells of ${countOf(facts.told, "contact")}` : ""}`,
  "lookup silent": ({ me, facts, at }) => `${me} has waited too long for ${at(facts.address)}, in ${task(facts)}`,
  "lookup finished": ({ me, facts }) => `${me} ends ${task(facts)}, after ${countOf(facts.asked, "question")}${typeof facts.value === "string" ? `: it has found “${facts.value}”` : ""}`,
  "value stored": ({ me, facts, at }) => `${me} keeps the value of ${keyOf(facts.key)}${facts.from ? `, which ${at(facts.from)} has given it` : ""}`,
  "value expired": ({ me, facts }) => `${me} keeps the value of ${keyOf(facts.key)} no longer: it is too old`,
  "value dropped": ({ me, facts }) => `${me} throws the value of ${keyOf(facts.key)} away`,
  "provider stored": ({ me, facts, at }) => `${me} remembers that ${at(facts.address)} has ${keyOf(facts.key)}`,
  "provider expired": ({ me, facts }) => `${me} has not heard for too long who has ${keyOf(facts.key)}, and forgets one`,
  "successor changed": ({ me, facts, at }) => `${me}'s successor is ${at(facts.address)} now`,
  "predecessor changed": ({ me, facts, at }) => `${me}'s predecessor is ${at(facts.address)} now`,
  "ring changed": ({ me, facts }) => `${me} knows ${countOf(facts.successors.length, "successor")} and ${countOf(facts.fingers.length, "finger")}`,
};

/** What learners order of such nodes. */
export const DHT_COMMANDS = {
  PutValue: ({ me, facts }) => `${me} is told to store “${facts.key}”`,
  GetValue: ({ me, facts }) => `${me} is told to find “${facts.key}”`,
  LookUp: ({ me, facts }) => `${me} is told to look up ${facts.target}`,
  Provide: ({ me, facts }) => `${me} is told to offer “${facts.key}”`,
  FindProviders: ({ me, facts }) => `${me} is told to find who has “${facts.key}”`,
};
