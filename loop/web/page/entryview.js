// How one message, or one line of the page's own, looks in the list.

import { clockTime, dayName } from "./clock.js";
import { hueOf } from "./names.js";
import { withLinks } from "./links.js";

const together = 5 * 60_000; // ms between two messages of one person that are shown as one
const shared = /^shared a file: (.+) \(\S+ \S+\)$/;

// EntryView makes the nodes of entries. download(name) is called for files that someone has shared, join(room) for rooms to which one is invited,
// reply(name, button) when a name is clicked, and again(entry) to say what may not have been said.
export class EntryView {
  constructor({ download, join, reply, again }) {
    Object.assign(this, { download, join, reply, again });
  }

  make(entry) {
    const node = document.createElement("li");
    node.className = entry.kind;
    node.classList.toggle("own", entry.own);
    node.classList.toggle("mention", entry.mention);
    const make = entry.kind === "said" ? this.#said : entry.kind === "acted" ? this.#acted : this.#told;
    node.append(...make.call(this, entry));
    this.redraw(node, entry);
    return node;
  }

  // redraw shows what has become of an entry.
  redraw(node, entry) {
    node.dataset.state = entry.state;
    node.querySelector(".fate")?.remove();
    if (entry.state === "unsure") node.querySelector("p").append(this.#fate(entry));
  }

  #said(entry) {
    return [timeOf(entry), this.#nameOf(entry), this.#words(entry)];
  }

  #acted(entry) {
    const deed = document.createElement("div");
    deed.className = "deed";
    deed.append(this.#nameOf(entry), " ", this.#words(entry));
    return [timeOf(entry), deed];
  }

  #told(entry) {
    const words = document.createElement("p");
    words.append(withLinks(entry.text));
    if (entry.join) words.append(" ", button("join", "Join", `Join ${entry.join}`, () => this.join(entry.join)));
    return [timeOf(entry), words];
  }

  #nameOf(entry) {
    const name = button("name", entry.name, "", () => this.reply(entry.name, name));
    name.tabIndex = -1;
    name.dataset.hue = hueOf(entry.name);
    return name;
  }

  #words(entry) {
    const words = document.createElement("p");
    words.dir = "auto";
    words.append(withLinks(entry.text));
    const file = shared.exec(entry.text);
    if (file) words.append(" ", button("download", "Download", `Download ${file[1]}`, () => this.download(file[1])));
    return words;
  }

  // fate tells of a message of one's own that may have been said or not.
  #fate(entry) {
    const fate = document.createElement("span");
    fate.className = "fate";
    fate.append("Perhaps not delivered: the server can't tell", button("", "Send again", "", () => this.again(entry)));
    return fate;
  }
}

function button(kind, text, label, does) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = kind;
  button.textContent = text;
  if (label) button.setAttribute("aria-label", label);
  button.onclick = does;
  return button;
}

function timeOf(entry) {
  const time = document.createElement("time");
  time.dateTime = new Date(entry.time).toISOString();
  time.textContent = clockTime(entry.time);
  return time;
}

// setPlace sets what an entry looks like because of the one before it.
export function setPlace(node, entry, before, isFirstUnread) {
  const follows = before?.kind === "said" && entry.kind === "said" && before.name === entry.name && entry.time - before.time < together;
  const day = new Date(entry.time).toDateString();
  const newDay = before && new Date(before.time).toDateString() !== day;
  node.classList.toggle("follows", follows && !newDay && !isFirstUnread);
  node.classList.toggle("unread", isFirstUnread);
  if (isFirstUnread) node.dataset.line = entry.recalled ? "While you were away" : "New";
  if (newDay) node.dataset.day = dayName(entry.time);
  else delete node.dataset.day;
}
