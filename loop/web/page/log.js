// The messages of the active place on the page. Only a window of them is in the document: it grows where one scrolls, and what is far
// away goes. Changes are gathered and drawn once per frame.

import { EntryView, setPlace } from "./entryview.js";

const step = 150; // entries that come at once when one scrolls to the end of the window
const most = 450; // entries in the document
const nearEdge = 200; // px
const swipe = 10; // px that a finger moves to scroll

// LogView shows a history in list, within box, which scrolls: that of a place, which ends now, or a stretch of its past. below is the button that leads to the newest, earlier the one that
// leads back, and beginning says that there is no more of it. The others are those of EntryView, and hooks: before(wanted) and behind() when one wants to see what is beyond the
// ends of the history, wanted if a button says so, and present() when the past is left.
export class LogView {
  #live = null; // the history of the place
  #history = null; // what is shown
  #first = 0;
  #last = 0;
  #top = null; // the entry at first, by which the window is found again when others have come in front of it
  #nodes = new Map(); // entry -> node
  #isDue = false; // it has changed since it was drawn, so the window is not where it was
  #many = false; // more than one entry has changed since that was drawn
  #follows = true; // the end of the history is in sight
  #bottom = 0; // where the box was scrolled to when it was last moved to the end
  #wants = false; // the button has asked for what is in front
  #hidden = 0; // entries that came while the end was not in sight
  #finger = 0; // where it was
  #heard = []; // histories whose changes are shown

