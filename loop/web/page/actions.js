// What a person can do, by a command, a button or a key.

import { find, run } from "./commands.js";
import { forgetOnDevice } from "./device.js";
import { sizeText } from "./files.js";
import { makeEntry } from "./messages.js";
import { same } from "./names.js";
import { cut } from "./protocol.js";
import { commandFor, isSecret } from "./secrets.js";
import { setTheme } from "./theme.js";
import { refusalText } from "./wording.js";

const longest = 7_900; // bytes of a message: the server's limit for a line, less what stands in front of it
const manyLines = 10; // messages that are sent without a question
const recentAtOnce = 100; // messages that are asked for
const mostNamed = 100; // people that /list names
const unwanted = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu; // what the server would drop

const command = /^\/(\S*)\s*(.*)$/;

const isCommand = (line) => find(command.exec(line)?.[1] ?? "") !== undefined || /^\/say\s/i.test(line);

// Actions work on the parts of the page, which are set once they are all there.
export class Actions {
  filesOff = false; // the server keeps none

  // use sets the parts: session, chat, transfers, composer, log, panels, goDialog, ask, govern and fileInput; showAccount() opens the dialog of one's own name, and search(words) the search.
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

  // submit takes what was typed, line by line. What may not be said as it is goes back to the input, all of it.
  async submit(text) {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    const secret = lines.find((line) => !line.startsWith("//") && !isCommand(line) && isSecret(line));
    if (secret !== undefined) return this.#keepSecret(text, secret);
    if (lines.length > manyLines && !(await this.#wantsMany(lines.length))) return this.composer.set(text);
    for (const line of lines) this.#submitLine(line);
  }

  #keepSecret(text, line) {
    this.composer.set(text, 0);
    this.complain(`That may be a password, so nobody has been told. A command begins with a slash: ${commandFor(line)}. To say it all the same: /say words`);
  }

  #wantsMany(count) {
    return this.ask.ask({
      heading: `Send ${count.toLocaleString("en")} messages?`,
      words: `There are ${count.toLocaleString("en")} lines, and each is a message of its own to ${this.place?.name ?? "the room"}. A long text is read better as a file.`,
      yes: `Send ${count.toLocaleString("en")} messages`, no: "Don't send",
    });
  }

