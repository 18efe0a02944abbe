// What a person can do, by a command, a button or a key.

import { find } from "./commands.js";
import { sizeText } from "./files.js";
import { makeEntry } from "./messages.js";
import { same } from "./names.js";
import { setTheme } from "./theme.js";

const longest = 7_900; // bytes of a message: the server's limit for a line, less what stands in front of it
const unwanted = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu; // what the server would drop

// Actions work on the parts of the page, which are set once they are all there.
export class Actions {
  filesOff = false; // the server keeps none

  // use sets the parts: session, chat, transfers, composer, log, panels, goDialog and fileInput.
  use(parts) {
    Object.assign(this, parts);
  }

  get place() {
    return this.chat.places.active;
  }

  // names are whom one may want to name here.
  names() {
    if (!this.place) return [];
    return this.place.isRoom ? this.place.users.sorted().map(({ name }) => name) : [this.place.name];
  }

  // submit takes what was typed, line by line.
  submit(text) {
    for (const line of text.split(/\r?\n/)) {
      if (line.trim() !== "") this.#submitLine(line);
    }
  }

  #submitLine(line) {
    if (!line.startsWith("/")) return this.say(line);
    if (line.startsWith("//")) return this.say(line.slice(1));
    const [, name, words] = /^\/(\S*)\s*(.*)$/.exec(line);
    if (name.toLowerCase() === "say") return this.say(words);
    const command = find(name);
    if (command) command.run(this, words.trim());
    else this.complain(`There is no command /${name}. /help shows them all; to say a line that begins with a slash, write two.`);
  }

  say(text, place = this.place) {
    const to = place && `TEXT TO ${place.name} `;
    this.#speak("said", text, to, "", place);
  }

  act(text, place = this.place) {
    if (!text) this.complain("Say /me words");
    else if (place?.isRoom) this.#speak("acted", text, "ME ", place.name, place);
    else this.say(`* ${this.chat.me} ${text}`, place);
  }

  #speak(kind, typed, front, room, place) {
    const text = typed.replace(unwanted, (character) => (character === "\t" ? "\t" : "")).trimEnd();
    if (text === "") return;
    if (!place) return this.complain("You are in no room. Ctrl+K leads to one.");
    if (new TextEncoder().encode(text).length > longest) {
      this.composer.set(typed);
      return this.complain("That is too long for one message. Send it as a file, or in parts.");
    }
    const entry = makeEntry(kind, { name: this.chat.me, text, own: true, state: "waiting" });
    place.history.firstUnread = null;
    place.history.add(entry);
    this.session.say(front + text, room, entry);
    if (place === this.place) this.log.toEnd();
  }

  // command has the server do something, in the active room where that matters.
  command(line) {
    if (this.session.state !== "ready") return this.complain("There is no connection just now; only messages are kept.");
    this.session.ask(line, this.place?.isRoom ? this.place.name : "");
  }

  complain(words) {
    this.chat.tell("error", words);
  }

  join(name) {
    const room = name.trim();
    if (!room) return this.goTo();
    const whole = room.startsWith("#") ? room : `#${room}`;
    if (this.session.state !== "ready") return this.complain("There is no connection just now.");
    this.chat.see(whole);
    if (!this.chat.places.room(whole)?.joined) this.session.join(whole);
  }

  part(name) {
    const place = name ? this.chat.places.room(name.startsWith("#") ? name : `#${name}`) : this.place;
    if (place) this.close(place);
    else this.complain(`You are not in ${name}.`);
  }

  // close leaves a room, or takes a conversation from the list.
  close(place) {
    if (place.isRoom && place.joined) {
      const other = this.chat.places.rooms().find((room) => room !== place && room.joined);
      this.session.outbox.drop(({ entry }) => !place.history.entries.includes(entry));
      this.session.part(place.name, other?.name);
      return;
    }
    const beside = this.chat.places.beside(-1);
    const active = place === this.place;
    this.chat.places.close(place);
    if (active) this.go(beside === place ? this.chat.places.all()[0] : beside);
    this.chat.changed("places");
  }

  message(name, text) {
    if (name.startsWith("#")) return this.#messageRoom(name, text);
    if (same(name, this.chat.me)) return this.complain("That is you.");
    const place = this.chat.places.open(this.place?.users.get(name)?.name ?? name);
    if (text) this.say(text, place);
    this.go(place);
  }

  #messageRoom(name, text) {
    const place = this.chat.places.room(name);
    if (!place) return this.complain(`You are not in ${name}; /join ${name} enters it.`);
    if (text) this.say(text, place);
  }

  setTopic(words) {
    if (this.place?.isRoom) this.command(words ? `TOPIC ${words}` : "TOPIC");
    else this.complain("A conversation has no topic.");
  }

  recent(words) {
    if (!this.place?.isRoom) return this.complain("The server keeps no messages of conversations.");
    this.place.gap = -Infinity;
    this.command(`RECENT ${words || 100}`);
  }

  theme(words) {
    if (!setTheme(words)) this.complain("Say /theme light, /theme dark or /theme system");
  }

  download(name) {
    if (name) this.transfers.download(name);
    else this.showFiles();
  }

  chooseFile() {
    this.fileInput.click();
  }

  showFiles() {
    this.panels.show("files");
  }

  leave() {
    this.session.leave();
  }

  help() {
    this.panels.help();
  }

  goTo() {
    this.session.ask("ROOMS");
    this.goDialog.open();
  }

  go(place) {
    this.panels.slide(false);
    if (place) this.chat.activate(place);
    this.composer.focus();
  }

  upload(files) {
    if (!this.place) return this.complain("You are in no room.");
    if (this.filesOff) return this.complain("This server keeps no files.");
    for (const file of files) this.transfers.upload(file, this.place);
  }

  // announce tells where a file was sent that it can be fetched.
  announce({ name, size, place }) {
    const words = `shared a file: ${name} (${sizeText(size)})`;
    if (place.isRoom) this.act(words, place);
    else this.say(words, place);
    if (this.panels.shown === "files") this.session.ask("FILES");
  }

  beside(steps, unreadOnly) {
    const { places } = this.chat;
    if (!unreadOnly) return this.go(places.beside(steps));
    const all = places.all();
    const at = all.indexOf(this.place);
    for (let n = 1; n < all.length; n++) {
      const place = all[(at + steps * n + all.length * n) % all.length];
      if (place.unread > 0) return this.go(place);
    }
  }

  address(name) {
    this.composer.insert(this.composer.text === "" ? `${name}: ` : `${name} `);
  }
}
