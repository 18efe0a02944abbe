// Collects what the server tells again: the lines behind RECENT, and behind MISSED. This module knows of no page.

import { toOurs } from "./clock.js";
import { makeEntry } from "./messages.js";
import { mentions, same } from "./names.js";

// Recall calls done({ name, missed, entries }) when all lines of an answer are there. name is that of a room, or "*" for what was said to oneself alone;
// missed says that nobody of one's own was there to hear them.
export class Recall {
  #coming = null;

  constructor(done) {
    this.done = done;
  }

  begin({ name, count }, missed) {
    this.#coming = { name, missed, left: count, entries: [] };
    this.#isWhole();
  }

  // add takes one line. me is what one is called.
  add({ time, message }, me) {
    if (!this.#coming) return;
    const { kind, name, text, id } = message;
    const own = same(name, me);
    const alone = kind === "whispered";
    const fields = { name, text, mid: id ?? "", time: toOurs(time), own, mention: !own && (alone || mentions(text, me)), recalled: true };
    this.#coming.entries.push(makeEntry(alone ? "said" : kind, fields));
    this.#coming.left--;
    this.#isWhole();
  }

  // lost says that no more lines come.
  lost() {
    this.#coming = null;
  }

  #isWhole() {
    if (this.#coming.left > 0) return;
    const whole = this.#coming;
    this.#coming = null;
    this.done(whole);
  }
}
