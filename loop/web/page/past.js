// A stretch of what has been said in a place, which does not end now. This module knows of no page.

import { History } from "./messages.js";
import { isAfter } from "./ids.js";

const most = 2_000; // messages that are kept; those that are farthest from where one goes are let go, and asked for again

// Past has the ends more, in front, as every History, and later: the server has some behind it.
export class Past extends History {
  later = true;

  constructor(messages) {
    super();
    this.prepend(messages);
  }

  prepend(messages) {
    super.prepend(messages);
    if (this.length > most) this.later = true;
    this.keepOldest(most);
  }

  // append puts messages behind all others, up to where a history begins. end says that the server has none behind them.
  append(messages, end, history) {
    const first = history.firstID;
    const older = messages.filter(({ mid }) => !first || isAfter(first, mid));
    this.later = !end && older.length > 0 && older.length === messages.length;
    for (const message of older) this.add(message);
    if (this.length > most) this.keepNewest(most);
    this.changed(null);
  }

  // joinTo puts all of it in front of the history that it has reached.
  joinTo(history) {
    history.more = this.more;
    history.begun = this.begun;
    history.prepend(this.entries);
  }
}
