// The ids of messages: which of two came later, and what the server tells again beside what is shown. This module is pure.

import { isAlike } from "./align.js";

const skew = 5_000; // ms by which two clocks may differ

// order is below 0 if a message came before another, above if after it.
export function order(a, b) {
  const [a1, a2] = a.split("-");
  const [b1, b2] = b.split("-");
  return a1 - b1 || a2 - b2;
}

export const isAfter = (a, b) => order(a, b) > 0;

// placeFor is where a message with that id, said at that time, belongs among entries: behind all that came before it, and behind what the page has told
// meanwhile. What is still to be sent stays behind it.
export function placeFor(entries, id, time) {
  let at = entries.findLastIndex((entry) => entry.mid && !isAfter(entry.mid, id)) + 1;
  while (at < entries.length && isNotice(entries[at]) && entries[at].time <= time) at++;
  return at;
}

// isNotice says that an entry is what the page has told, and nobody has said.
export const isNotice = ({ kind, mid }) => !mid && kind !== "said" && kind !== "acted";

// twinsOf finds the entries that show what is told again. They have its id; or none, as a message of one's own has whose confirmation was lost.
export function twinsOf(entries, byID, told) {
  const unknown = entries.filter(({ kind, mid, state }) => !mid && (kind === "said" || kind === "acted") && (state === "sent" || state === "unsure"));
  const twins = new Map();
  for (const entry of told) {
    const twin = byID.get(entry.mid) ?? takeAlike(unknown, entry);
    if (twin) twins.set(entry, twin);
  }
  return twins;
}

function takeAlike(unknown, told) {
  const at = unknown.findIndex((entry) => isAlike(entry, told) && (entry.own || Math.abs(entry.time - told.time) < skew));
  return at < 0 ? undefined : unknown.splice(at, 1)[0];
}
