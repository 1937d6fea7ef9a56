// What a reader types to get somewhere: a time or an event. Pure.

const UNITS = { "": 1e6, s: 1e6, ms: 1e3, µs: 1, μs: 1, us: 1, min: 60e6, h: 3600e6 }; // two letters look like µ

/** What `readPlace` understands, for the sentence that says so. */
export const EXAMPLES = "2.3 s, 120 ms, 1:02 or #120";

/**
 * "2.3", "2.3 s", "120 ms" and "1:02" (minutes and seconds, or hours too) are times, "#120" is an event.
 *
 * @returns {{event: number}|{time: number}|{problem: string}} time in µs
 */
export function readPlace(text) {
  const typed = text.trim().toLowerCase();
  if (!typed) return { problem: `Type a time or an event: ${EXAMPLES}.` };
  const event = typed.match(/^#\s*(\d[\d,]*)$/);
  if (event) return { event: Number(event[1].replaceAll(",", "")) };
  const clock = typed.match(/^(?:(\d+):)?(\d+):([0-5]?\d(?:\.\d*)?)$/);
  if (clock) {
    const [hours, minutes, seconds] = [clock[1] ?? 0, clock[2], clock[3]].map(Number);
    return { time: Math.round((3600 * hours + 60 * minutes + seconds) * 1e6) };
  }
  const time = typed.match(/^(\d+\.?\d*|\.\d+)\s*(\S*)$/);
  if (time && Object.hasOwn(UNITS, time[2])) return { time: Math.round(Number(time[1]) * UNITS[time[2]]) };
  return { problem: `Cannot read “${text.trim()}”: type ${EXAMPLES}.` };
}
