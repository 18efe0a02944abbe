// Collects what the server tells again: the lines behind RECENT, and behind MISSED. This module knows of no page.

import { toOurs } from "./clock.js";
import { whole } from "./lines.js";
import { makeEntry } from "./messages.js";
import { mentions, same } from "./names.js";

// entryOf makes an entry of a message that the server tells again. me is what one is called; other is that of a conversation: whoever else says something there is oneself.
export function entryOf({ time, message: { kind, name, text, id = "" } }, me, other = "") {
  const alone = kind === "whispered";
  const own = other ? !same(name, other) : same(name, me);
  const mention = !own && (alone || mentions(text, me));
  return makeEntry(alone ? "said" : kind, { name, text, mid: id, time: toOurs(time), own, mention, recalled: true });
}

// pagesOf reads the answers to HISTORY: each page has end, which says that there is no more of it, and entries, which make(event) has made of its messages.
export function pagesOf(answers, make) {
  const pages = [];
  for (const event of whole(answers)) {
    if (event.kind === "history") pages.push({ end: event.end, entries: [] });
    else pages.at(-1)?.entries.push(make(event));
  }
  return pages;
}

// Recall calls done({ name, missed, entries }) when all lines of an answer are there. name is that of a room, or "*" for what was said to oneself alone;
// missed says that nobody of one's own was there to hear them.
export class Recall {
  #coming = null;

  constructor(done) {
    this.done = done;
  }

  begin({ name, count }, missed) {
    this.#coming = { name, missed, left: count, events: [] };
    this.#isWhole();
  }

  // add takes one line. me is what one is called.
  add(event, me) {
    if (!this.#coming) return;
    this.#coming.events.push(event);
    this.#coming.left--;
    this.#isWhole(me);
  }

  // lost says that no more lines come.
  lost() {
    this.#coming = null;
  }

  #isWhole(me) {
    if (this.#coming.left > 0) return;
    const { name, missed, events } = this.#coming;
    this.#coming = null;
    this.done({ name, missed, entries: whole(events).map((event) => entryOf(event, me)) });
  }
}
