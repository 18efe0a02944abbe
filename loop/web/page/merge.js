// What the server tells again, beside what is shown: which messages are the same, and what was missed. This module is pure.

import { align, isAlike, pairs } from "./align.js";
import { keyOf } from "./names.js";

const isMessage = ({ kind }) => kind === "said" || kind === "acted";

// Merge compares told, in the order of the server, with the entries that are shown. gaps has those behind which something may be missing. With all, told
// is everything that there is, and shown begins with it.
//
// twins maps what is told to the entry that shows it; missed has what is not shown, and earlier what is from before all that is.
export class Merge {
  twins = new Map();
  closed = new Set(); // gaps of which it is known now what was missed
  #behind = new Map(); // what is told -> the gap behind which it was said

  constructor(entries, gaps, told, all) {
    // What oneself has said is shown in the order in which it was said, but not in that of the server among the others; and nothing of it can be missing.
    const names = new Set(entries.filter(({ own }) => own).map(({ name }) => keyOf(name)));
    const isOwn = ({ name }) => names.has(keyOf(name));
    const known = entries.filter((entry) => isMessage(entry) && entry.state === "sent");
    this.#own(known.filter(isOwn), told.filter(isOwn), entries.filter(({ state }) => state === "unsure"));
    this.#others(stretchesOf(entries, gaps), told.filter((entry) => !isOwn(entry)), (entry) => known.includes(entry) && !isOwn(entry), all, told);
    const first = told.findIndex((entry) => this.twins.has(entry));
    this.earlier = told.slice(0, Math.max(first, 0)).filter((entry) => !this.#behind.has(entry));
    this.missed = told.filter((entry) => !this.twins.has(entry) && !this.earlier.includes(entry));
  }

  // gapOf is the gap behind which something was said, if it is known.
  gapOf(entry) {
    return this.#behind.get(entry);
  }

  #own(shown, told, unsure) {
    this.#pair(pairs(shown, told, align(shown, told, told.length, { newest: true })));
    for (const entry of told.filter((one) => !this.twins.has(one))) {
      const at = unsure.findIndex((shown) => isAlike(shown, entry));
      if (at >= 0) this.twins.set(entry, unsure.splice(at, 1)[0]);
    }
  }

  // others goes back from gap to gap.
  #others(stretches, told, counts, all, order) {
    const ownFrom = order.findIndex((entry) => this.twins.has(entry));
    let upTo = told.length;
    for (const [at, { gap, entries }] of stretches.entries()) {
      const shown = entries.filter(counts);
      const fit = align(shown, told, upTo, { newest: at === 0, oldest: all && at === stretches.length - 1 });
      this.#pair(pairs(shown, told, fit));
      if (gap && fit.count > 0) this.closed.add(gap);
      // Where nobody else has said anything, our own messages tell what is from before.
      const after = (entry) => shown.length > 0 || order.indexOf(entry) > ownFrom;
      for (const entry of told.slice(fit.end, upTo).filter(after)) this.#placeBehind(entry, gap);
      if (fit.count > 0) upTo = fit.end - fit.count;
    }
  }

  #placeBehind(entry, gap) {
    if (gap && !this.#behind.has(entry)) this.#behind.set(entry, gap);
  }

  #pair(found) {
    for (const [one, other] of found) this.twins.set(one, other);
  }
}

// stretchesOf returns the stretches of entries without a gap within, the last one first, each with the gap behind it.
function stretchesOf(entries, gaps) {
  const all = [{ gap: null, entries: [] }];
  for (const entry of entries.toReversed()) {
    if (gaps.has(entry)) all.push({ gap: entry, entries: [] });
    all.at(-1).entries.unshift(entry);
  }
  return all;
}
