// How much is unread in a place. Who logs in by a name that is their own is told by the server, so that all their devices agree; for all others this page
// counts by itself. This module knows of no page.

import { isAfter } from "./ids.js";

// count notes a message that nobody has looked at yet.
export function count(place, entry) {
  if (place.unread === 0) place.history.firstUnread = entry;
  place.unread++;
  if (entry.mention) place.mentions++;
}

// seen says that all of it has been looked at. It returns whether that is news.
export function seen(place) {
  if (place.unread === 0 && place.mentions === 0) return false;
  place.unread = place.mentions = 0;
  return true;
}

// mark takes what the server says: all up to the message with that id has been read, and so many messages behind it have not.
export function mark(place, id, unread) {
  place.mark = id;
  place.unread = unread;
  if (unread > 0) place.history.readUpTo = id;
  point(place);
}

// point shows where what is unread begins, when more is known of it than before.
export function point(place) {
  const { mark: id, unread } = place;
  const behind = place.history.entries.filter(({ mid, own }) => mid && !own && isAfter(mid, id));
  place.mentions = Math.min(unread, behind.filter(({ mention }) => mention).length);
  place.history.firstUnread = unread > 0 ? (behind[0] ?? null) : null;
}

// repoint does so again for a history of which more is shown than before.
export function repoint(history) {
  const { readUpTo } = history;
  if (readUpTo) history.firstUnread = history.entries.find(({ mid, own }) => mid && !own && isAfter(mid, readUpTo)) ?? null;
}

const pause = 1_000; // ms between two marks of one place

// ReadMarks tells the server what has been read, through send(place, id).
export class ReadMarks {
  // place -> { timer, due }: a mark has just been sent, and due is the one to be sent next, or "". Only places that were looked at within a second are in it.
  #resting = new Map();

  // on says that the server keeps marks for us.
  on = false;

  constructor(send) {
    this.send = send;
  }

  // saw says that all of a place has been looked at.
  saw(place) {
    const id = place.history.lastID;
    if (!this.on || !id || (place.mark && !isAfter(id, place.mark))) return;
    const rest = this.#resting.get(place);
    if (rest) rest.due = id;
    else this.#mark(place, id);
  }

  // owes says that more of a place has been looked at than up to that message, and the server has not been told. It is told within a second.
  owes(place, id) {
    const due = this.#resting.get(place)?.due;
    return Boolean(due) && isAfter(due, id);
  }

  #mark(place, id) {
    place.mark = id;
    this.send(place, id);
    this.#resting.set(place, { due: "", timer: setTimeout(() => this.#rested(place), pause) });
  }

  #rested(place) {
    const { due } = this.#resting.get(place);
    this.#resting.delete(place);
    if (due && isAfter(due, place.mark)) this.#mark(place, due);
  }

  // lost says that the connection is gone.
  lost() {
    for (const { timer } of this.#resting.values()) clearTimeout(timer);
    this.#resting.clear();
  }
}
