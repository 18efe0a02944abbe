// What the events of the server change in the places, the users and the messages. This module knows of no page.

import { RoomList } from "./roomlist.js";
import { Places } from "./rooms.js";
import { makeEntry } from "./messages.js";
import { mentions, same } from "./names.js";
import { toOurs } from "./clock.js";
import { refusalText } from "./wording.js";

// Chat calls changed(what) with "places", "users", "topic", "active", "rooms" or "files" after a change. attending() says whether the
// person looks at the active place.
export class Chat {
  places = new Places();
  me = "";
  isAway = false;
  roomList = new RoomList();
  #recalling = null;
  #wantsToSee = "";

  constructor(changed, attending) {
    this.changed = changed;
    this.attending = attending;
  }

  handle(event) {
    this.#handlers[event.kind]?.call(this, event);
  }

  // activate makes a place the one that is looked at.
  activate(place) {
    if (!place || place === this.places.active) return;
    this.places.active = place;
    this.changed("active");
  }

  // see activates a room as soon as it is entered.
  see(name) {
    const place = this.places.room(name);
    if (place?.joined) this.activate(place);
    else this.#wantsToSee = name;
  }

  seen(place) {
    if (!place || (place.unread === 0 && place.mentions === 0)) return;
    place.unread = 0;
    place.mentions = 0;
    this.changed("places");
  }

  // lost says that the connection is gone. Of each room that many messages will be asked for on the next one.
  lost(recent) {
    this.#recalling = null;
    this.roomList.lost();
    for (const place of this.places) {
      place.joined = false;
      place.users.forget();
      place.asked = recent;
      place.earlier = false;
      place.missed = true;
      place.history.interrupted();
    }
  }

  // restore opens the places that an earlier page has had, and looks at the one that it has looked at.
  restore({ places, active }, recent) {
    for (const { name, draft } of places) Object.assign(this.places.open(name), { draft, asked: recent });
    const all = this.places.all();
    this.activate(all.find(({ name }) => name === active) ?? all[0]);
  }

  // tell shows a line of our own in the active place, such as an error.
  tell(kind, text) {
    this.places.active?.history.add(makeEntry(kind, { text }));
  }

