// The messages of one room or conversation, in their order. This module knows of no page.

import { isAfter, isNotice, placeFor, twinsOf } from "./ids.js";
import { Merge } from "./merge.js";

const most = 20_000; // entries that are kept; the oldest go first
const atOnce = 2_000; // entries that go then
const look = 1_000; // entries that are searched for one that is there already

let ids = 0;

// An entry: kind is "said", "acted", "notice", "error" or "answer"; state of one's own lines is as Outbox has it, and "sent" for all else. mid is the id that
// the server has given a message, or "". recalled says that it was told later: nobody was here when it was said.
export function makeEntry(kind, fields) {
  return { id: ++ids, kind, name: "", text: "", time: Date.now(), own: false, state: "sent", mention: false, mid: "", recalled: false, ...fields };
}

export class History {
  entries = [];
  firstUnread = null;
  readUpTo = ""; // the id of the message behind which firstUnread stands, if the server has told it
  more = false; // the server may have earlier ones
  begun = false; // the server has said that it has none
  asking = false; // it is being asked for them
  epoch = 0; // how often all of it was erased
  #gaps = new Set(); // entries behind which something may be missing
  #byID = new Map();

  // changed is called after each change, with the entry, or null when there are many.
  changed = () => {};

  // forgetUnread says that nobody needs to be told any more where it begins.
  forgetUnread() {
    this.firstUnread = null;
    this.readUpTo = "";
  }

  get length() {
    return this.entries.length;
  }

  // add returns false for a message that is here already.
  add(entry) {
    if (entry.mid && this.#byID.has(entry.mid)) return false;
    this.entries.push(entry);
    this.#know(entry);
    if (this.entries.length > most) this.#shorten();
    this.changed(entry);
    return true;
  }

  // goesOn takes one more line of the message that has come last, by the same id, and returns whether it is one.
  goesOn(entry) {
    const last = this.last();
    if (!entry.mid || last?.mid !== entry.mid || last.recalled || last.name !== entry.name || last.kind !== entry.kind) return false;
    const longer = { ...last, text: `${last.text}\n${entry.text}`, mention: last.mention || entry.mention };
    this.#know(longer);
    if (this.firstUnread === last) this.firstUnread = longer;
    this.replaceLast(longer);
    return true;
  }

  // lastID is that of the newest message, or "".
  get lastID() {
    return this.entries.findLast(({ mid }) => mid)?.mid ?? "";
  }

  // firstID is that of the oldest message, or "".
  get firstID() {
    return this.entries.find(({ mid }) => mid)?.mid ?? "";
  }

  // find returns the message with that id, or undefined.
  find(mid) {
    return this.#byID.get(mid);
  }

  // prepend puts messages in front that are older than all that have an id. What the page told before they were said stays in front of them.
  prepend(messages) {
    const count = this.entries.findIndex((entry) => !isNotice(entry));
    const told = count < 0 ? this.entries.splice(0) : this.entries.splice(0, count);
    const front = [];
    for (const entry of messages.filter(({ mid }) => !this.#byID.has(mid))) {
      while (told[0]?.time <= entry.time) front.push(told.shift());
      front.push(entry);
      this.#know(entry);
    }
    this.entries = [...front, ...told, ...this.entries];
    this.changed(null);
  }

  // keepNewest lets go of all but so many.
  keepNewest(count) {
    this.#letGo(this.entries.length - count);
  }

  // keepOldest lets go of all behind that many.
  keepOldest(count) {
    for (const gone of this.entries.splice(count)) this.#byID.delete(gone.mid);
  }

  // erase takes out what has been said, and leaves what is still to be said.
  erase() {
    const left = this.entries.filter(({ state }) => state === "waiting" || state === "sending");
    this.#letGo(this.entries.length);
    this.entries = left;
    this.forgetUnread();
    this.more = false;
    this.begun = true;
    this.epoch++;
    this.changed(null);
  }

  // identify says which id one of our own messages has, and with that where it belongs among those of others. It returns whether it is here.
  identify(entry, mid) {
    const at = this.entries.lastIndexOf(entry);
    if (at < 0) return false;
    const twin = this.#byID.get(mid);
    if (twin && twin !== entry) this.remove(twin);
    entry.mid = mid;
    this.#know(entry);
    this.#putInOrder(entry);
    return true;
  }

  // putInOrder moves an entry to where its id says, if it is elsewhere.
  #putInOrder(entry) {
    const at = this.entries.lastIndexOf(entry);
    const before = this.entries.slice(0, at).findLast(({ mid }) => mid);
    const behind = this.entries.slice(at + 1).find(({ mid }) => mid);
    if (!(before && isAfter(before.mid, entry.mid)) && !(behind && isAfter(entry.mid, behind.mid))) return;
    this.#cut(at, entry);
    this.entries.splice(placeFor(this.entries, entry.mid, entry.time), 0, entry);
    this.changed(null);
  }

  #know(entry) {
    if (entry.mid) this.#byID.set(entry.mid, entry);
  }

