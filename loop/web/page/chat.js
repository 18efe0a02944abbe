// What the events of the server change in the places, the users and the messages. This module knows of no page.

import { RoomList } from "./roomlist.js";
import { newcomer, Places } from "./rooms.js";
import { makeEntry } from "./messages.js";
import { keyOf, mentions, same } from "./names.js";
import { Presence } from "./presence.js";
import { Recall } from "./recall.js";
import { ServerMemory } from "./servermemory.js";
import { count, mark, point, seen } from "./unread.js";
import { refusalText } from "./wording.js";

// Chat calls changed(what) with "places", "users", "topic", "active", "rooms" or "files" after a change. attending() says whether the
// person looks at the active place.
export class Chat {
  places = new Places();
  me = "";
  isAway = false;
  roomList = new RoomList();
  memory = new ServerMemory(this);
  #presence = new Presence(this);
  #recall = new Recall((told) => this.#recalled(told));
  #wantsToSee = "";
  #called = null; // a room that has got another name: { text, active }, until it is told that we have left the one of before

  constructor(changed, attending) {
    this.changed = changed;
    this.attending = attending;
  }

  handle(event) {
    if (this.#presence.handles(event)) return;
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
    if (!place) return;
    if (seen(place)) this.changed("places");
    this.looked(place);
  }

  // looked is replaced by who tells others of one's own that a place has been looked at.
  looked() {}

  // owes is replaced by who knows that they will be told of more that has been looked at than up to that message.
  owes = () => false;

  isLookedAt(place) {
    return place === this.places.active && this.attending();
  }

  // lost says that the connection is gone. Of each room that many messages will be asked for on the next one.
  lost(recent) {
    this.#recall.lost();
    this.roomList.lost();
    for (const place of this.places) {
      place.joined = false;
      place.users.forget();
      place.asked = recent;
      place.earlier = false;
      place.missed = true;
      place.rightsStale = true;
      place.mark = ""; // the server tells it again, if it still knows
      place.history.interrupted();
    }
    this.memory.lost();
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
    topicset: (event) => this.#topicSet(event),
    notice: (event) => this.tell("notice", event.text),
    governed: (event) => this.#governed(this.places.room(event.room), event.text),
    ruled: ({ name, verb }) => verb === "CLEAR" && this.memory.cleared(this.places.room(name), "You cleared what was said here"),
    invited: ({ text, to }) => this.places.active?.history.add(makeEntry("notice", { text, join: to })),
    putout: (event) => this.#putOut(event),
    named: (event) => this.named(event),
    joined: (event) => this.#joined(event),
    parted: (event) => this.#left(event),
    listed: (event) => this.#listed(event),
    rooms: (event) => this.roomList.begin(event) && this.changed("rooms"),
    described: (event) => this.roomList.add(event) && this.changed("rooms"),
    topic: (event) => this.#topic(event),
    isaway: () => this.setAway(true),
    isback: () => this.setAway(false),
    recent: (event) => this.#recall.begin(event, false),
    missed: (event) => this.#recall.begin(event, true),
    recalled: (event) => this.#recall.add(event, this.me),
    told: (event) => this.#told(event),
    read: (event) => this.#read(event),
    joinedelsewhere: (event) => this.#joinedElsewhere(event),
    calling: (event) => this.#calling(this.places.room(event.room), event.text),
    who: (event) => this.tell("answer", event.text),
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
    const own = same(event.name, this.me); // by another session
    this.#add(place, makeEntry(event.kind, { name: event.name, text: event.text, mid: event.id ?? "", own, mention: !own && mentions(event.text, this.me) }));
  }

  #whispered(event) {
    const place = this.places.open(event.name);
    this.#add(place, makeEntry("said", { name: event.name, text: event.text, mid: event.id ?? "", mention: true }));
    this.changed("places");
  }

