// What one can do by a line that begins with a slash. The table is also the help, and what completion offers.

import { cut } from "./protocol.js";

// A command's does(app, words) is given what stands behind it. takes is for people, and what it has in brackets may be missing; bare: it may have nothing behind it all the same. completes says what Tab offers: "names", "rooms" or "".
export const commands = [
  { name: "me", takes: "words", help: "says what you do: ana waves", does: (app, words) => app.act(words) },
  { name: "msg", takes: "name words", help: "says words to one person", completes: "names", does: message },
  { name: "join", takes: "#room", bare: true, help: "enters a room, or makes a new one", completes: "rooms", does: (app, words) => app.join(words) },
  { name: "part", takes: "[#room]", help: "leaves this room", completes: "rooms", does: (app, words) => app.part(words) },
  { name: "topic", takes: "[words]", help: "sets what the room is about", does: (app, words) => app.setTopic(words) },
  { name: "nick", takes: "name", help: "changes your name", does: raw("NICK") },
  { name: "away", takes: "[words]", help: "tells the others that you are away", does: raw("AWAY") },
  { name: "back", takes: "", help: "tells them that you are back", does: raw("BACK") },
  { name: "who", takes: "name", help: "tells of one person", completes: "names", does: raw("WHO") },
  { name: "list", takes: "", help: "who is in the room", does: (app) => app.list() },
  { name: "rooms", takes: "", help: "all rooms of the server", does: (app) => app.goTo() },
  { name: "recent", takes: "[n]", help: "shows earlier messages of the room", does: (app, words) => app.recent(words) },
  { name: "search", takes: "[words]", help: "looks for words in what was said", does: (app, words) => app.search(words) },
  { name: "history", takes: "", help: "shows earlier messages, as far as there are any", does: (app) => app.log.goUp() },
  { name: "files", takes: "", help: "the files that were shared", does: (app) => app.showFiles() },
  { name: "send", takes: "", help: "sends a file", does: (app) => app.chooseFile() },
  { name: "get", takes: "name", bare: true, help: "fetches the newest file of that name", does: (app, words) => app.download(words) },
  { name: "register", takes: "password", help: "keeps your name for you", does: (app, words) => app.register(words) },
  { name: "login", takes: "name password", help: "takes a registered name that is yours", does: (app, words) => app.login(words) },
  { name: "unregister", takes: "[name]", help: "gives your name up", does: raw("UNREGISTER") },
  { name: "keep", takes: "on or off", help: "keeps you in your rooms when you close the page", does: (app, words) => app.keep(words) },
  { name: "sessions", takes: "", help: "where you are signed in", does: (app) => app.showAccount() },
  { name: "logout", takes: "", help: "signs you out on this device", does: (app) => app.signOut() },
  { name: "room", takes: "[what]", help: "what holds in the room, or changes it: op ana", does: (app, words) => app.governRoom(words) },
  { name: "ping", takes: "", help: "how fast the server answers", does: (app) => app.ping() },
  { name: "theme", takes: "light, dark or system", help: "how the page looks", does: (app, words) => app.theme(words) },
  { name: "help", takes: "", help: "all commands and keys", does: (app) => app.help() },
  { name: "quit", takes: "", help: "leaves the chat", does: (app) => app.leave() },
  { name: "oper", takes: "name password", help: "makes you an operator", does: raw("OPER") },
  { name: "kick", takes: "name [words]", help: "disconnects a person", completes: "names", operator: true, does: raw("KICK") },
  { name: "ban", takes: "target time [words]", help: "keeps out an address or a name", completes: "names", operator: true, does: raw("BAN") },
  { name: "shun", takes: "target time [words]", help: "lets them read only", completes: "names", operator: true, does: raw("SHUN") },
  { name: "unban", takes: "target", help: "lifts both", operator: true, does: raw("UNBAN") },
  { name: "bans", takes: "", help: "all bans and shuns", operator: true, does: raw("BANS") },
  { name: "stats", takes: "", help: "how the server is", operator: true, does: raw("STATS") },
  { name: "drain", takes: "", help: "ends the server", operator: true, does: raw("DRAIN") },
];

// keys are the rest of the help.
export const keys = [
  ["Ctrl+K", "go to a room or a person"],
  ["Ctrl+Shift+F", "search in what was said"],
  ["Alt+↑, Alt+↓", "the room above, and below"],
  ["Alt+Shift+↑, ↓", "the same, only where something is unread"],
  ["Tab", "completes a command, a name or a #room"],
  ["↑, ↓", "what you have said before"],
  ["Page Up, Page Down", "scrolls the messages, as far back as there are any"],
  ["Shift+Enter", "a new line"],
  ["Esc", "closes what is open, goes back to the newest message"],
];

const others = new Map([["whois", "who"], ["leave", "part"], ["end", "quit"], ["query", "msg"]]);
const byName = new Map(commands.map((command) => [command.name, command]));

// find returns the command of that name, or undefined.
export function find(name) {
  const wanted = name.toLowerCase();
  return byName.get(wanted) ?? byName.get(others.get(wanted));
}

// run does what a command is for. One that lacks all that it needs is explained instead.
export function run(app, { name, takes, does, bare }, words) {
  if (words === "" && takes !== "" && !takes.startsWith("[") && !bare) app.complain(`Say /${name} ${takes}`);
  else does(app, words);
}

// raw gives the words to the server, which says what is wrong with them.
function raw(verb) {
  return (app, words) => app.command(words ? `${verb} ${words}` : verb);
}

function message(app, words) {
  const [name, text] = cut(words.trim(), " ");
  if (name) app.message(name, text.trim());
  else app.complain("Say /msg name words");
}
