// The messages of the active place on the page. Only a window of them is in the document: it grows where one scrolls, and what is far
// away goes. Changes are gathered and drawn once per frame.

import { clockTime, dayName } from "./clock.js";
import { hueOf } from "./names.js";
import { withLinks } from "./links.js";

const step = 150; // entries that come at once when one scrolls to the end of the window
const most = 450; // entries in the document
const nearEdge = 200; // px
const together = 5 * 60_000; // ms between two messages of one person that are shown as one
const shared = /^shared a file: (.+) \(\S+ \S+\)$/;

// LogView shows a history in list, within box, which scrolls. below is the button that leads to the newest; earlier the one that leads back.
// download(name) is called for files that someone has shared, join(room) for rooms to which one is invited, reply(name, button) when a name is clicked, again(entry) to say what may not have been said, and
// ask() when one wants to see what is before all that is here.
export class LogView {
  #history = null;
  #first = 0;
  #last = 0;
  #nodes = new Map(); // entry -> node
  #drawn = false;
  #follows = true; // the end of the history is in sight
  #top = 0; // where the box was scrolled to when it was last moved to the end
  #wanted = null; // the first entry when more was asked for
  #hidden = 0; // entries that came while the end was not in sight

  constructor({ box, list, below, earlier, download, join, reply, again, ask }) {
    Object.assign(this, { box, list, below, earlier, download, join, reply, again, ask });
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    below.addEventListener("click", () => this.toEnd());
    earlier.addEventListener("click", () => (this.#first > 0 ? this.#earlier() : this.#askEarlier()));
    new ResizeObserver(() => this.#follows && this.#stick()).observe(box);
  }

  get follows() {
    return this.#follows;
  }

  // show shows another history, from its end.
  show(history) {
    if (this.#history) this.#history.changed = () => {};
    this.#wanted = null;
    this.#history = history;
    this.#nodes.clear();
    this.list.replaceChildren();
    if (history) history.changed = (entry) => this.#changed(entry);
    this.toEnd();
  }

  toEnd() {
    this.#follows = true;
    this.#hidden = 0;
    this.#last = this.#history?.length ?? 0;
    this.#first = Math.max(0, this.#last - step);
    this.#draw();
  }

  // redraw shows an entry again that has changed.
  redraw(entry) {
    const node = this.#nodes.get(entry);
    if (!node) return;
    node.dataset.state = entry.state;
    node.querySelector(".fate")?.remove();
    if (entry.state === "unsure") node.querySelector("p").append(this.#fate(entry));
  }

  page(direction) {
    this.box.scrollBy({ top: direction * this.box.clientHeight * 0.85 });
  }

  #changed(entry) {
    if (!this.#follows && entry) this.#hidden++;
    if (!entry && this.#wanted) requestAnimationFrame(() => this.#found());
    if (this.#drawn) return;
    this.#drawn = true;
    requestAnimationFrame(() => {
      this.#drawn = false;
      this.#update();
    });
  }

  // update follows the end, or keeps the window where it is. It may be that old entries are gone.
  #update() {
    const length = this.#history?.length ?? 0;
    if (this.#follows || this.#last > length) {
      this.#last = length;
      this.#first = Math.max(0, Math.min(this.#first, length), length - most);
      if (length - this.#first > most) this.#first = length - step;
    } else if (this.#last - this.#first < most) {
      this.#last = Math.min(length, this.#first + most);
    }
    this.#draw();
  }

  // askEarlier stays where it is, and goes on to what comes as soon as it is there.
  #askEarlier() {
    this.#follows = false;
    this.#wanted = this.#history.entries.find((entry) => this.#nodes.has(entry)) ?? null;
    this.ask();
  }

  // found shows what was asked for, if there was anything.
  #found() {
    const at = this.#history.entries.indexOf(this.#wanted);
    this.#wanted = null;
    if (at <= 0) return this.#scrolled();
    this.#first = at;
    this.#last = Math.min(this.#history.length, at + most);
    this.#draw();
    this.#earlier();
  }

  #draw() {
    const entries = this.#history?.entries.slice(this.#first, this.#last) ?? [];
    this.#forget(entries);
    let node = this.list.firstChild;
    let before = this.#history?.entries[this.#first - 1];
    for (const entry of entries) {
      const own = this.#nodes.get(entry) ?? this.#make(entry);
      if (own === node) node = node.nextSibling;
      else this.list.insertBefore(own, node);
      place(own, entry, before, this.#history.firstUnread === entry);
      before = entry;
    }
    this.earlier.hidden = this.#first === 0 && !this.#history?.more;
    this.#mark();
    if (this.#follows) this.#stick();
  }

  #forget(entries) {
    const kept = new Set(entries);
    for (const [entry, node] of this.#nodes) {
      if (kept.has(entry)) continue;
      node.remove();
      this.#nodes.delete(entry);
    }
  }

  #stick() {
    this.box.scrollTop = this.box.scrollHeight;
    this.#top = this.box.scrollTop;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    const rest = scrollHeight - scrollTop - clientHeight;
    const length = this.#history?.length ?? 0;
    // Whoever follows stops only by going up: that there is more below may be because more has just come.
    this.#follows = (rest < 8 && this.#last >= length) || (this.#follows && scrollTop >= this.#top - 2);
    if (this.#follows) this.#hidden = 0;
    if (scrollTop < nearEdge && this.#first > 0) this.#extend(-step);
    else if (rest < nearEdge && this.#last < length) this.#extend(step);
    this.#mark();
  }

  // extend moves the window, and looks again a frame later: who has gone on to the same edge meanwhile causes no event.
  #extend(by) {
    this.#move(by);
    requestAnimationFrame(() => this.#scrolled());
  }

  #earlier() {
    const top = this.#history.entries[this.#first];
    this.#move(-step);
    this.#nodes.get(top)?.scrollIntoView({ block: "center" });
    this.box.focus();
  }

  // move shifts the window, and keeps what is in sight where it is.
  #move(by) {
    const length = this.#history.length;
    const anchor = [...this.#nodes.entries()].find(([, node]) => node.offsetTop + node.offsetHeight > this.box.scrollTop);
    const offset = anchor ? anchor[1].offsetTop - this.box.scrollTop : 0;
    if (by < 0) {
      this.#first = Math.max(0, this.#first + by);
      this.#last = Math.min(this.#last, this.#first + most);
    } else {
      this.#last = Math.min(length, this.#last + by);
      this.#first = Math.max(this.#first, this.#last - most);
    }
    this.#quietly(() => this.#draw());
    if (anchor && this.#nodes.has(anchor[0])) this.box.scrollTop = this.#nodes.get(anchor[0]).offsetTop - offset;
  }

  // quietly changes the list without a screen reader reading all of it: these are no news.
  #quietly(change) {
    this.box.setAttribute("aria-live", "off");
    change();
    requestAnimationFrame(() => this.box.setAttribute("aria-live", "polite"));
  }

  #mark() {
    this.below.hidden = this.#follows;
    const words = this.#hidden === 1 ? "1 new message" : `${this.#hidden} new messages`;
    this.below.textContent = this.#hidden > 0 ? `${words} below` : "To the newest";
  }

  #make(entry) {
    const node = document.createElement("li");
    node.className = entry.kind;
    node.classList.toggle("own", entry.own);
    node.classList.toggle("mention", entry.mention);
    node.dataset.state = entry.state;
    const make = entry.kind === "said" ? this.#said : entry.kind === "acted" ? this.#acted : this.#told;
    node.append(...make.call(this, entry));
    this.#nodes.set(entry, node);
    this.redraw(entry);
    return node;
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
    const name = document.createElement("button");
    name.type = "button";
    name.className = "name";
    name.tabIndex = -1;
    name.dataset.hue = hueOf(entry.name);
    name.textContent = entry.name;
    name.onclick = () => this.reply(entry.name, name);
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
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Send again";
    button.onclick = () => this.again(entry);
    fate.append("Perhaps not delivered: the server can't tell", button);
    return fate;
  }
}

function button(kind, text, label, does) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = kind;
  button.textContent = text;
  button.setAttribute("aria-label", label);
  button.onclick = does;
  return button;
}

function timeOf(entry) {
  const time = document.createElement("time");
  time.dateTime = new Date(entry.time).toISOString();
  time.textContent = clockTime(entry.time);
  return time;
}

// place sets what an entry looks like because of the one before it.
function place(node, entry, before, isFirstUnread) {
  const follows = before?.kind === "said" && entry.kind === "said" && before.name === entry.name && entry.time - before.time < together;
  const day = new Date(entry.time).toDateString();
  const newDay = before && new Date(before.time).toDateString() !== day;
  node.classList.toggle("follows", follows && !newDay && !isFirstUnread);
  node.classList.toggle("unread", isFirstUnread);
  if (isFirstUnread) node.dataset.line = entry.recalled ? "While you were away" : "New";
  if (newDay) node.dataset.day = dayName(entry.time);
  else delete node.dataset.day;
}