  #shorten() {
    this.#letGo(atOnce);
  }

  // letGo forgets so many of the oldest. The server may have those that it has been asked for.
  #letGo(count) {
    for (const gone of this.entries.splice(0, count)) {
      this.#gaps.delete(gone);
      this.#byID.delete(gone.mid);
    }
    this.more ||= this.begun;
    this.begun = false;
  }

  remove(entry) {
    const at = this.entries.indexOf(entry);
    if (at < 0) return;
    this.#cut(at, entry);
    this.#byID.delete(entry.mid);
    this.changed(null);
  }

  // cut takes an entry out. What may be missing behind it may now be missing behind the one before.
  #cut(at, entry) {
    this.entries.splice(at, 1);
    if (this.#gaps.delete(entry) && at > 0) this.#gaps.add(this.entries[at - 1]);
  }

  // interrupted says that what is told from now on may leave something out: the connection is gone, or the server has skipped messages.
  interrupted() {
    const last = this.entries.findLast((entry) => entry.state !== "waiting");
    if (last) this.#gaps.add(last);
  }

  // merge puts messages that the server tells again, in their order, where they belong, and leaves out those that are here already. Those from before
  // all that is here count only if earlier says so. all says that the server has no others, fresh that no connection was lost while one was here. It returns
  // the entries that are new, and those that turn out to have been said.
  merge(told, { earlier = false, all = false, fresh = false } = {}) {
    if (told.length > 0 && told.every(({ mid }) => mid)) return this.#mergeByID(told, earlier || fresh);
    const merge = new Merge(this.entries.slice(-look), this.#gaps, told, all && !this.more);
    for (const gap of merge.closed) this.#gaps.delete(gap);
    this.#insertMissed(told, merge);
    if (earlier) this.#insertEarlier(merge);
    const added = earlier ? [...merge.earlier, ...merge.missed] : merge.missed;
    if (added.length > 0) this.changed(null);
    return { added, said: [...merge.twins.values()].filter((entry) => entry.state === "unsure") };
  }

  // mergeByID is the same where each message has an id: then it is known where each belongs.
  #mergeByID(told, earlier) {
    const first = this.entries.find(({ mid }) => mid)?.mid;
    const twins = twinsOf(this.entries, this.#byID, told);
    const said = [...twins.values()].filter(({ state }) => state === "unsure");
    for (const [entry, twin] of twins) if (!twin.mid) this.identify(twin, entry.mid);
    const added = told.filter((entry) => !twins.has(entry) && (earlier || !first || isAfter(entry.mid, first)));
    for (const entry of added) {
      this.entries.splice(placeFor(this.entries, entry.mid, entry.time), 0, entry);
      this.#know(entry);
    }
    this.#gaps.clear();
    if (added.length > 0) this.changed(null);
    return { added, said };
  }

  // insertMissed puts each behind what the server has had before it, and without that before what is still to be said.
  #insertMissed(told, merge) {
    const missed = new Set(merge.missed);
    let at = merge.twins.size > 0 ? 0 : this.entries.findLastIndex(({ state }) => state !== "waiting") + 1;
    for (const entry of told) {
      at = Math.max(at, this.entries.indexOf(merge.twins.get(entry)) + 1, this.entries.indexOf(merge.gapOf(entry)) + 1);
      if (missed.has(entry)) this.entries.splice(at++, 0, entry);
    }
  }

  #insertEarlier({ earlier, twins }) {
    if (earlier.length === 0) return;
    const at = Math.min(...[...twins.values()].map((entry) => this.entries.indexOf(entry)));
    this.entries.splice(at, 0, ...earlier);
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
