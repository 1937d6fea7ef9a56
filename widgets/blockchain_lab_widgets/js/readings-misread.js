// What popular sentences about Casper would mean for a branch: for pictures beside the rule, never for a rule. Pure.
//
// The same functions as Python's ffg_misreadings; a test holds them against each other.
import { sha256, toHex } from "./checksum.js";

/** The epoch of a block if each were one block longer than the one before: its number, and the height where it begins. */
export function findGrowingEpoch(height, firstLength) {
  let [number, begins] = [0, 0];
  while (height >= begins + firstLength + number) {
    begins += firstLength + number;
    number += 1;
  }
  return { number, begins };
}

/** Heights of all blocks that "are being finalised": those above the last final one. None when `from` is more than `to`. */
export function findVagueCheckpoints(finalHeight, headHeight) {
  return { from: finalHeight + 1, to: headHeight };
}

/** How high a branch would be final if two thirds of votes made their whole epoch so. */
export function findHastyHeight(justifiedEpoch, epochLength, headHeight) {
  if (justifiedEpoch === 0) return 0; // the genesis needs no votes
  return Math.min((justifiedEpoch + 1) * epochLength - 1, headHeight);
}

/** The epoch of a withdrawal if its delay began with the request. */
export function findHastyWithdrawal(asked, delay) {
  return asked + delay;
}

/** Half of the validators (rounded up), by a lot that a picture can repeat. O(n log n). */
export function drawCommittee(names, epoch) {
  const encoder = new TextEncoder();
  const lots = names.map(name => ({ name, lot: toHex(sha256(encoder.encode(`${epoch}/${name}`))) }));
  lots.sort((one, other) => (one.lot < other.lot ? -1 : 1));
  return lots.slice(0, Math.ceil(lots.length / 2)).map(({ name }) => name);
}
