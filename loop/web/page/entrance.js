// What a connection does once it has a name: it learns where one is already, by others of one's own connections, and enters the rooms again.

import { keyOf } from "./names.js";

export const recentAfterLoss = 100; // messages of each room that a new connection asks for, and of each in which something was missed
const recentAtFirst = 10; // and those of the lobby that a newcomer asks for

// Entrance sends through the outbox and the requests of a session.
export class Entrance {
  #joined = new Set(); // keys of the rooms in which the server has told that this connection is
  #missed = new Set(); // and of those in which something was missed
  current = ""; // the room that lines of the server without a room are about

  // ids says that the server tells the ids of messages on this connection.
  ids = false;

  constructor(outbox, requests) {
    this.outbox = outbox;
    this.requests = requests;
  }

  // begin is for a new connection, which is in the lobby.
  begin() {
    this.#joined = new Set(["#lobby"]);
    this.#missed = new Set();
    this.current = "#lobby";
    this.ids = false;
  }

  // follow keeps up with what the server tells. It returns true when it is not known any more which room is current.
  follow({ kind, name, on }) {
    if (kind === "connected") this.begin();
    if (kind === "ids") this.ids = on;
    if (kind === "joined") {
      this.current = name;
      this.#joined.add(keyOf(name));
    }
    if (kind === "missed") this.#missed.add(keyOf(name));
    if (kind === "joinedelsewhere") this.#joined.add(keyOf(name));
    return (kind === "parted" || kind === "putout") && this.#left(name);
  }

  #left(name) {
    this.#joined.delete(keyOf(name));
    if (keyOf(name) !== keyOf(this.current)) return false;
    this.current = "";
    return this.#joined.size > 0;
  }

  // learn asks what the server knows of a person: { rooms, there, keep }, where rooms is null if it does not tell. there says that the person was in the rooms before this connection. lines are
  // sent besides.
  async learn(me, lines, kinds) {
    const { answers, refused } = await this.requests.ask([`WHO ${me}`, "/sessions", "/keep", ...lines], ["who", "sessions", "session", "keep", ...kinds]);
    const find = (kind) => answers.find((event) => event.kind === kind);
    const keep = find("keep")?.on ?? null;
    const there = find("sessions")?.count > 1 || keep === true;
    if (find("who")) this.#joined = new Set(find("who").rooms.map(keyOf));
    return { lost: refused?.code === "lost", rooms: find("who")?.rooms ?? null, there, keep, answers };
  }

  // enter enters rooms, of which the last one is to be current, and asks what was said in them: much if one was there before, on an earlier connection.
  enter(rooms, again) {
    for (const room of rooms) {
      const was = this.#joined.has(keyOf(room));
      if (!was || !this.ids) this.outbox.now(`JOIN ${room}`);
      if (again || this.#missed.has(keyOf(room))) this.outbox.now(this.recent(room, recentAfterLoss));
      else if (was && keyOf(room) === "#lobby") this.outbox.now(this.recent(room, recentAtFirst));
    }
    if (!rooms.some((room) => keyOf(room) === "#lobby") && this.#joined.has("#lobby")) this.outbox.now("PART #lobby");
    const last = rooms.at(-1) ?? "";
    if (last && this.ids) this.outbox.now(`JOIN ${last}`);
    this.outbox.setCurrent(last);
  }

  // recent is the line that asks for messages of a room. Without ids the room must be current.
  recent(room, count) {
    return this.ids ? `RECENT ${room} ${count}` : `RECENT ${count}`;
  }
}
