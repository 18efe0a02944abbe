// Lines on their way to the server. What was said has a number and stays here until the server has confirmed it: by SAID, or by what it
// answers when it is asked on the next connection. So each line is said once, whenever a connection breaks.

import { randomToken } from "./token.js";

const burst = 40; // lines at once; the server lets 50 pass by itself
const perSecond = 9; // in the long run; the server has 10

// Outbox sends through send(line). What one says is { verb, rest, room, entry }: verb and rest are what the line has in front of its number and behind
// it, entry is the message that is shown for it. A command is { line, room, joins }, and is forgotten when the connection breaks. room is the one
// that must be current for it, or "".
//
// Its hooks: delivery(entry, state), where state is "waiting", "sending", "sent", "failed" or, if nobody can tell any more whether it was said,
// "unsure"; counted(waiting) when that many lines are still to be sent; identified(entry, id) when the server has told the id of a message.
export class Outbox {
  #waiting = []; // to be written
  #sent = []; // what was said, in the order of the numbers: written, on this connection or an earlier one, and not confirmed
  #id = randomToken();
  #number = 0; // of the last line that has one
  #confirmed = 0;
  #asked = false; // the server was asked, and has not answered
  #doubts = false; // it was asked on an earlier connection, which broke before the answer came
  #tokens = burst;
  #refilled = performance.now();
  #timer = 0;
  #current = ""; // the room that the server will have as current when it has handled all that was sent

  // held keeps lines back: not signed in yet, or a file is going out.
  held = true;

  constructor(send, hooks) {
    this.sendLine = send;
    this.hooks = hooks;
  }

  // unsettled is how many messages are not known to have been said.
  get unsettled() {
    return this.#sent.length + this.#waiting.filter(({ entry }) => entry).length;
  }

  push(item) {
    this.#waiting.push(item);
    this.flush();
  }

  release() {
    this.held = false;
    this.flush();
  }

  // setCurrent tells which room is current: after signing in, and after PART.
  setCurrent(room) {
    this.#current = room;
  }

  // now sends a line before all others. Only signing in does so.
  now(line) {
    this.#take();
    this.sendLine(line);
  }

  flush() {
    clearTimeout(this.#timer);
    while (!this.held && this.#waiting.length > 0) {
      if (!this.#take()) {
        this.#timer = setTimeout(() => this.flush(), 1000 / perSecond);
        break;
      }
      this.#sendNext();
    }
    this.hooks.counted(this.#waiting.length);
  }

  #sendNext() {
    const item = this.#waiting[0];
    if (item.room && item.room !== this.#current) {
      this.#current = item.room;
      this.sendLine(`JOIN ${item.room}`);
      return;
    }
    this.#waiting.shift();
    if (item.joins) this.#current = item.joins;
    if (!item.entry) return this.sendLine(item.line);
    item.number ??= ++this.#number;
    this.#sent.push(item);
    this.hooks.delivery(item.entry, "sending");
    this.sendLine(`${item.verb} ID=${this.#id}:${item.number} ${item.rest}`);
  }

  // ask asks how far the server has got. A server that has not heard of us before remembers us from now on.
  ask() {
    this.#asked = true;
    this.now(`TEXT ID=${this.#id}:0`);
  }

  // said takes a SAID: all up to number is handled; NaN: the server has not heard of us. refusal is the line before, if it was one; message is the id of
  // the one with that number, if the server tells it. It returns whether it was for us.
  said(id, number, refusal, message = "") {
    if (id !== this.#id) return false;
    if (this.#asked) this.#resume(number);
    else this.#confirm(number, refusal, message);
    return true;
  }

  #confirm(number, refusal, message) {
    while (this.#sent[0]?.number <= number) {
      const item = this.#sent.shift();
      if (message && item.number === number) this.hooks.identified(item.entry, message);
      this.hooks.delivery(item.entry, item.number === number && isAbout(refusal, item) ? "failed" : "sent");
    }
    this.#confirmed = Math.max(this.#confirmed, number);
  }

  // resume goes on where an earlier connection broke. What the server has not handled is sent again, unless it has forgotten us: then what was
  // written may have been said or not. 0 may also be what it says after it has told us so, and we have not heard it.
  #resume(number) {
    const forgotten = Number.isNaN(number) || number < this.#confirmed || (number === 0 && this.#doubts);
    this.#asked = this.#doubts = false;
    this.#confirm(forgotten ? 0 : number);
    if (forgotten) this.#confirmed = number || 0;
    const left = this.#sent;
    this.#sent = [];
    if (!forgotten) this.#waiting.unshift(...left);
    for (const { entry } of left) this.hooks.delivery(entry, forgotten ? "unsure" : "waiting");
  }

  // broken says that the connection is gone. What was said is kept for the next one.
  broken() {
    clearTimeout(this.#timer);
    this.held = true;
    this.#doubts ||= this.#asked;
    this.#asked = false;
    this.#current = "";
    this.#waiting = this.#waiting.filter(({ entry }) => entry);
  }

  // abandon forgets all: nobody waits for it any more.
  abandon() {
    this.#waiting = [];
    this.#sent = [];
    this.hooks.counted(0);
  }

  // drop takes back what is still to be sent, as far as it is not wanted. What was written once can't be taken back.
  drop(wanted) {
    const dropped = this.#waiting.filter((item) => item.entry && !wanted(item));
    this.#waiting = this.#waiting.filter((item) => !dropped.includes(item));
    for (const { entry } of dropped) this.hooks.delivery(entry, "failed");
    this.hooks.counted(this.#waiting.length);
  }

  #take() {
    const now = performance.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#refilled) / 1000) * perSecond);
    this.#refilled = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

// isAbout says whether a refusal is that of a message: nobody has the name that it was for, or one is not in the room.
function isAbout(refusal, { rest }) {
  const to = /^TO (\S+) /.exec(rest);
  return Boolean(to) && /^no-such-(user|room)$/.test(refusal?.code) && refusal.text.includes(to[1]);
}