  #handlers = {
    connected: (event) => this.#connected(event),
    said: (event) => this.#said(this.places.room(event.room), event),
    acted: (event) => this.#said(this.places.room(event.room), event),
    whispered: (event) => this.#whispered(event),
    entered: (event) => this.#entered(event),
    left: (event) => this.#left(event),
    digest: (event) => this.#digest(event),
    renamed: (event) => this.#renamed(event),
    away: (event) => this.#awayOrBack(event, true),
    back: (event) => this.#awayOrBack(event, false),
    removed: (event) => this.#everywhere(event.name, event.text ? `An operator removed ${event.name}: ${event.text}` : `An operator removed ${event.name}`),
    topicset: (event) => this.#topicSet(event),
    notice: (event) => this.tell("notice", event.text),
    named: (event) => this.#named(event),
    joined: (event) => this.#joined(event),
    parted: (event) => this.#parted(event),
    listed: (event) => this.#listed(event),
    rooms: (event) => this.roomList.begin(event) && this.changed("rooms"),
    described: (event) => this.roomList.add(event) && this.changed("rooms"),
    topic: (event) => this.#topic(event),
    isaway: () => this.#setAway(true),
    isback: () => this.#setAway(false),
    recent: (event) => this.#recent(event),
    recalled: (event) => this.#recalled(event),
    registered: ({ name }) => this.tell("notice", `${name} is your name now: nobody comes in by it without its password`),
    unregistered: ({ name }) => this.tell("notice", `${name} is registered no more`),
    operates: () => this.tell("notice", "You are an operator now; /help shows what that is good for"),
    pong: ({ token }) => this.#pong(token),
    answer: (event) => this.tell("answer", event.text),
    refused: (event) => this.#refused(event),
  };

  // connected: everyone begins in the lobby. Who had left it is about to leave it again.
  #connected({ count }) {
    if (this.places.rooms().length === 0 || this.places.room("#lobby")) this.#joined({ name: "#lobby", count });
  }

  #said(place, event) {
    if (!place) return;
    const mention = mentions(event.text, this.me);
    const entry = makeEntry(event.kind, { name: event.name, text: event.text, mention });
    this.#count(place, entry);
    place.history.add(entry);
  }

  #whispered(event) {
    const place = this.places.open(event.name);
    const entry = makeEntry("said", { name: event.name, text: event.text, mention: true });
    this.#count(place, entry);
    place.history.add(entry);
    this.changed("places");
  }

  // count notes a message that nobody looks at yet.
  #count(place, entry) {
    if (place === this.places.active && this.attending()) return;
    if (place.unread === 0) place.history.firstUnread = entry;
    place.unread++;
    if (entry.mention) place.mentions++;
    this.changed("places");
  }

  #notice(place, text, fields) {
    place?.history.add(makeEntry("notice", { text, ...fields }));
  }

  // everywhere tells something of a person where that person is.
  #everywhere(name, text, fields) {
    const places = this.places.all().filter((place) => (place.isRoom ? place.users.has(name) : same(place.name, name)));
    for (const place of places) this.#notice(place, text, fields);
    return places;
  }

  #entered({ room, name, count }) {
    const place = this.places.room(room);
    if (!place) return;
    place.users.add(name);
    place.count = count;
    this.#notice(place, `${name} came in`, { newcomer: name });
    this.#usersChanged(place);
  }

  #left({ room, name, count }) {
    const place = this.places.room(room);
    if (!place) return;
    place.users.remove(name);
    place.count = count;
    this.#notice(place, `${name} left`);
    this.#usersChanged(place);
  }

  // digest stands for many who came and left, so it is no longer known who is here. Digests that follow each other are shown as the last one.
  #digest({ room, text, count }) {
    const place = this.places.room(room);
    if (!place) return;
    place.users.stale = true;
    place.count = count;
    const last = place.history.last();
    const entry = makeEntry("notice", { text, digest: true });
    if (last?.digest) place.history.replaceLast(entry);
    else place.history.add(entry);
    this.#usersChanged(place);
  }

  #renamed({ name, to }) {
    for (const place of this.places) {
      if (!place.isRoom || !place.users.has(name)) continue;
      place.users.rename(name, to);
      const last = place.history.last();
      const text = last?.newcomer === name ? `${to} came in` : `${name} is now called ${to}`;
      if (last?.newcomer === name) place.history.replaceLast(makeEntry("notice", { text, time: last.time }));
      else this.#notice(place, text);
      this.#usersChanged(place);
    }
    this.places.rename(name, to);
    this.changed("places");
  }

  #awayOrBack({ name, text }, away) {
    for (const place of this.places) place.users.setAway(name, away);
    const words = away ? `${name} is away${text ? `: ${text}` : ""}` : `${name} is back`;
    for (const place of this.#everywhere(name, words)) this.#usersChanged(place);
  }

  #usersChanged(place) {
    if (place === this.places.active) this.changed("users");
  }

  #topicSet({ room, name, text }) {
    const place = this.places.room(room);
    if (!place) return;
    place.topic = text;
    this.#notice(place, `${name} set the topic: ${text}`);
    this.changed("topic");
  }

  #topic({ name, text }) {
    const place = this.places.room(name);
    if (!place) return;
    place.topic = text;
    this.changed("topic");
  }

  #named({ name }) {
    for (const place of this.places) {
      if (this.me) place.users.rename(this.me, name);
    }
    this.me = name;
    this.changed("users");
    this.changed("places");
  }

  #joined({ name, count }) {
    const place = this.places.open(name);
    place.joined = true;
    place.count = count;
    this.changed("places");
    if (!this.places.active || same(this.#wantsToSee, name)) {
      this.#wantsToSee = "";
      this.activate(place);
    }
    this.#usersChanged(place);
  }

  #parted({ name }) {
    const place = this.places.room(name);
    if (!place) return;
    const active = place === this.places.active;
    const beside = this.places.beside(-1);
    this.places.close(place);
    this.changed("places");
    if (active) this.activate(beside === place ? this.places.all()[0] : beside);
    if (!this.places.active) this.changed("active");
  }

  #listed(event) {
    const place = this.places.room(event.room);
    if (!place) return;
    place.users.list(event);
    place.count = event.count;
    this.#usersChanged(place);
  }

  #pong(token) {
    const asked = /^took(\d+)$/.exec(token);
    if (asked) this.tell("answer", `The server answered within ${Math.max(1, Math.round(performance.now()) - Number(asked[1]))} ms`);
  }

  #setAway(away) {
    this.isAway = away;
    for (const place of this.places) place.users.setAway(this.me, away);
    this.changed("users");
  }

  #recent({ count, name }) {
    this.#recalling = { place: this.places.room(name), left: count, entries: [] };
    this.#recentTold();
  }

  #recalled({ time, message }) {
    const told = this.#recalling;
    if (!told) return;
    const own = same(message.name, this.me);
    const mention = !own && mentions(message.text, this.me);
    told.entries.push(makeEntry(message.kind, { name: message.name, text: message.text, time: toOurs(time), own, mention }));
    told.left--;
    this.#recentTold();
  }

  #recentTold() {
    const { place, left, entries } = this.#recalling;
    if (left > 0) return;
    this.#recalling = null;
    if (!place) return;
    const { history, asked, earlier, missed } = place;
    const { added, said } = history.merge(entries, { earlier, all: entries.length < asked });
    for (const entry of said) this.said(entry);
    history.more = entries.length >= asked && (!earlier || added.length > 0);
    place.earlier = false;
    if (earlier) history.changed(null);
    else if (missed) for (const entry of added) if (!entry.own) this.#count(place, entry);
  }

  // said is replaced by who shows that a message has been said after all.
  said() {}

  #refused(refusal) {
    if (refusal.code === "closing") return;
    if (refusal.code === "skipped") for (const place of this.places.rooms()) place.history.interrupted();
    this.tell("error", refusalText(refusal));
  }
}
