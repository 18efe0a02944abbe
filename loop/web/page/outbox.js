// Lines on their way to the server. A line stays here until the server has surely handled it: a PING goes behind the lines, and its PONG
// comes after all that was before it. What was said but not confirmed when a connection broke is sent again on the next one, unless
// it turns out that it had arrived.

const burst = 40; // lines at once; the server lets 50 pass by itself
const perSecond = 9; // in the long run; the server has 10

// Outbox sends through send(line). An item is { line, room, entry }: room is the one that must be current for it, or ""; entry is the message that
// is shown for it, or null. Items without an entry are forgotten when the connection breaks.
export class Outbox {
  #items = [];
  #sent = 0; // how many of items have been sent on this connection
  #number = 0; // of the last line confirmed or to be confirmed
  #asked = 0; // the number that the PING under way is to confirm; 0: none is
  #tokens = burst;
  #refilled = performance.now();
  #timer = 0;
  #current = ""; // the room that the server will have as current when it has handled all that was sent

  // held keeps lines back: not signed in yet, or a file is going out.
  held = true;

  constructor(send, changed) {
    this.sendLine = send;
    this.changed = changed;
  }

  get waiting() {
    return this.#items.length - this.#sent;
  }

  push(item) {
    this.#items.push(item);
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
    while (!this.held && this.waiting > 0) {
      if (!this.#take()) {
        this.#timer = setTimeout(() => this.flush(), 1000 / perSecond);
        return;
      }
      this.#sendNext();
    }
    this.#ask();
  }

  #sendNext() {
    const item = this.#items[this.#sent];
    if (item.room && item.room !== this.#current) {
      this.#current = item.room;
      this.sendLine(`JOIN ${item.room}`);
      return;
    }
    if (item.joins) this.#current = item.joins;
    this.#sent++;
    item.number = ++this.#number;
    if (item.entry) this.changed(item.entry, "sending");
    this.sendLine(item.line);
  }

  #ask() {
    if (this.#asked || this.#sent === 0 || this.held) return;
    this.#asked = this.#number;
    this.sendLine(`PING sent${this.#asked}`);
  }

  // answered takes the token of a PONG.
  answered(token) {
    if (token !== `sent${this.#asked}`) return;
    while (this.#sent > 0 && this.#items[0].number <= this.#asked) this.#forget(0, "sent");
    this.#asked = 0;
    this.#ask();
  }

  // arrived says that the server has the line of an entry, as its recent messages show.
  arrived(entry) {
    const at = this.#items.findIndex((item) => item.entry === entry);
    if (at >= 0) this.#forget(at, "sent");
  }

  #forget(at, state) {
    const [item] = this.#items.splice(at, 1);
    if (at < this.#sent) this.#sent--;
    if (item.entry) this.changed(item.entry, state);
  }

  // broken says that the connection is gone. What was said is kept for the next one.
  broken() {
    clearTimeout(this.#timer);
    this.held = true;
    this.#asked = 0;
    this.#sent = 0;
    this.#current = "";
    this.#items = this.#items.filter((item) => item.entry);
  }

  // drop takes back what is still to be said in a place that is no more.
  drop(wanted) {
    for (let at = this.#items.length - 1; at >= 0; at--) {
      if (this.#items[at].entry && !wanted(this.#items[at])) this.#forget(at, "failed");
    }
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