  constructor({ box, list, below, earlier, beginning, ...hooks }) {
    Object.assign(this, { box, list, below, earlier, beginning, hooks, view: new EntryView(hooks) });
    below.addEventListener("click", () => this.toEnd());
    earlier.addEventListener("click", () => this.goUp());
    this.#listen();
    new ResizeObserver(() => this.#follows && this.#stick()).observe(box);
  }

  // listen hears of scrolling; and at the top, where nothing scrolls any more, of what would.
  #listen() {
    const { box } = this;
    const passive = { passive: true };
    box.addEventListener("scroll", () => this.#scrolled(), passive);
    box.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.#reach(), passive);
    box.addEventListener("keydown", ({ key }) => ["PageUp", "ArrowUp", "Home"].includes(key) && this.#reach());
    box.addEventListener("touchstart", ({ touches }) => (this.#finger = touches[0].clientY), passive);
    box.addEventListener("touchmove", ({ touches }) => touches[0].clientY > this.#finger + swipe && this.#reach(), passive);
  }

  // isTop says that the document begins with the first entry.
  get #isTop() {
    return !this.#top || this.#history?.entries[0] === this.#top;
  }

  get follows() {
    return this.#follows;
  }

  // show shows the history of another place, from its end.
  show(history) {
    this.#live = this.#history = history;
    this.#listenTo(history);
    this.#nodes.clear();
    this.list.replaceChildren();
    this.#follows = false;
    this.toEnd();
  }

  // turnTo shows another stretch of the same place, and keeps what is in sight where it is, if both have it.
  turnTo(history) {
    const inSight = new Set(this.#inSight());
    const at = history.entries.findIndex((entry) => inSight.has(this.#nodes.get(entry)));
    this.#history = history;
    this.#listenTo(this.#live, history);
    this.#follows = false;
    this.#window(Math.max(0, at));
    this.#keeping(() => this.#draw());
    requestAnimationFrame(() => this.#scrolled());
  }

  // showEntry shows one of the entries in the middle, and marks it.
  showEntry(entry) {
    const at = this.#history.entries.indexOf(entry);
    if (at < 0) return;
    this.#follows = this.#wants = false;
    this.#window(at);
    this.#quietly(() => this.#draw());
    for (const node of this.list.querySelectorAll(".found")) node.classList.remove("found");
    const node = this.#nodes.get(entry);
    node.classList.add("found");
    node.tabIndex = -1;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    this.#scrolled();
  }

  toEnd() {
    if (this.#history !== this.#live) {
      this.#history = this.#live;
      this.#listenTo(this.#live);
      this.hooks.present();
    }
    const isNews = this.#follows; // what comes in sight now has just been said
    this.#follows = true;
    this.#wants = false;
    this.#hidden = 0;
    this.#last = this.#history?.length ?? 0;
    this.#first = Math.max(0, this.#last - step);
    if (isNews) this.#draw();
    else this.#quietly(() => this.#draw());
  }

  // redraw shows an entry again that has changed.
  redraw(entry) {
    const node = this.#nodes.get(entry);
    if (node) this.view.redraw(node, entry);
  }

  // goUp goes to the top of what is shown, and asks for what is before it.
  goUp() {
    this.#settle();
    if (this.#isTop) this.#ask(true);
    else this.#earlier();
  }

  // asked says that what was asked for does not come, or is on its way.
  asked() {
    if (!this.#history?.asking) this.#wants = false;
    this.#mark();
  }

  page(direction) {
    if (direction < 0) this.#reach();
    this.box.scrollBy({ top: direction * this.box.clientHeight * 0.85 });
  }

  // listenTo hears of the changes of these histories, and of no others.
  #listenTo(...histories) {
    for (const history of this.#heard) history.changed = () => {};
    this.#heard = histories.filter(Boolean);
    for (const history of this.#heard) history.changed = (entry) => this.#changed(history, entry);
  }

  #changed(history, entry) {
    if (!this.#follows && entry && history === this.#live) this.#hidden++;
    this.#many ||= !entry;
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => this.#settle());
  }

  // settle draws what has changed, if that isn't done yet. Whoever moves the window does it first.
  #settle() {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#update();
  }

  // update follows the end, or keeps the window, and what is in sight, where they are. It may be that old entries are gone, or older ones have come.
  #update() {
    const many = this.#many;
    this.#many = false;
    const shift = this.#follows ? 0 : this.#shift();
    const length = this.#history?.length ?? 0;
    if (this.#follows) this.#followTo(length);
    else if (this.#last - this.#first < most) this.#last = Math.min(length, this.#first + most);
    if (many && this.#follows) this.#quietly(() => this.#draw());
    else if (many || shift !== 0) this.#keeping(() => this.#draw());
    else this.#draw();
    if (many) this.#hasMore(shift);
  }

  #followTo(length) {
    this.#last = length;
    this.#first = Math.max(0, Math.min(this.#first, length), length - most);
    if (length - this.#first > most) this.#first = length - step;
  }

  // shift finds the window again, and returns by how much it has moved.
  #shift() {
    const { entries, length } = this.#history;
    const moved = entries[this.#first] === this.#top ? 0 : entries.indexOf(this.#top) - this.#first;
    const shift = this.#top && moved >= -this.#first ? moved : 0; // its first entry may be gone
    this.#first = Math.min(this.#first + shift, Math.max(0, length - step));
    this.#last = Math.min(this.#last + shift, length);
    return shift;
  }

  // hasMore goes on to what was asked for, if there was anything.
  #hasMore(shift) {
    const wanted = this.#wants && !this.#history.asking;
    if (wanted) this.#wants = false;
    if (wanted && shift > 0) this.#earlier();
    else requestAnimationFrame(() => this.#scrolled());
  }

  // ask stays where it is, and what comes will be in front of it. wants says that it is to be shown at once.
  #ask(wants) {
    this.#follows = false;
    this.#wants ||= wants;
    this.hooks.before(wants);
  }

  // reach is for who wants to go up, and is at the top.
  #reach() {
    if (this.box.scrollTop <= 0 && this.#isTop && this.#history?.more && !this.#history.asking) this.#ask(false);
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
      setPlace(own, entry, before, this.#history.firstUnread === entry);
      before = entry;
    }
    this.#top = entries[0] ?? null;
    this.#mark();
    if (this.#follows) this.#stick();
  }

  #make(entry) {
    const node = this.view.make(entry);
    this.#nodes.set(entry, node);
    return node;
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
    this.#bottom = this.box.scrollTop;
  }

  #scrolled() {
    this.#heed();
    this.#settle();
    this.#goOn();
    this.#mark();
  }

  // rest is how much is below what is in sight, in pixels.
  get #rest() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    return scrollHeight - scrollTop - clientHeight;
  }

  // heed finds out whether the end is followed.
  #heed() {
    const { scrollTop } = this.box;
    const isAtEnd = this.#rest < 8 && this.#last >= (this.#history?.length ?? 0) && !this.#history?.asking;
    if (isAtEnd) this.#bottom = scrollTop;
    // Whoever follows stops only by going up: that there is more below may be because more has just come.
    this.#follows = this.#history === this.#live && (isAtEnd || (this.#follows && scrollTop >= this.#bottom - 2));
    if (this.#follows) this.#hidden = 0;
  }

  // goOn shows more where an end of what is shown is near, or asks for it.
  #goOn() {
    const { scrollTop } = this.box;
    if (scrollTop < nearEdge && this.#first > 0) this.#extend(-step);
    else if (scrollTop < nearEdge && this.#isTop && !this.#follows && this.#history?.more) this.hooks.before(false);
    else if (this.#rest >= nearEdge) return;
    else if (this.#last < (this.#history?.length ?? 0)) this.#extend(step);
    else if (this.#history !== this.#live) this.hooks.behind();
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

  // window is what is around an entry.
  #window(at) {
    this.#first = Math.max(0, at - step);
    this.#last = Math.min(this.#history.length, at + step);
  }

  // move shifts the window.
  #move(by) {
    const { length } = this.#history;
    if (by < 0) {
      this.#first = Math.max(0, this.#first + by);
      this.#last = Math.min(this.#last, this.#first + most);
    } else {
      this.#last = Math.min(length, this.#last + by);
      this.#first = Math.max(this.#first, this.#last - most);
    }
    this.#keeping(() => this.#draw());
  }

  // inSight are the nodes from the first that is in sight on.
  #inSight() {
    const nodes = [...this.list.children];
    const at = nodes.findIndex((node) => node.offsetTop + node.offsetHeight > this.box.scrollTop);
    return at < 0 ? [] : nodes.slice(at);
  }

  // keeping changes the list, and keeps what is in sight where it is.
  #keeping(change) {
    const topOf = (node) => node.getBoundingClientRect().top;
    const places = this.#inSight().map((node) => ({ node, top: topOf(node) }));
    this.#quietly(change);
    const kept = places.find(({ node }) => node.isConnected);
    if (kept) this.box.scrollTop += topOf(kept.node) - kept.top;
  }

  // quietly changes the list without a screen reader reading all of it: these are no news.
  #quietly(change) {
    this.box.setAttribute("aria-live", "off");
    change();
    requestAnimationFrame(() => this.box.setAttribute("aria-live", "polite"));
  }

  #mark() {
    const { more = false, begun = false, asking = false } = this.#history ?? {};
    this.earlier.hidden = this.#isTop && !more;
    const words = asking && this.#isTop ? "Looking for earlier messages…" : "Show earlier messages";
    if (this.earlier.textContent !== words) this.earlier.textContent = words;
    this.beginning.hidden = !this.#isTop || more || !begun;
    this.below.hidden = this.#follows;
    const news = this.#hidden === 1 ? "1 new message" : `${this.#hidden} new messages`;
    this.below.textContent = this.#hidden > 0 ? `${news} below` : "To the newest";
  }
}
