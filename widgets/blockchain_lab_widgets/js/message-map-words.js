// The map's words in words: versions, answers, counts; for marks, the line below, the table and who hears it.
import { countOf, formatCount } from "./describe.js";

/** Of the titles over the groups. */
export const TITLES = {
  connection: "Connection", addresses: "Addresses", announce: "Announce and ask", data: "Data", payment: "Payment", other: "Others",
};

const SHORT = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });

/** "124"; with five digits "12.3k": a word has little room. */
export function shortCount(count) {
  return count < 10_000 ? formatCount(count) : SHORT.format(count).toLowerCase();
}

/** "0.3.11 – 0.12"; "since 0.13"; "" when nobody said. */
export function tellVersions({ first, last }) {
  if (first === null) return "";
  return last === null ? `since ${first}` : `${first} – ${last}`;
}

/** Who answers what: commands, "block, tx" */
export function listAnswers({ words, arrows }, word) {
  return arrows.filter(({ from, passedOn }) => from === word && !passedOn).map(({ to }) => words[to].command).join(", ");
}

/** And what it answers itself. */
export function listAsked({ words, arrows }, word) {
  return arrows.filter(({ to, passedOn }) => to === word && !passedOn).map(({ from }) => words[from].command).join(", ");
}

/** "12 sent, 11 arrived" */
export function tellCounts({ sent, came }, word) {
  return sent[word] || came[word] ? `${formatCount(sent[word])} sent, ${formatCount(came[word])} arrived` : "not used so far";
}

/** "getdata: 12 sent, 11 arrived": what its mark says to who points at it. */
export function tipOf(language, counts, word) {
  const { command, last, first } = language.words[word];
  const history = last ? `, history, Bitcoin ${first} to ${last}` : "";
  return `${command}${history}: ${tellCounts(counts, word)}`;
}

/** "getdata 12: 12 sent, 11 arrived": the name of a mark begins with what is written on it. */
export function nameWord(language, counts, word, written) {
  const { command, last } = language.words[word];
  return `${[command, written].filter(Boolean).join(" ")}${last ? ", history" : ""}: ${tellCounts(counts, word)}`;
}

/** Sentences about a word: its age, what belongs with it, how often it was said. `who` is a peer, or "" for all. */
export function tellWord(language, counts, word, who) {
  const { first, last, protocol, source, passedOn } = language.words[word];
  const age = first === null ? "" : last === null ? `Bitcoin since ${first}` : `History: Bitcoin ${first} to ${last}`;
  const from = protocol === null ? "" : `, sent to peers of protocol version ${protocol} or later`;
  const [answers, asked] = [listAnswers(language, word), listAsked(language, word)];
  return [
    age ? `${age}${from}.` : "",
    source ? `Source: ${source}.` : "",
    answers ? `Leads to ${answers}.` : "",
    asked ? `Answers ${asked}.` : "",
    passedOn ? "Everybody passes it on." : "",
    tellUse(counts, word, who),
  ].filter(Boolean).join(" ");
}

function tellUse(counts, word, who) {
  if (!counts.sent[word] && !counts.came[word]) return who ? `${who} has not used it so far.` : "Not used so far.";
  return `${who ? `By and to ${who}: ` : "So far "}${tellCounts(counts, word)}.`;
}

/** What is said at the cursor: "inv, then getdata"; in the order of the words. */
export function tellLit({ words, arrows }, { now, arrowsNow }) {
  if (!now.size) return "";
  const pairs = [...arrowsNow].map(arrow => `${words[arrows[arrow].from].command} leads to ${words[arrows[arrow].to].command}`);
  return pairs.length ? pairs.join(", ") : [...now].map(word => words[word].command).join(", ");
}

/** All in a sentence, for who does not see it. */
export function tellMap(language, counts, lit, who) {
  const total = counts.sent.reduce((sum, count) => sum + count, 0);
  const used = language.words.filter((_, word) => counts.sent[word] || counts.came[word]).length;
  const now = tellLit(language, lit);
  return `${countOf(total, "message")} ${who ? `of ${who} ` : ""}sent so far, with ${formatCount(used)} of ${countOf(language.words.length, "command")}.${now ? ` Now: ${now}.` : ""}`;
}
