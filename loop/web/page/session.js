// Who we are to the server, from one connection to the next: the name, the passwords, the rooms. Each new connection signs in and enters the
// rooms again before anything else is said. Passwords are kept in memory only, and no longer than until the server knows this device by a key.

import { Connection } from "./connection.js";
import { Entrance } from "./entrance.js";
import { Outbox } from "./outbox.js";
import { same } from "./names.js";
import { parse } from "./protocol.js";
import { Requests } from "./requests.js";
import { randomToken } from "./token.js";

const takenPause = 3000; // ms until a name is tried again that an earlier connection of ours may still have
const takenAttempts = 40;
const mostHeld = 10_000; // events that are held back: 20 rooms with a hundred messages, and what was missed, are far fewer
const noConnection = { kind: "refused", code: "lost", text: "there is no connection just now" };

// Codes with which the server sends someone away. Coming back at once would only meet the same.
const final = new Set(["logged-in-elsewhere", "logged-out", "kicked", "banned", "sign-in-timeout"]);

// Codes that are no answer to signing in.
const aside = new Set(["flood", "closing", "waiting", "goes-on", "cluster-away"]);

// What the server tells again. Before it is known how far our own messages have come it can't be told which of them are among it.
const toldAgain = new Set(["recent", "missed", "recalled", "read"]);

// Session calls its hooks: event(event) for all that the server says, with the room filled in; state(name, detail); bytes(data); stalled(is) when the
// server does not answer, and when it does again; adrift() when it is not known which room is current; inRooms(names) when a person is known to be in these and no others, or null: as before; delivery, counted and
// identified are those of Outbox.
// The states: "connecting", "signing", "ready", "lost" (it will try again), "refused" (the sign-in; detail has code and text), "ended".
export class Session {
  state = "idle";
  name = "";
  draining = false;
  needsPassword = false; // the server's own, before anything else
  keep = null; // whether we stay when all our connections are gone; null: the server knows no such thing, or knows us as a guest
  #wanted = null; // { how, name, password, key, serverPassword }; how is "guest", "login" or "register"; key opens the account in the place of the password
  #rooms = () => [];
  #signedInBefore = false;
  #refusal = null; // the last line, if it was one
  #resumed = false; // it is known how far our messages have come
  #held = []; // what was told again before that
  #known = false; // the server has told how far they have come before, on an earlier connection of this page
  #forgotten = false; // and does not know any more: it is another one, or we were gone for long
  #taken = 0;
  #timer = 0;
  #sentAway = null;
  #claimed = null; // the { name, password } that is just being registered or logged in by
  #here = ""; // what this connection is called, once it has a name
  #entering = false; // it has a name, and what is refused now keeps nobody out
  #refusals = []; // those

  // nodes are the servers to connect to, see Nodes.
  constructor(nodes, hooks) {
    this.hooks = hooks;
    this.connection = new Connection(nodes, {
      opened: () => this.#enter("signing"),
      line: (text) => this.#line(text),
      bytes: (data) => hooks.bytes(data),
      closed: (how) => this.#closed(how),
      stalled: (is) => hooks.stalled(is),
    });
    this.outbox = new Outbox((line) => this.connection.send(line), hooks);
    this.requests = new Requests((line) => (this.state === "ready" ? this.outbox.push({ line, room: "", entry: null }) : this.outbox.now(line)));
    this.entrance = new Entrance(this.outbox, this.requests);
  }

  // key is what gets our name back from an earlier connection.
  key = randomToken();

  // isPerson says whether our name is our own, so that nobody comes in by it without a password, or the key of a device.
  get isPerson() {
    return this.#wanted?.how === "login";
  }

  // accountName is the registered name of a person, who may be called otherwise; "" for a guest.
  get accountName() {
    return this.isPerson ? this.#wanted.name : "";
  }

  // account is { name, key } if this device is known by a key, else null.
  get account() {
    const { how, name, key } = this.#wanted ?? {};
    return how === "login" && key ? { name, key } : null;
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
    return this.requestAll([line], kinds);
  }

  // requestAll is the same for several lines at once.
  requestAll(lines, kinds) {
    return this.state === "ready" ? this.requests.ask(lines, kinds) : Promise.resolve({ answers: [], refused: noConnection });
  }