  #submitLine(line) {
    if (!line.startsWith("/")) return this.say(line);
    if (line.startsWith("//")) return this.say(line.slice(1));
    const [, name, words] = command.exec(line);
    if (name.toLowerCase() === "say") return this.say(words);
    const found = find(name);
    if (found) run(this, found, words.trim());
    else this.complain(`There is no command /${name}. /help shows them all; to say a line that begins with a slash, write two.`);
  }

  say(text, place = this.place) {
    this.#speak("said", text, { verb: "TEXT", front: `TO ${place?.name} `, room: "" }, place);
  }

  act(text, place = this.place) {
    if (!text) this.complain("Say /me words");
    else if (place?.isRoom) this.#speak("acted", text, { verb: "ME", front: "", room: place.name }, place);
    else this.say(`* ${this.chat.me} ${text}`, place);
  }

  #speak(kind, typed, { verb, front, room }, place) {
    const text = typed.replace(unwanted, (character) => (character === "\t" ? "\t" : "")).trimEnd();
    if (text === "") return;
    if (!place) return this.complain("You are in no room. Ctrl+K leads to one.");
    if (new TextEncoder().encode(text).length > longest) {
      this.composer.set(typed);
      return this.complain("That is too long for one message. Send it as a file, or in parts.");
    }
    const entry = makeEntry(kind, { name: this.chat.me, text, own: true, state: "waiting" });
    place.history.forgetUnread();
    place.history.add(entry);
    this.session.say({ verb, rest: front + text, room, entry });
    if (place === this.place) this.log.toEnd();
  }

  // command has the server do something, in the active room where that matters.
  command(line) {
    if (this.session.state !== "ready") return this.complain("There is no connection just now; only messages are kept.");
    this.session.ask(line, this.place?.isRoom ? this.place.name : "");
  }

  // login and register are commands whose password the next connection needs as well.
  login(words) {
    const [name, password] = cut(words, " ");
    if (!password) return this.complain("Say /login name password");
    this.session.claim({ name, password: password.trim() });
    this.command(`LOGIN ${name} ${password}`);
  }

  register(password) {
    this.session.claim({ name: this.chat.me, password });
    this.command(`REGISTER ${password}`);
  }

  // keepName is the same for a dialog, which tells what comes of it: it resolves to the refusal, or null.
  async keepName(password) {
    this.session.claim({ name: this.chat.me, password });
    const { refused } = await this.session.request(`REGISTER ${password}`, ["registered"]);
    return refused;
  }

  // keepHere has us stay in our rooms, or not, when all our connections are gone.
  async keepHere(on) {
    const { answers, refused } = await this.session.request(`/keep ${on ? "ON" : "OFF"}`, ["keep"]);
    if (answers.length > 0) this.session.keep = answers[0].on;
    return refused;
  }

  async keep(words) {
    if (!/^(on|off)$/i.test(words)) return this.complain("Say /keep on, or /keep off");
    const refused = await this.keepHere(words.toLowerCase() === "on");
    if (refused) return this.complain(refusalText(refused));
    this.chat.tell("answer", this.session.keep ? "You stay in your rooms when you close the page" : "You leave your rooms when you close the page");
  }

  governRoom(words) {
    if (!this.place?.isRoom) return this.complain("That is for rooms.");
    if (words) this.govern.say(this.place, words);
    else this.govern.show();
  }

  // sessions are the connections of ours that there are.
  async sessions() {
    const { answers } = await this.session.request("/sessions", ["sessions", "session"]);
    return answers.filter(({ kind }) => kind === "session");
  }

  async endSession(number) {
    const { refused } = await this.session.request(`/logout ${number}`, ["loggedout"]);
    return refused;
  }

  // endOthers ends all other connections of ours, and has no other device known any more.
  async endOthers() {
    await this.session.trustOnlyThis();
    for (const { number, own } of await this.sessions()) if (!own) await this.endSession(number);
  }

  // signOut leaves, and this device is not known any more.
  signOut() {
    const { account } = this.session;
    forgetOnDevice();
    this.session.leave(...(account ? [`/trust OFF ${account.key}`] : []));
  }

  ping() {
    if (this.session.state !== "ready") return this.complain("There is no connection just now.");
    this.session.ask(`PING took${Math.round(performance.now())}`);
  }

  // list names who is in the room, in the order of the names.
  list() {
    if (!this.place?.isRoom) return this.complain("That is for rooms.");
    const users = this.place.users.sorted();
    const named = users.slice(0, mostNamed).map(({ name, away }) => (away ? `${name} (away)` : name));
    const count = Math.max(users.length, this.place.count);
    if (count > named.length) named.push(`and ${(count - named.length).toLocaleString("en")} more`);
    this.chat.tell("answer", `${count.toLocaleString("en")} in ${this.place.name}: ${named.join(", ")}`);
    this.panels.show("users");
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
    if (!this.place?.isRoom) return this.complain("That is for rooms.");
    this.#askEarlier(this.place, Number(words) || recentAtOnce);
  }

  // recentBefore asks a server that keeps only the last messages for more of them.
  recentBefore(place) {
    const shown = place.history.entries.filter(({ kind, state }) => (kind === "said" || kind === "acted") && state === "sent").length;
    this.#askEarlier(place, shown + recentAtOnce);
  }

  #askEarlier(place, count) {
    place.earlier = true;
    place.asked = count;
    if (this.session.state === "ready") this.session.recent(place.name, count);
    else this.complain("There is no connection just now; only messages are kept.");
  }

  // again says once more what may not have been said.
  again(entry) {
    const { place } = this;
    place.history.remove(entry);
    if (entry.kind === "acted") this.act(entry.text, place);
    else this.say(entry.text, place);
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

  async upload(files) {
    const { place } = this;
    if (files.length === 0) return;
    if (!place) return this.complain("You are in no room.");
    if (this.filesOff) return this.complain("This server keeps no files.");
    if (!place.isRoom && !(await this.#wantsShared(files, place))) return;
    for (const file of files) this.transfers.upload(file, place);
  }

  // wantsShared asks before a file goes out of a conversation: the server has no files that only some can see.
  #wantsShared(files, place) {
    const one = files.length === 1;
    const what = one ? `“${files[0].name}”` : `these ${files.length} files`;
    return this.ask.ask({
      heading: `Everybody will see ${what}`,
      words: `This conversation is private, files are not: ${one ? "it stands" : "they stand"} in Files, where everybody on this server can see and fetch ${one ? "it" : "them"}. ` +
        `Only the words that tell ${place.name} of ${one ? "it" : "them"} are private.`,
      yes: "Send all the same", no: "Don't send",
    });
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
