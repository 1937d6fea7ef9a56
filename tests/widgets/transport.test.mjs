import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlace } from "../../widgets/blockchain_lab_widgets/js/transport-jump.js";
import { eventAtPlace } from "../../widgets/blockchain_lab_widgets/js/transport-scrubber.js";

test("a time is read in seconds, in any unit, or as on a clock; a number after # is an event", () => {
  const wanted = {
    "2.3": { time: 2_300_000 }, "2.3 s": { time: 2_300_000 }, " .5S ": { time: 500_000 }, "120 ms": { time: 120_000 },
    "120ms": { time: 120_000 }, "7 µs": { time: 7 }, "7 us": { time: 7 }, "1:02": { time: 62_000_000 },
    "1:02.5": { time: 62_500_000 }, "1:02:03.300": { time: 3_723_300_000 }, "90:00": { time: 5_400_000_000 },
    "2 min": { time: 120_000_000 }, "0": { time: 0 }, "#120": { event: 120 }, "# 4,500": { event: 4500 },
  };

  for (const [typed, place] of Object.entries(wanted)) assert.deepEqual(place, readPlace(typed), typed);
});

test("what cannot be read is named, with what could be", () => {
  const unread = ["soon", "2.3 parsecs", "-1", "1:75", "1:2:3:4", "#", "#1.5", "2,3", "1e3", "toString", "0x10", "2 constructor"];

  for (const typed of unread) {
    assert.equal(`Cannot read “${typed}”: type 2.3 s, 120 ms, 1:02 or #120.`, readPlace(typed).problem);
  }
  assert.equal("Type a time or an event: 2.3 s, 120 ms, 1:02 or #120.", readPlace("  ").problem);
});

test("a place on the scrubber is an event: the thumb's middle goes from half its width to half before the end", () => {
  const places = [-50, 0, 7, 107, 207, 214, 999].map(x => eventAtPlace(x, 214, 1000));

  assert.deepEqual([0, 0, 0, 500, 1000, 1000, 1000], places);
  assert.equal(0, eventAtPlace(3, 0, 0)); // nothing has happened, and nothing has a width
});