  join(room, key = "") {
    if (this.state === "ready") this.outbox.push({ line: `JOIN ${room}${key && ` ${key}`}`, room: "", entry: null, joins: room });
  }

  // part leaves a room. The server is put into another one first: which would be current otherwise is not for us to guess.
  part(room, other) {
    if (this.state !== "ready") return;
    if (other) this.join(other);
    this.outbox.push({ line: `PART ${room}`, room: "", entry: null });
    if (!other) this.outbox.setCurrent("");
  }

  // recent asks for messages of a room.
  recent(room, count) {
    this.ask(this.entrance.recent(room, count), this.entrance.ids ? "" : room);
  }

  // claim tells of a name that a command is about to make ours by a password. The next connection needs it, if the server agrees.
  claim(words) {
    this.#claimed = words;
  }

  // trust has the server know this device by a new key. Without one, the password is kept in memory.
  async trust() {
    const key = randomToken();
    const { answers } = await this.request(`/trust ${key}`, ["trusted"]);
    if (answers.length > 0) this.#isTrusted(key);
  }

  // trustOnlyThis has the server forget all other devices.
  async trustOnlyThis() {
    await this.request("/trust OFF", ["trusted"]);
    await this.trust();
    this.hooks.inRooms(null);
  }

  // dropKey has the next sign-in ask for the password.
  dropKey() {
    this.#wanted = { ...this.#wanted, key: "" };
  }

  // leave says END, behind lines that are to be said before. The server closes when it has answered all that was before.
  leave(...lines) {
    if (this.state === "ready" && !this.connection.raw) for (const line of [...lines, "END"]) this.connection.send(line);
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
    if (!event.room) event.room = this.entrance.current;
    this.#follow(event);
    if (this.requests.takes(event)) return;
    if (this.state !== "ready") this.#handshake(event);
    if (this.#isFromBefore(event)) return;
    if (!toldAgain.has(event.kind) || this.#resumed) this.hooks.event(event);
    else if (this.#here && this.#held.length < mostHeld) this.#held.push(event); // without a name it is the lobby's, which is asked for later
  }

  // isFromBefore is true for what an earlier connection of ours still says while this one has no name: it is shown already, and told again behind the name.
  #isFromBefore({ kind, name }) {
    return (kind === "said" || kind === "acted") && this.#signedInBefore && !this.#here && same(name, this.name);
  }

  // follow keeps up with what is current, and with what we are called.
  #follow(event) {
    if (this.entrance.follow(event)) this.#adrift();
    if (event.kind === "named") this.#named(event.name);
    if (event.kind === "renamed" && same(event.name, this.name)) this.#named(event.to); // by another session
    if (event.kind === "handled") this.#handled(event);
    this.#refusal = event.kind === "refused" ? event : null;
    if (event.kind === "registered" || event.kind === "named") this.#agreed(event.name);
    if (event.kind === "refused" && event.code === "closing") this.draining = true;
    if (event.kind === "refused" && event.code === "cluster-away") this.connection.goElsewhere();
    if (event.kind === "refused" && final.has(event.code)) this.#sentAway = event;
    if (event.kind === "ended") this.connection.stop();
  }

  #adrift() {
    this.outbox.setCurrent("");
    if (this.state === "ready") queueMicrotask(() => this.hooks.adrift());
  }

  #handled({ id, number, message }) {
    if (!this.outbox.said(id, number, this.#refusal, message) || this.#resumed) return;
    this.#resumed = true;
    this.#forgotten = this.#known && Number.isNaN(number);
    this.#known = true;
    for (const event of this.#held.splice(0)) this.hooks.event(event);
  }

  // named: who has another name now wants that one on the next connection, unless it is an account that opens the door.
  #named(name) {
    this.name = this.#here = name;
    if (this.state === "ready" && !this.isPerson) this.#wanted = { ...this.#wanted, name };
  }

  #agreed(name) {
    if (!this.#claimed || !same(this.#claimed.name, name)) return;
    this.#wanted = { ...this.#wanted, key: "", ...this.#claimed, how: "login" };
    this.#claimed = null;
    if (this.state === "ready") this.#becomePerson();
  }

  // becomePerson: what was said by a command makes one a person in the middle of all.
  async #becomePerson() {
    await this.trust();
    const { keep, rooms, lost } = await this.entrance.learn(this.name, [], []);
    if (lost) return;
    this.keep = keep;
    this.hooks.inRooms(rooms);
  }

