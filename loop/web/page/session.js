// Who we are to the server, from one connection to the next: the name, the passwords, the rooms. Each new connection signs in and enters the
// rooms again before anything else is said. Passwords are kept in memory only.

import { Connection } from "./connection.js";
import { Outbox } from "./outbox.js";
import { same } from "./names.js";
import { parse } from "./protocol.js";
import { Requests } from "./requests.js";
import { randomToken } from "./token.js";

export const recentAfterLoss = 100; // messages of each room that a new connection asks for
const takenPause = 3000; // ms until a name is tried again that an earlier connection of ours may still have
const takenAttempts = 40;

const noConnection = { kind: "refused", code: "lost", text: "there is no connection just now" };

// Codes with which the server sends someone away. Coming back at once would only meet the same.
const final = new Set(["logged-in-elsewhere", "kicked", "banned", "sign-in-timeout"]);

// Session calls its hooks: event(event) for all that the server says, with the room filled in; state(name, detail); bytes(data); stalled(is) when the
// server does not answer, and when it does again; delivery and counted are those of Outbox.
// The states: "connecting", "signing", "ready", "lost" (it will try again), "refused" (the sign-in; detail has code and text), "ended".
export class Session {
  state = "idle";
  name = "";
  current = ""; // the room that lines of the server without a room are about
  draining = false;
  needsPassword = false; // the server's own, before anything else
  #wanted = null; // { how, name, password, serverPassword }; how is "guest", "login" or "register"
  #rooms = () => [];
  #signedInBefore = false;
  #refusal = null; // the last line, if it was one
  #resumed = false; // it is known how far our messages have come
  #taken = 0;
  #timer = 0;
  #sentAway = null;
  #claimed = null; // the { name, password } that is just being registered or logged in by
  #here = ""; // what this connection is called, once it has a name

  constructor(url, hooks) {
    this.hooks = hooks;
    this.connection = new Connection(url, {
      opened: () => this.#enter("signing"),
      line: (text) => this.#line(text),
      bytes: (data) => hooks.bytes(data),
      closed: (how) => this.#closed(how),
      stalled: (is) => hooks.stalled(is),
    });
    this.outbox = new Outbox((line) => this.connection.send(line), hooks);
    this.requests = new Requests((line) => this.outbox.push({ line, room: "", entry: null }));
  }

  // key is what gets our name back from an earlier connection.
  key = randomToken();

  // hasPassword says whether our name has one, so that nobody comes in by the key alone.
  get hasPassword() {
    return this.#wanted?.how === "login";
  }

  // restore goes on for an earlier page of this tab.
  restore(key) {
    this.key = key;
    this.#signedInBefore = true;
  }

  // signIn begins, or tries again with other words after a refusal. rooms() gives the names of the rooms to be in.
  signIn(wanted, rooms) {
    this.#wanted = wanted;
    this.#rooms = rooms;
    this.#taken = 0;
    this.#sentAway = null;
    clearTimeout(this.#timer);
    if (this.state === "ended") this.connection.drop();
    if (this.connection.open) {
      this.#enter("signing");
      this.#introduce(this.needsPassword);
      return;
    }
    this.#enter("connecting");
    this.connection.start();
    this.connection.hurry();
  }

  // say sends what someone typed, and keeps it until it has arrived. words are as in Outbox.
  say(words) {
    this.outbox.push(words);
  }

  // ask sends a command. It is dropped where there is no connection.
  ask(line, room = "") {
    if (this.state === "ready") this.outbox.push({ line, room, entry: null });
  }

  // request sends a command, and resolves to what is answered, as Requests has it.
  request(line, kinds) {
    return this.state === "ready" ? this.requests.ask(line, kinds) : Promise.resolve({ answers: [], refused: noConnection });
  }

  join(room) {
    if (this.state === "ready") this.outbox.push({ line: `JOIN ${room}`, room: "", entry: null, joins: room });
  }

  // part leaves a room. The server is put into another one first: which would be current otherwise is not for us to guess.
  part(room, other) {
    if (this.state !== "ready") return;
    if (other) this.join(other);
    this.outbox.push({ line: `PART ${room}`, room: "", entry: null });
    if (!other) this.outbox.setCurrent("");
  }

  // claim tells of a name that a command is about to make ours by a password. The next connection needs it, if the server agrees.
  claim(words) {
    this.#claimed = words;
  }

  // leave says END. The server closes when it has answered all that was before.
  leave() {
    if (this.state === "ready" && !this.connection.raw) this.connection.send("END");
    else this.connection.stop();
    this.#wanted = null;
    this.#enter("ended");
    this.#timer = setTimeout(() => this.connection.stop(), 1000);
  }

  #enter(state, detail) {
    this.state = state;
    this.hooks.state(state, detail);
  }

  #line(text) {
    const event = parse(text);
    this.#follow(event);
    if (this.state !== "ready") this.#handshake(event);
    if (!event.room) event.room = this.current;
    if (this.requests.takes(event) || this.#isTooEarly(event)) return;
    this.hooks.event(event);
  }