  // told: another session has said something to one person.
  #told({ name, text, id = "" }) {
    this.#add(this.places.open(name), makeEntry("said", { name: this.me, text, mid: id, own: true }));
    this.changed("places");
  }

  #add(place, entry) {
    if (place.history.goesOn(entry)) return;
    if (place.history.add(entry) && !entry.own) this.#count(place, entry);
  }

  // count notes a message that nobody looks at yet.
  #count(place, entry) {
    if (this.isLookedAt(place)) return this.looked(place);
    count(place, entry);
    this.changed("places");
  }

  // read: another session has looked at a place, or the server tells what is unread there.
  #read({ name, id, count: unread }) {
    const place = name.startsWith("#") ? this.places.room(name) : unread > 0 ? this.#openUnread(name) : this.places.person(name);
    if (!place) return;
    if (this.owes(place, id)) {
      place.mark = id;
    } else if (this.isLookedAt(place)) {
      place.mark = id;
      this.looked(place);
    } else {
      mark(place, id, unread);
      place.history.changed(null);
    }
    this.changed("places");
  }

  // openUnread opens a conversation that has gone on elsewhere.
  #openUnread(name) {
    const known = this.places.person(name);
    const place = known ?? this.places.open(name);
    if (!known) this.memory.isElsewhere(place);
    return place;
  }

  #governed(place, text) {
    if (/^\S+ cleared what was said here$/.test(text)) this.memory.cleared(place, text);
    else this.notice(place, text);
  }

  // notice tells something in a place.
  notice(place, text, fields) {
    place?.history.add(makeEntry("notice", { text, ...fields }));
  }

  usersChanged(place) {
    if (place === this.places.active) this.changed("users");
  }

  #topicSet({ room, name, text }) {
    const place = this.places.room(room);
    if (!place) return;
    place.topic = text;
    this.notice(place, `${name} set the topic: ${text}`);
    this.changed("topic");
  }

  #topic({ name, text }) {
    const place = this.places.room(name);
    if (!place) return;
    place.topic = text;
    this.changed("topic");
  }

  named({ name }) {
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
    this.usersChanged(place);
  }

  // putOut: somebody has put us out of a room.
  #putOut({ name, text }) {
    this.#parted({ name });
    this.tell("error", `You were put out ${text}`);
  }

  // joinedElsewhere: another session has joined a room. Here it is one more in the list.
  #joinedElsewhere({ name }) {
    const place = this.places.open(name);
    place.joined = true;
    place.asked = newcomer;
    if (this.#called) this.notice(place, this.#called.text);
    if (this.#called?.active) this.activate(place);
    this.changed("places");
  }

  // calling: a room has got another name. What we are told next is that we have joined the one, and left the other.
  #calling(place, text) {
    this.#called = { text, active: place === this.places.active };
  }

  #left(event) {
    this.#called = null;
    this.#parted(event);
  }

  // settle closes the rooms that one is not in any more, when all is told of those that one is in.
  settle() {
    for (const place of this.places.rooms()) if (!place.joined) this.#parted(place);
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
    this.usersChanged(place);
  }

  #pong(token) {
    const asked = /^took(\d+)$/.exec(token);
    if (asked) this.tell("answer", `The server answered within ${Math.max(1, Math.round(performance.now()) - Number(asked[1]))} ms`);
  }

  setAway(away) {
    this.isAway = away;
    for (const place of this.places) place.users.setAway(this.me, away);
    this.changed("users");
  }

  // recalled takes what the server has told again, and puts it where it belongs.
  #recalled({ name, missed, entries }) {
    if (name !== "*") return this.#merge(this.places.room(name), missed, entries);
    for (const [, own] of Map.groupBy(entries, (entry) => keyOf(entry.name))) this.#merge(this.places.open(own[0].name), missed, own);
    this.changed("places");
  }

  #merge(place, isMissed, entries) {
    if (!place) return;
    const { history, asked, earlier } = place;
    const { added, said } = history.merge(entries, { earlier, all: entries.length < asked, fresh: !place.missed });
    for (const entry of said) this.said(entry);
    place.mayHaveMore = place.isRoom && (isMissed || (entries.length >= asked && (!earlier || added.length > 0)));
    this.memory.reckon(place);
    place.earlier = false;
    if (earlier) history.changed(null);
    else if (place.mark) this.#marked(place);
    else if (isMissed || place.missed) this.#missed(place, added.filter(({ own }) => !own));
  }

  // marked: the server has told how much is unread here, and now what it is.
  #marked(place) {
    if (place.unread > 0) point(place);
    if (this.isLookedAt(place)) this.looked(place);
  }

  // missed counts what came while one was away.
  #missed(place, entries) {
    const [first] = entries;
    if (!first) return;
    place.history.firstUnread ??= first;
    for (const entry of entries) this.#count(place, entry);
  }

  // said is replaced by who shows that a message has been said after all.
  said() {}

  #refused(refusal) {
    if (refusal.code === "closing") return;
    if (refusal.code === "skipped") for (const place of this.places.rooms()) place.history.interrupted();
    this.tell("error", refusalText(refusal));
  }
}
