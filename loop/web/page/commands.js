// What one can do by a line that begins with a slash. The table is also the help, and what completion offers.

import { cut } from "./protocol.js";

// A command's run(app, words) is given what stands behind it. takes is for people; completes says what Tab offers: "names", "rooms" or "".
export const commands = [
  { name: "me", takes: "words", help: "says what you do: ana waves", run: (app, words) => app.act(words) },
  { name: "msg", takes: "name words", help: "says words to one person", completes: "names", run: message },
  { name: "join", takes: "#room", help: "enters a room, or makes a new one", completes: "rooms", run: (app, words) => app.join(words) },
  { name: "part", takes: "[#room]", help: "leaves this room", completes: "rooms", run: (app, words) => app.part(words) },
  { name: "topic", takes: "[words]", help: "sets what the room is about", run: (app, words) => app.setTopic(words) },
  { name: "nick", takes: "name", help: "changes your name", run: raw("NICK") },
  { name: "away", takes: "[words]", help: "tells the others that you are away", run: raw("AWAY") },
  { name: "back", takes: "", help: "tells them that you are back", run: raw("BACK") },
  { name: "who", takes: "name", help: "tells of one person", completes: "names", run: raw("WHO") },
  { name: "rooms", takes: "", help: "all rooms of the server", run: (app) => app.goTo() },
  { name: "recent", takes: "[n]", help: "shows earlier messages of the room", run: (app, words) => app.recent(words) },
  { name: "files", takes: "", help: "the files that were shared", run: (app) => app.showFiles() },
  { name: "send", takes: "", help: "sends a file", run: (app) => app.chooseFile() },
  { name: "get", takes: "name", help: "fetches the newest file of that name", run: (app, words) => app.download(words) },
  { name: "register", takes: "password", help: "keeps your name for you", run: raw("REGISTER") },
  { name: "unregister", takes: "[name]", help: "gives your name up", run: raw("UNREGISTER") },
  { name: "theme", takes: "light, dark or system", help: "how the page looks", run: (app, words) => app.theme(words) },
  { name: "help", takes: "", help: "all commands and keys", run: (app) => app.help() },
  { name: "quit", takes: "", help: "leaves the chat", run: (app) => app.leave() },
  { name: "oper", takes: "name password", help: "makes you an operator", run: raw("OPER") },
  { name: "kick", takes: "name [words]", help: "disconnects a person", completes: "names", operator: true, run: raw("KICK") },
  { name: "ban", takes: "target time [words]", help: "keeps out an address or a name", completes: "names", operator: true, run: raw("BAN") },
  { name: "shun", takes: "target time [words]", help: "lets them read only", completes: "names", operator: true, run: raw("SHUN") },
  { name: "unban", takes: "target", help: "lifts both", operator: true, run: raw("UNBAN") },
  { name: "bans", takes: "", help: "all bans and shuns", operator: true, run: raw("BANS") },
  { name: "stats", takes: "", help: "how the server is", operator: true, run: raw("STATS") },
  { name: "drain", takes: "", help: "ends the server", operator: true, run: raw("DRAIN") },
];

// keys are the rest of the help.
export const keys = [
  ["Ctrl+K", "go to a room or a person"],
  ["Alt+↑, Alt+↓", "the room above, and below"],
  ["Alt+Shift+↑, ↓", "the same, only where something is unread"],
  ["Tab", "completes a command, a name or a #room"],
  ["↑, ↓", "what you have said before"],
  ["Page Up, Page Down", "scrolls the messages"],
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

// raw gives the words to the server, which says what is wrong with them.
function raw(verb) {
  return (app, words) => app.command(words ? `${verb} ${words}` : verb);
}

function message(app, words) {
  const [name, text] = cut(words.trim(), " ");
  if (name) app.message(name, text.trim());
  else app.complain("Say /msg name words");
}
