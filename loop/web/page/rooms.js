// The places where one talks: rooms, and conversations with one other person. This module knows of no page.

import { History } from "./messages.js";
import { Users } from "./users.js";
import { keyOf } from "./names.js";

export const newcomer = 10; // messages that the server tells by itself to who enters a room

export const roomID = (name) => keyOf(name);
export const personID = (name) => "@" + keyOf(name);

// Place is a room (its name begins with #) or a conversation. count is of its members; asked is how many messages the server was asked for,
// and earlier says that it was for those from before. missed says that a connection was lost while one was here.
class Place {
  history = new History();
  users = new Users();
  topic = "";
  count = 0;
  unread = 0;
  mentions = 0;
  joined = false;
  asked = newcomer;
  earlier = false;
  missed = false;
  mayHaveMore = false; // a server that tells the last messages only may know earlier ones
  isElsewhere = false; // what was said before was shown on other devices alone
  draft = "";
  rights = null; // what holds here, if the server has told it
  rightsStale = true; // it may be something else by now
  mark = ""; // the id of the last message that the server knows to be read; "": it keeps no mark here

  constructor(id, name) {
    this.id = id;
    this.name = name;
    this.isRoom = name.startsWith("#");
  }
}

// Places are all of them, in the order in which they were entered, rooms before conversations.
export class Places {
  #places = new Map();
  active = null;

  [Symbol.iterator]() {
    return this.all()[Symbol.iterator]();
  }

  all() {
    const all = [...this.#places.values()];
    return [...all.filter((place) => place.isRoom), ...all.filter((place) => !place.isRoom)];
  }

  rooms() {
    return this.all().filter((place) => place.isRoom);
  }

  room(name) {
    return this.#places.get(roomID(name));
  }

  person(name) {
    return this.#places.get(personID(name));
  }

  // open returns the place of that name, which may be new.
  open(name) {
    const id = name.startsWith("#") ? roomID(name) : personID(name);
    if (!this.#places.has(id)) this.#places.set(id, new Place(id, name));
    return this.#places.get(id);
  }

  close(place) {
    this.#places.delete(place.id);
    if (this.active === place) this.active = null;
  }

  // rename moves a conversation to the new name of the other one, unless there is one already.
  rename(from, to) {
    const place = this.person(from);
    if (!place || (this.person(to) && this.person(to) !== place)) return;
    this.#places.delete(place.id);
    place.id = personID(to);
    place.name = to;
    this.#places.set(place.id, place);
  }

  // beside returns the place so many steps from the active one, around the end.
  beside(steps) {
    const all = this.all();
    if (all.length === 0) return null;
    const at = Math.max(0, all.indexOf(this.active));
    return all[(at + steps + all.length) % all.length];
  }

  unread() {
    return this.all().reduce((sum, place) => sum + place.unread, 0);
  }
}
