// Goes back in what has been said, as far as the server keeps it: page by page from what is shown, or at once to one message. What is shown then may be a
// stretch of the past, apart from what is said now.

import { isAfter } from "./ids.js";
import { Past } from "./past.js";
import { entryOf, pagesOf } from "./recall.js";
import { repoint } from "./unread.js";
import { refusalText } from "./wording.js";

const pageSize = 200; // messages of a page
const around = 50; // messages on either side of one that is gone to
const mostBack = 4_000; // entries of a place beyond which one goes on in the past alone
const keptBack = 1_000; // and of the newest those that stay then
const pause = 2_000; // ms after a failure until scrolling asks again

const keepsNone = new Set(["history-off", "unknown-command"]);
const hasNone = new Set(["not-registered", "no-such-user", "no-such-room", "need-name"]);

// Scrollback works on the parts of the page: session, chat, log and complain(words); recent(place) asks a server for earlier messages that keeps only the last ones.
export class Scrollback {
  isJumping = false; // a place is about to be looked at, but not its end
  #past = null; // what is shown in the place of the present
  #turn = 0; // counts what is gone to
  #pausedUntil = 0; // as performance.now() has it

  constructor(parts) {
    Object.assign(this, parts);
  }

  get #place() {
    return this.chat.places.active;
  }

  // present says that the end of the place is shown again.
  present() {
    this.#past = null;
  }

  // erased: nothing is left of what was said in a place.
  erased(place) {
    if (this.#past && place === this.#place) this.log.toEnd();
  }

  // entered is for a place that is looked at from now on. The server tells nothing of a conversation by itself.
  entered(place) {
    if (this.isJumping) return;
    this.#turn++;
    this.#past = null;
    if (!place || place.isRoom || !this.chat.memory.keeps || !this.session.isPerson) return;
    place.history.more ||= !place.history.begun;
    if (!place.history.firstID) this.before(true);
  }

  // learn finds out whether the server keeps what is said, once on each connection.
  async learn() {
    const [room] = this.chat.places.rooms();
    if (!room) return;
    const { refused } = this.session.entrance.ids ? await this.session.request(`/history ${room.name} 1`, ["history", "recalled"]) : { refused: { code: "history-off" } };
    if (refused?.code === "lost") return;
    this.chat.memory.learnt(!keepsNone.has(refused?.code), this.session.isPerson);
    if (!this.#past) this.entered(this.#place);
  }

  // before asks for what is in front of all that is shown. wanted says that somebody has asked for just that.
  async before(wanted) {
    const place = this.#place;
    const history = this.#past ?? place?.history;
    if (!history?.more || history.asking || (!wanted && performance.now() < this.#pausedUntil)) return;
    if (this.session.state !== "ready") return this.log.asked();
    if (this.chat.memory.keeps === false) return wanted && this.recent(place);
    const { epoch } = history;
    history.asking = true;
    this.log.asked();
    const { pages: [page], refused } = await this.#ask(place, 1, history.firstID ? `before ${history.firstID} ${pageSize}` : pageSize);
    history.asking = false;
    if (!refused && epoch === history.epoch) return this.#putInFront(place, history, page);
    if (refused) this.#failed(place, history, refused);
    this.log.asked();
  }

  #putInFront(place, history, { entries, end }) {
    const older = entries.filter(({ mid }) => !history.find(mid));
    history.more = !end && older.length > 0;
    history.begun = !history.more;
    if (history.firstID) history.prepend(older);
    else this.chat.memory.begins(place, older);
    repoint(history);
    if (history === place.history && place === this.#place && history.length > mostBack) this.#goOnInThePast(history);
  }

  // goOnInThePast shows the oldest messages apart from the newest, so that the page does not grow for ever.
  #goOnInThePast(history) {
    const past = new Past(history.entries.filter(({ mid }) => mid));
    past.more = history.more;
    past.begun = history.begun;
    this.#turnTo(past);
    history.keepNewest(keptBack);
    history.more = true;
  }

  #turnTo(past) {
    this.#past = past;
    this.log.turnTo(past);
  }

  // behind asks for what is behind the past that is shown, until that is the present.
  async behind() {
    const past = this.#past;
    const place = this.#place;
    if (!past || past.asking || this.session.state !== "ready" || performance.now() < this.#pausedUntil) return;
    if (past.later) await this.#follow(place, past);
    if (past !== this.#past || past.later) return;
    this.#past = null;
    past.joinTo(place.history);
    this.log.turnTo(place.history);
  }

  async #follow(place, past) {
    past.asking = true;
    const { pages: [page], refused } = await this.#ask(place, 1, `after ${past.lastID} ${pageSize}`);
    past.asking = false;
    if (refused) this.#failed(place, past, refused);
    else if (past === this.#past) past.append(page.entries, page.end, place.history);
  }

  // jump shows a message, with what was said around it. found is the event that tells of it.
  async jump(found) {
    const place = found.place.startsWith("#") ? this.chat.places.room(found.place) : this.chat.places.open(found.place);
    if (!place) return this.complain(`You are not in ${found.place} any more.`);
    this.#look(place);
    const { id } = found.message;
    if (place.history.find(id)) return this.#show(place.history, id);
    const turn = this.#turn;
    const { epoch } = place.history;
    const { pages: [before, after], refused } = await this.#ask(place, 2, `before ${id} ${around}`, `after ${id} ${around}`);
    if (turn !== this.#turn || place !== this.#place) return;
    if (refused) return this.complain(refusalText(refused));
    if (epoch === place.history.epoch) this.#showAround(place, before, this.#entry(place, found), after);
  }

  #look(place) {
    this.isJumping = true;
    this.chat.activate(place);
    this.isJumping = false;
    this.chat.changed("places");
    this.#turn++;
  }

  #showAround({ history }, before, entry, after) {
    const messages = [...before.entries, entry, ...after.entries];
    const first = history.firstID;
    if (after.end || !first || !isAfter(first, messages.at(-1).mid)) {
      if (!first || isAfter(first, messages[0].mid)) Object.assign(history, { more: !before.end, begun: before.end });
      history.merge(messages, { earlier: true });
      return this.#show(history, entry.mid);
    }
    const past = new Past(messages);
    Object.assign(past, { more: !before.end, begun: before.end });
    this.#turnTo(past);
    this.#show(past, entry.mid);
  }

  // show shows a message of a history, which may be that of the present.
  #show(history, id) {
    if (history !== this.#past) this.log.toEnd();
    this.log.showEntry(history.find(id));
  }

  #entry({ isRoom, name }, event) {
    return entryOf(event, this.chat.me, isRoom ? "" : name);
  }

  // ask resolves to as many pages as there are bounds, each with entries and end, or a refusal.
  async #ask(place, count, ...bounds) {
    const { answers, refused } = await this.session.requestAll(bounds.map((bound) => `/history ${place.name} ${bound}`), ["history", "recalled"]);
    const pages = pagesOf(answers, (event) => this.#entry(place, event));
    return { pages, refused: refused ?? (pages.length < count ? { code: "history-failed", text: "the server has not answered" } : null) };
  }

  // failed: what was asked for does not come.
  #failed(place, history, refused) {
    this.#pausedUntil = performance.now() + pause;
    if (keepsNone.has(refused.code)) this.chat.memory.learnt(false, this.session.isPerson);
    else if (hasNone.has(refused.code)) history.more = false;
    else if (refused.code !== "lost") this.complain(refusalText(refused));
  }
}
