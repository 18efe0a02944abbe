// The members of one room, and how they are shown.

import { hueOf, keyOf } from "./names.js";

const freshFor = 5_000; // ms between two LISTs of a room, at least
const perUser = 2; // ms more for each member
const mostShown = 300;

// Users are who is in a room, as far as is known. In a large room it is known from time to time only.
export class Users {
  #users = new Map();
  #listing = null;
  stale = true;
  listed = -Infinity;

  get size() {
    return this.#users.size;
  }

  has(name) {
    return this.#users.has(keyOf(name));
  }

  get(name) {
    return this.#users.get(keyOf(name));
  }

  add(name) {
    this.#users.set(keyOf(name), { name, away: false });
  }

  remove(name) {
    this.#users.delete(keyOf(name));
  }

  rename(from, to) {
    const user = this.get(from);
    if (!user) return;
    this.remove(from);
    this.#users.set(keyOf(to), { ...user, name: to });
  }

  setAway(name, away) {
    const user = this.get(name);
    if (user) user.away = away;
  }

  // list takes one line of LIST. The list is whole when it has as many as the line says.
  list({ count, users }) {
    this.#listing ??= new Map();
    for (const user of users) this.#listing.set(keyOf(user.name), user);
    if (this.#listing.size < count) return;
    this.#users = this.#listing;
    this.#listing = null;
    this.stale = false;
    this.listed = Date.now();
  }

  forget() {
    this.#listing = null;
    this.stale = true;
    this.listed = -Infinity;
  }

  // listIn returns in how many ms the list may be asked for again.
  listIn() {
    return Math.max(0, this.listed + freshFor + perUser * this.size - Date.now());
  }

  sorted() {
    return [...this.#users.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, user]) => user);
  }
}

// UsersView shows them in list. chosen(name, button) is called for the one that is clicked; hasMenu(name) says whether that opens a menu.
export class UsersView {
  #drawn = ""; // what is shown

  constructor(list, heading, chosen, hasMenu) {
    Object.assign(this, { list, heading, chosen, hasMenu });
  }

  show(place, me) {
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const users = place?.isRoom ? place.users.sorted() : [];
    const count = Math.max(users.length, place?.isRoom ? place.count : 0);
    const drawn = JSON.stringify([me, count, users.slice(0, mostShown).map(({ name, away }) => [name, away, this.hasMenu(name)])]);
    if (drawn === this.#drawn) return; // who has just pressed the button on one of them would have it taken away
    this.#drawn = drawn;
    this.heading.textContent = count === 1 ? "1 person" : `${count.toLocaleString("en")} people`;
    const shown = users.slice(0, mostShown).map((user) => this.#item(user, me));
    if (count > shown.length && shown.length > 0) shown.push(moreItem(count - shown.length));
    this.list.replaceChildren(...shown);
    if (focused) this.list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #item(user, me) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.hue = hueOf(user.name);
    button.dataset.key = keyOf(user.name);
    button.classList.toggle("away", user.away);
    button.append(span("name", user.name));
    if (keyOf(me) === keyOf(user.name)) button.append(span("mark", "you"));
    if (user.away) button.append(span("mark", "away"));
    const hasMenu = this.hasMenu(user.name);
    if (hasMenu) button.setAttribute("aria-haspopup", "menu");
    button.title = keyOf(me) === keyOf(user.name) ? "This is you" : hasMenu ? `Talk to ${user.name}, or make use of your rights` : `Talk to ${user.name} alone`;
    button.onclick = () => this.chosen(user.name, button);
    const item = document.createElement("li");
    item.append(button);
    return item;
  }
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

function moreItem(count) {
  const item = document.createElement("li");
  item.className = "more";
  item.textContent = `and ${count.toLocaleString("en")} more`;
  return item;
}
