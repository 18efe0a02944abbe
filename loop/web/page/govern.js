// What a founder, an operator of the room and one of the server can do: by the menu of a name, by that of the room, and by what holds there.

import { makeEntry } from "./messages.js";
import { same } from "./names.js";
import { forPerson, forRoom, levels, Rights } from "./rights.js";
import { refusalText } from "./wording.js";

// Govern works on the parts of the page: session, chat, actions, ask, menu, and view, which is the dialog of rights.
export class Govern {
  isOperator = false; // of the server
  #asking = new Set(); // places whose rights are asked for
  #knowsNone = false; // the server has no rights in rooms
  #again = () => {}; // opens the menu that is open once more
  #saying = 0; // what has been said of rights, and is not answered yet
  #waiting = null; // the place whose menu opens as soon as it is known what holds there, and open(), which does so

  constructor(parts) {
    Object.assign(this, parts);
  }

  // level is how much one may do in a place.
  level(place) {
    if (!place?.rights) return levels.anyone;
    return this.isOperator ? levels.server : place.rights.levelOf([this.session.accountName, this.chat.me]);
  }

  // may is what one may do in a place without asking anybody.
  may(place) {
    const level = this.level(place);
    return { speak: !place?.rights?.has("muted") || level >= levels.voice, topic: !place?.rights?.has("topic") || level >= levels.operator };
  }

  // refresh asks what holds in a room, unless that is known.
  async refresh(place) {
    if (!place?.isRoom || !place.joined || this.session.state !== "ready" || this.#knowsNone || !place.rightsStale || this.#asking.has(place)) return;
    this.#asking.add(place);
    place.rightsStale = false;
    const { answers, refused } = await this.session.request(`/room ${place.name}`, ["rights", "right"]);
    this.#asking.delete(place);
    if (refused) this.#knowsNone = refused.code === "unknown-command";
    place.rights = refused ? null : new Rights(answers.filter(({ kind }) => kind === "right"));
    place.rightsStale ||= refused?.code === "lost";
    this.chat.changed("rights");
    const isSeen = place === this.chat.places.active;
    if (this.#waiting?.place === place && (refused || !isSeen)) this.#waiting = null; // nobody waits for that menu any more
    if (!isSeen) return;
    if (this.view.isOpen) this.show();
    if (this.menu.isOpen) this.#again();
    if (!refused) this.refresh(place); // something has changed meanwhile
    this.#known(place);
  }

  // isKnown says whether what we know of the rights in a place holds: else a switch in a menu could be shown the wrong way round.
  #isKnown(place) {
    return this.#saying === 0 && !place.rightsStale && !this.#asking.has(place);
  }

  // known opens the menu that has waited for that.
  #known(place) {
    if (this.#waiting?.place !== place || !this.#isKnown(place)) return;
    const { open } = this.#waiting;
    this.#waiting = null;
    open();
  }

  // changed: the rights of a room are others now.
  changed(place) {
    if (!place) return;
    place.rightsStale = true;
    if (place === this.chat.places.active) this.refresh(place);
  }

  // itemsFor is what one may do with a person here, beside talking to them.
  itemsFor(name) {
    const place = this.chat.places.active;
    if (!place?.isRoom || !place.rights || same(name, this.chat.me)) return [];
    return forPerson(place.name, place.rights, this.level(place), name).map(({ label, line }) => ({ label, does: () => this.say(place, line) }));
  }

  // open shows the menu of a name beside an element. Where there is nothing but the first item, that one is done at once.
  open(anchor, name, first) {
    const items = this.itemsFor(name);
    if (items.length === 0) return first();
    this.#again = () => anchor.isConnected && this.open(anchor, name, () => {});
    const { actions } = this;
    this.menu.open(anchor, name, [
      { label: "Private message", does: () => actions.message(name, "") },
      { label: "Mention", does: () => actions.address(name) },
      ...items,
    ]);
  }

  // openRoom shows the menu of the room that is looked at.
  openRoom(anchor) {
    const place = this.chat.places.active;
    if (!place?.rights) return;
    if (!this.#isKnown(place)) {
      this.#waiting = { place, open: () => this.openRoom(anchor) };
      this.refresh(place);
      return;
    }
    this.#again = () => this.openRoom(anchor);
    const items = forRoom(place.name, place.rights, this.level(place)).map((item) => ({ ...item, does: () => this.#doForRoom(place, item) }));
    this.menu.open(anchor, place.name, [{ label: "What holds here", does: () => this.show() }, ...items]);
  }

  async #doForRoom(place, { line, asks }) {
    if (!asks) return this.say(place, line);
    const words = await this.ask.askFor(asks);
    if (words) this.say(place, `${line} ${words}`);
  }

  show() {
    const place = this.chat.places.active;
    if (place?.rights) this.view.show(place.name, place.rights, this.level(place));
  }

  // clear has all erased that was said in a room. The answer is not waited for: what is said behind it stays.
  async #clear(place) {
    if (await this.ask.ask(erasing)) this.session.ask(`/room ${place.name} CLEAR`);
  }

  // say has the server do something in a room. What the others are told there is shown here, too.
  async say(place, line) {
    if (/^clear$/i.test(line.trim())) return this.#clear(place);
    this.#saying++;
    const { answers, refused } = await this.session.request(`/room ${place.name} ${line}`, ["ruled"]);
    this.#saying--;
    if (refused) this.actions.complain(refusalText(refused));
    for (const text of answers.map(doneText)) if (text) place.history.add(makeEntry("notice", { text }));
    this.changed(place);
  }

  // askKey is for a room that wants to hear one.
  async askKey(room) {
    const key = await this.ask.askFor({ heading: `${room} has a key`, words: "Whoever made the room knows it.", label: "Key", yes: "Come in", no: "Cancel" });
    if (!key) return;
    this.chat.see(room);
    this.session.join(room, key);
  }
}

// erasing is asked before all that was said in a room is erased.
const erasing = { heading: "Erase all that was said here?", words: "It is gone for everybody, and nobody can bring it back. Others may have read or copied it.", yes: "Erase it", no: "Keep it" };

const moment = /(?<= until )\d{4}-\d\d-\S+Z/;
const shortly = { dateStyle: "medium", timeStyle: "short" };

const done = new Map([
  ["OP", (who) => `You made ${who} an operator of the room`], ["DEOP", (who) => `You took back ${who}'s rights of an operator`],
  ["VOICE", (who) => `You gave ${who} a voice`], ["DEVOICE", (who) => `You took back ${who}'s voice`], ["FOUNDER", (who) => `You gave the room to ${who}`],
  ["KICK", () => ""], ["BAN", (words) => `You banned ${words.replace(moment, (time) => new Date(time).toLocaleString(undefined, shortly))}`], ["UNBAN", (who) => `You lifted the ban of ${who}`],
  ["INVITE", (who) => `You invited ${who}`], ["MUTE", (off) => `You ${off ? "un" : ""}muted the room`], ["LOCK", (off) => `You ${off ? "un" : ""}locked the room`],
  ["KEEP", (off) => `You ${off ? "no longer " : ""}keep the room`], ["KEY", (off) => (off ? "You removed the key" : "You set a key")],
  ["TOPIC", (off) => (off ? "You let all set the topic" : "You let only operators set the topic")],
]);

// doneText says what one has done in the words of the page; "" where all in the room are told, oneself as well.
function doneText({ verb, text }) {
  return done.get(verb)?.(text) ?? `${verb} ${text}`;
}