  #isTrusted(key) {
    this.#wanted = { ...this.#wanted, key, password: "" };
  }

  #handshake(event) {
    if (event.kind === "connected" || event.kind === "admitted") this.needsPassword = false;
    if (event.kind === "connected") this.#greet();
    if (event.kind === "named") this.#signedIn();
    if (event.kind === "registered") this.#enterRooms();
    if (event.kind === "pong" && event.token === "entered") this.#ready();
    if (event.kind === "refused" && this.state === "signing") this.#refused(event);
  }

  #greet() {
    this.requests.ask(["/ids ON"]);
    this.#introduce(false);
  }

  #introduce(needsPassword) {
    const { how, name, password, key, serverPassword } = this.#wanted ?? {};
    if (needsPassword) {
      if (serverPassword) this.connection.send(`PASS ${serverPassword}`);
    } else if (name) {
      this.outbox.setCurrent("#lobby");
      if (how === "login") this.outbox.now(`LOGIN ${name} ${key || password}`);
      else if (this.#here === name) this.#signedIn(); // by an earlier try, which was refused later
      else this.outbox.now(this.#here ? `NICK ${name}` : `ADD ${name} ${this.key}`);
    }
  }

  // signedIn goes on with the name; who signs up makes it their own before anything else.
  #signedIn() {
    const { how, name, password } = this.#wanted;
    if (this.#entering) return; // a person may be called otherwise than their account, which is told behind LOGIN
    if (how !== "register") return this.#enterRooms();
    this.claim({ name, password });
    this.outbox.now(`REGISTER ${password}`);
  }

  #refused(event) {
    if (aside.has(event.code)) return;
    if (this.#entering) return void this.#refusals.push(event);
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
    if (event.code === "wrong-password" && this.#wanted?.key) return this.#keyIsRefused();
    this.#enter("refused", { code: event.code, text: event.text, password: this.needsPassword });
  }

  // keyIsRefused: the server knows this device no more.
  #keyIsRefused() {
    const { key } = this.#wanted;
    this.dropKey();
    this.#enter("refused", { code: "signed-out", text: "", key });
  }

  // enterRooms enters all rooms again, and asks what was said in them meanwhile. How far our own messages have come is known first.
  async #enterRooms() {
    this.#entering = true;
    this.outbox.ask();
    const { generation } = this.connection;
    const rooms = this.isPerson ? await this.#whereWeAre() : this.#rooms();
    if (generation !== this.connection.generation || this.state !== "signing") return;
    this.entrance.enter(rooms, this.#signedInBefore);
    this.outbox.now("PING entered");
  }

  // whereWeAre is in which rooms a person is to be: where the other sessions are, and without any where this page has been. A server that has forgotten us
  // has forgotten where we were; then all sessions bring their rooms.
  async #whereWeAre() {
    const key = this.#wanted.key ? "" : randomToken();
    const { rooms, there, keep, answers } = await this.entrance.learn(this.#here, key ? [`/trust ${key}`] : [], ["trusted"]);
    if (answers.some(({ kind }) => kind === "trusted")) this.#isTrusted(key);
    this.keep = keep;
    if (rooms) this.hooks.inRooms(rooms);
    const own = this.#rooms();
    if (!there || !rooms) return own;
    if (this.#forgotten) return [...rooms.filter((name) => !own.some((room) => same(room, name))), ...own];
    const last = own.at(-1) ?? "";
    const current = rooms.find((room) => same(room, this.#signedInBefore ? last : this.entrance.current)) ?? rooms.find((room) => same(room, this.entrance.current));
    return [...rooms.filter((room) => room !== current), ...(current ? [current] : [])];
  }

  #ready() {
    this.#signedInBefore = true;
    this.connection.welcomed();
    this.#enter("ready");
    this.outbox.release();
    for (const event of this.#refusals.splice(0)) this.hooks.event(event);
  }

  #closed(how) {
    clearTimeout(this.#timer);
    this.outbox.broken();
    this.requests.lost();
    this.entrance.current = this.#here = "";
    this.#entering = this.needsPassword = this.#resumed = false;
    this.#held = [];
    this.#refusals = [];
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
