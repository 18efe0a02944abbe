// The messages of one room or conversation, in their order. This module knows of no page.

import { align, isAlike, pairs } from "./align.js";
import { keyOf } from "./names.js";

const most = 20_000; // entries that are kept; the oldest go first
const atOnce = 2_000; // entries that go then
const look = 1_000; // entries that are searched for one that is there already

let ids = 0;

// An entry: kind is "said", "acted", "notice", "error" or "answer"; state of one's own lines is as Outbox has it, and "sent" for all else.
export function makeEntry(kind, fields) {
  return { id: ++ids, kind, name: "", text: "", time: Date.now(), own: false, state: "sent", mention: false, ...fields };
}

const isMessage = (entry) => entry.kind === "said" || entry.kind === "acted";

export class History {
  entries = [];
  firstUnread = null;
  more = false; // the server may have earlier ones
  #gaps = new Set(); // entries behind which something may be missing

  // changed is called after each change, with the entry, or null when there are many.
  changed = () => {};

  get length() {
    return this.entries.length;
  }

  add(entry) {
    this.entries.push(entry);
    if (this.entries.length > most) this.#shorten();
    this.changed(entry);
  }

  #shorten() {
    for (const gone of this.entries.splice(0, atOnce)) this.#gaps.delete(gone);
  }

  remove(entry) {
    const at = this.entries.indexOf(entry);
    if (at < 0) return;
    this.entries.splice(at, 1);
    if (this.#gaps.delete(entry) && at > 0) this.#gaps.add(this.entries[at - 1]);
    this.changed(null);
  }

  // interrupted says that what is told from now on may leave something out: the connection is gone, or the server has skipped messages.
  interrupted() {
    const last = this.entries.findLast((entry) => entry.state !== "waiting");
    if (last) this.#gaps.add(last);
  }

  // merge puts messages that the server tells again, in their order, where they belong, and leaves out those that are here already. Those from before
  // all that is here count only if earlier says so. It returns the entries that are new, and those that turn out to have been said.
  merge(told, earlier) {
    this.#gap = { closed: null, open: null };
    const twins = this.#twinsOf(told);
    const first = this.#gap.open ? 0 : told.findIndex((entry) => twins.has(entry));
    const before = told.slice(0, Math.max(first, 0));
    const missed = told.slice(before.length).filter((entry) => !twins.has(entry));
    this.#insertMissed(told, twins, new Set(missed));
    if (earlier && before.length > 0) this.#insertBefore(before, [...twins.values()]);
    const added = earlier ? [...before, ...missed] : missed;
    if (added.length > 0) this.changed(null);
    return { added, said: [...twins.values()].filter((entry) => entry.state === "unsure") };
  }

  // twinsOf maps each message that is here already to the entry that shows it. What oneself has said stands here in the order in which it was said, but
  // not in that of the server among the others; and of it alone it is known that nothing is missing.
  #twinsOf(told) {
    const recent = this.entries.slice(-look);
    const names = new Set(this.entries.filter(({ own }) => own).map(({ name }) => keyOf(name)));
    const isOwn = ({ name }) => names.has(keyOf(name));
    const known = recent.filter((entry) => isMessage(entry) && entry.state === "sent");
    const ours = known.filter(isOwn);
    const oursTold = told.filter(isOwn);
    const twins = new Map(pairs(ours, oursTold, align(ours, oursTold, oursTold.length, true)));
    for (const entry of oursTold.filter((one) => !twins.has(one))) {
      const unsure = recent.find((shown) => shown.state === "unsure" && isAlike(shown, entry) && ![...twins.values()].includes(shown));
      if (unsure) twins.set(entry, unsure);
    }
    for (const [one, other] of this.#twinsOfOthers(recent, told.filter((entry) => !isOwn(entry)), isOwn)) twins.set(one, other);
    return twins;
  }

  // twinsOfOthers goes back from gap to gap.
  #twinsOfOthers(recent, told, isOwn) {
    const found = [];
    let upTo = told.length;
    let newest = true;
    for (const { gap, entries } of this.#stretches(recent)) {
      const shown = entries.filter((entry) => isMessage(entry) && !isOwn(entry));
      const fit = align(shown, told, upTo, newest);
      found.push(...pairs(shown, told, fit));
      if (fit.count > 0) this.#gaps.delete(gap);
      if (fit.count > 0) upTo = fit.end - fit.count;
      this.#gap[fit.count > 0 ? "closed" : "open"] ??= gap;
      newest = false;
    }
    return found;
  }

  // gap is where what was missed belongs: behind closed, if what is before it was found, or else behind open.
  #gap = { closed: null, open: null };

  // stretches are the entries without gaps, the last ones first, each with the gap behind it.
  #stretches(recent) {
    const all = [{ gap: null, entries: [] }];
    for (const entry of recent.toReversed()) {
      if (this.#gaps.has(entry)) all.push({ gap: entry, entries: [] });
      all.at(-1).entries.unshift(entry);
    }
    return all;
  }

  // insertMissed puts each behind what the server has had before it, and without that before what is still to be said.
  #insertMissed(told, twins, missed) {
    let at = this.entries.indexOf(this.#gap.open ?? this.#gap.closed) + 1;
    if (twins.size === 0) at = Math.max(at, this.entries.findLastIndex(({ state }) => state !== "waiting") + 1);
    for (const entry of told) {
      if (twins.has(entry)) at = Math.max(at, this.entries.indexOf(twins.get(entry)) + 1);
      else if (missed.has(entry)) this.entries.splice(at++, 0, entry);
    }
  }

  #insertBefore(before, shown) {
    const at = Math.min(...shown.map((entry) => this.entries.indexOf(entry)));
    this.entries.splice(at, 0, ...before);
  }

  last() {
    return this.entries.at(-1);
  }

  replaceLast(entry) {
    if (this.#gaps.delete(this.last())) this.#gaps.add(entry);
    this.entries[this.entries.length - 1] = entry;
    this.changed(entry);
  }
}
