// Who comes and goes, is away and back, and is called otherwise. This module knows of no page.

import { makeEntry } from "./messages.js";
import { same } from "./names.js";

// Presence changes what a Chat knows of people.
export class Presence {
  constructor(chat) {
    this.chat = chat;
  }

  // handles takes an event if it is about that.
  handles(event) {
    const handler = this.#handlers[event.kind];
    handler?.call(this, event);
    return handler !== undefined;
  }

  #handlers = {
    entered: (event) => this.#entered(event),
    left: (event) => this.#left(event),
    digest: (event) => this.#digest(event),
    renamed: (event) => this.#renamed(event),
    away: (event) => this.#awayOrBack(event, true),
    back: (event) => this.#awayOrBack(event, false),
    removed: ({ name, text }) => this.#everywhere(name, text ? `An operator removed ${name}: ${text}` : `An operator removed ${name}`),
  };

  // everywhere tells something of a person where that person is.
  #everywhere(name, text, fields) {
    const places = this.chat.places.all().filter((place) => (place.isRoom ? place.users.has(name) : same(place.name, name)));
    for (const place of places) this.chat.notice(place, text, fields);
    return places;
  }

  #entered({ room, name, count }) {
    const place = this.chat.places.room(room);
    if (!place) return;
    place.users.add(name);
    place.count = count;
    this.chat.notice(place, `${name} came in`, { newcomer: name });
    this.chat.usersChanged(place);
  }

  #left({ room, name, count }) {
    const place = this.chat.places.room(room);
    if (!place) return;
    place.users.remove(name);
    place.count = count;
    this.chat.notice(place, `${name} left`);
    this.chat.usersChanged(place);
  }

  // digest stands for many who came and left, so it is no longer known who is here. Digests that follow each other are shown as the last one.
  #digest({ room, text, count }) {
    const place = this.chat.places.room(room);
    if (!place) return;
    place.users.stale = true;
    place.count = count;
    const last = place.history.last();
    const entry = makeEntry("notice", { text, digest: true });
    if (last?.digest) place.history.replaceLast(entry);
    else place.history.add(entry);
    this.chat.usersChanged(place);
  }

  #renamed({ name, to }) {
    if (same(name, this.chat.me)) this.chat.named({ name: to }); // by another session
    for (const place of this.chat.places) {
      if (!place.isRoom || !place.users.has(name)) continue;
      place.users.rename(name, to);
      const last = place.history.last();
      const text = last?.newcomer === name ? `${to} came in` : `${name} is now called ${to}`;
      if (last?.newcomer === name) place.history.replaceLast(makeEntry("notice", { text, time: last.time }));
      else this.chat.notice(place, text);
      this.chat.usersChanged(place);
    }
    this.chat.places.rename(name, to);
    this.chat.changed("places");
  }

  #awayOrBack({ name, text }, away) {
    if (same(name, this.chat.me)) return this.chat.setAway(away);
    for (const place of this.chat.places) place.users.setAway(name, away);
    const words = away ? `${name} is away${text ? `: ${text}` : ""}` : `${name} is back`;
    for (const place of this.#everywhere(name, words)) this.chat.usersChanged(place);
  }
}
