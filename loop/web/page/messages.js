// The messages of one room or conversation, in the order of their times. This module knows of no page.

const most = 20_000; // entries that are kept; the oldest go first
const atOnce = 2_000; // entries that go then
const tolerance = 30_000; // ms that the times of one message may differ: the server's, and when it came here
const look = 1_000; // entries that are searched for one that is there already

let ids = 0;

// An entry: kind is "said", "acted", "notice", "error" or "answer"; state of one's own lines is "waiting", "sending", "sent" or "failed".
export function makeEntry(kind, fields) {
  return { id: ++ids, kind, name: "", text: "", time: Date.now(), own: false, state: "sent", mention: false, ...fields };
}

const isMessage = (entry) => entry.kind === "said" || entry.kind === "acted";

export class History {
  entries = [];
  firstUnread = null;
  #lastSeen = null; // the last entry when the connection was lost

  // changed is called after each change, with the entry, or null when there are many.
  changed = () => {};

  get length() {
    return this.entries.length;
  }

  add(entry) {
    this.entries.push(entry);
    if (this.entries.length > most) this.entries.splice(0, atOnce);
    this.changed(entry);
  }

  // lost says that the connection is gone: what is told later of the time since then belongs behind all that is here.
  lost() {
    this.#lastSeen = this.entries.findLast((entry) => entry.state !== "waiting") ?? null;
  }

  // merge puts messages that the server tells again, in their order, where they belong, and leaves out those that are here already and those from
  // before since. It returns the entries that are new, and those of one's own that have turned out to have arrived.
  merge(told, since) {
    const twins = this.#twinsOf(told);
    const added = told.filter((entry) => !twins.has(entry) && entry.time >= since);
    const floor = since > -Infinity ? this.entries.indexOf(this.#lastSeen) + 1 : 0;
    let next = null; // the one that follows in the order of the server
    for (const entry of told.toReversed()) {
      if (added.includes(entry)) this.#insert(entry, next, floor);
      next = twins.get(entry) ?? (added.includes(entry) ? entry : next);
    }
    if (added.length > 0) this.changed(null);
    return { added, arrived: [...twins.values()].filter((entry) => entry.state === "sending") };
  }

  // twinsOf finds which of the messages are here already. Each one here is the twin of one only: who says the same twice is heard twice.
  #twinsOf(told) {
    const recent = this.entries.slice(-look).filter((entry) => isMessage(entry) && entry.state !== "waiting");
    const found = new Set();
    const twins = new Map();
    for (const entry of told) {
      const twin = recent.find((shown) => !found.has(shown) && isTwin(shown, entry));
      if (!twin) continue;
      found.add(twin);
      twins.set(entry, twin);
    }
    return twins;
  }

  // insert puts an entry before the next one or, without it, before those that are younger and those that are still to be sent. The server's times
  // are whole seconds.
  #insert(entry, next, floor) {
    let at = next ? this.entries.indexOf(next) : this.entries.length;
    while (!next && at > floor && (this.entries[at - 1].time > entry.time + 999 || this.entries[at - 1].state === "waiting")) at--;
    this.entries.splice(at, 0, entry);
  }

  last() {
    return this.entries.at(-1);
  }

  replaceLast(entry) {
    this.entries[this.entries.length - 1] = entry;
    this.changed(entry);
  }
}

function isTwin(shown, told) {
  return shown.kind === told.kind && shown.text === told.text && shown.name === told.name && Math.abs(shown.time - told.time) <= tolerance;
}