  // isTooEarly is true for what the server tells again before it is known how far our own messages have come. It is asked for later.
  #isTooEarly({ kind }) {
    return (kind === "recent" || kind === "recalled") && this.#signedInBefore && !this.#resumed;
  }

  // follow keeps up with what is current, and with what we are called.
  #follow(event) {
    if (event.kind === "connected") this.current = "#lobby";
    if (event.kind === "joined") this.current = event.name;
    if (event.kind === "parted" && event.name === this.current) this.current = "";
    if (event.kind === "named") this.#named(event.name);
    if (event.kind === "handled" && this.outbox.said(event.id, event.number, this.#refusal)) this.#resumed = true;
    this.#refusal = event.kind === "refused" ? event : null;
    if (event.kind === "registered" || event.kind === "named") this.#agreed(event.name);
    if (event.kind === "refused" && event.code === "closing") this.draining = true;
    if (event.kind === "refused" && final.has(event.code)) this.#sentAway = event;
    if (event.kind === "ended") this.connection.stop();
  }

  // named: who has another name now wants that one on the next connection, unless it is a password that opens the door.
  #named(name) {
    this.name = this.#here = name;
    if (this.state === "ready" && !this.hasPassword) this.#wanted = { ...this.#wanted, name };
  }

  #agreed(name) {
    if (!this.#claimed || !same(this.#claimed.name, name)) return;
    this.#wanted = { ...this.#wanted, ...this.#claimed, how: "login" };
    this.#claimed = null;
  }

  #handshake(event) {
    if (event.kind === "connected" || event.kind === "admitted") this.needsPassword = false;
    if (event.kind === "connected") this.#introduce(false);
    if (event.kind === "named") this.#signedIn();
    if (event.kind === "registered") this.#enterRooms();
    if (event.kind === "pong" && event.token === "entered") this.#ready();
    if (event.kind === "refused" && this.state === "signing") this.#refused(event);
  }

  #introduce(needsPassword) {
    const { how, name, password, serverPassword } = this.#wanted ?? {};
    if (needsPassword) {
      if (serverPassword) this.connection.send(`PASS ${serverPassword}`);
    } else if (name) {
      this.outbox.setCurrent("#lobby");
      if (how === "login") this.outbox.now(`LOGIN ${name} ${password}`);
      else if (this.#here === name) this.#signedIn(); // by an earlier try, which was refused later
      else this.outbox.now(this.#here ? `NICK ${name}` : `ADD ${name} ${this.key}`);
    }
  }

  // signedIn goes on with the name; who signs up makes it their own before anything else.
  #signedIn() {
    const { how, name, password } = this.#wanted;
    if (how !== "register") return this.#enterRooms();
    this.claim({ name, password });
    this.outbox.now(`REGISTER ${password}`);
  }

  #refused(event) {
    if (event.code === "flood" || event.code === "closing") return;
    this.#claimed = null;
    if (event.code === "need-password") {
      this.needsPassword = true;
      if (this.#wanted?.serverPassword) {
        this.#introduce(true);
        return;
      }
    }
    if (event.code === "name-taken" && this.#signedInBefore && this.#taken++ < takenAttempts) {
      this.#timer = setTimeout(() => this.state === "signing" && this.#introduce(false), takenPause);
      this.hooks.state("signing", { code: "name-taken", text: "the earlier connection still has your name; trying again" });
      return;
    }
    if (event.code.startsWith("too-many-c") || event.code === "connecting-too-fast" || event.code === "server-full") return;
    this.#enter("refused", { code: event.code, text: event.text, password: this.needsPassword });
  }

  // enterRooms enters all rooms again, and asks what was said in them meanwhile. How far our own messages have come is known first.
  #enterRooms() {
    this.outbox.ask();
    const rooms = this.#rooms();
    const lobby = rooms.find((room) => room.toLowerCase() === "#lobby");
    for (const room of rooms) {
      this.outbox.now(`JOIN ${room}`);
      if (this.#signedInBefore) this.outbox.now(`RECENT ${recentAfterLoss}`);
    }
    if (!lobby) this.outbox.now("PART #lobby");
    this.outbox.setCurrent(rooms.at(-1) ?? "");
    this.outbox.now("PING entered");
  }

  #ready() {
    this.#signedInBefore = true;
    this.connection.welcomed();
    this.#enter("ready");
    this.outbox.release();
  }

  #closed(how) {
    clearTimeout(this.#timer);
    this.outbox.broken();
    this.requests.lost();
    this.current = this.#here = "";
    this.needsPassword = false;
    this.#resumed = false;
    const away = this.#sentAway;
    const draining = this.draining || how.code === 1001;
    this.draining = false;
    if (away) {
      this.connection.stop();
      this.#sentAway = null;
      this.#enter("refused", { code: away.code, text: away.text });
    } else if (this.state !== "ended" && this.state !== "refused") {
      this.#enter("lost", { ...how, draining });
    } else if (this.state === "refused") {
      this.connection.stop();
    }
  }
}
