// What a line of the server means. This module is pure: it knows of no socket and no page.
//
// parse(line) gives an event: an object whose kind says what happened. Where the line is about a room that is not the current one, the event
// has the name of that room as room; otherwise room is "". A message has its id, where the server was asked to tell them.

import { departure, notice } from "./notices.js";

const moment = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z";
const withID = /^@(\d+-\d+) (.*)$/s;
const stamped = new RegExp(`^(?:@(\\d+-\\d+) )?(${moment}) (.*)$`, "s");

// parse never throws: a line that it does not know is a notice, or an answer, in the server's own words.
export function parse(line) {
  const message = withID.exec(line);
  if (message) return { ...parse(message[2]), id: message[1] };
  if (line.startsWith("#")) {
    const [room, rest] = cut(line, " ");
    return { ...parse(rest), room };
  }
  return { room: "", ...kindOf(line) };
}

function kindOf(line) {
  if (line.startsWith("> ")) return notice(line.slice(2));
  if (line.startsWith("< ")) return departure(line.slice(2));
  if (line.startsWith("= ")) return answer(line.slice(2));
  if (line.startsWith("! ")) return refusal(line.slice(2));
  if (line.startsWith("PONG ")) return { kind: "pong", token: line.slice(5) };
  return message(line) ?? { kind: "notice", text: line };
}

// message reads what someone said or did, as it comes and as RECENT repeats it.
function message(line) {
  if (line.startsWith("[")) {
    const [name, text] = cut(line.slice(1), "] ");
    return { kind: "said", name, text };
  }
  if (line.startsWith("* ")) {
    const [name, text] = cut(line.slice(2), " ");
    return { kind: "acted", name, text };
  }
  if (line.startsWith("*")) {
    const [name, text] = cut(line.slice(1), "* ");
    return { kind: "whispered", name, text };
  }
  return null;
}

// answers have the words behind each verb.
const answers = new Map([
  ["ADD", about("named")],
  ["NICK", about("named")],
  ["LOGIN", about("named")],
  ["REGISTER", about("registered")],
  ["UNREGISTER", about("unregistered")],
  ["OPER", about("operates")],
  ["PASS", bare("admitted")],
  ["LIST", listed],
  ["ROOMS", (rest) => (/^\d+$/.test(rest) ? { kind: "rooms", count: number(rest) } : null)],
  ["ROOM", (rest) => described(rest) ?? ruled(rest)],
  ["RIGHTS", (rest) => counted("rights", rest)],
  ["RIGHT", right],
  ["JOIN", (rest) => joined(...cut(rest, " "))],
  ["PART", (rest) => (rest.startsWith("#") ? { kind: "parted", name: rest } : null)],
  ["TOPIC", (rest) => topic(...cut(rest, " "))],
  ["AWAY", bare("isaway")],
  ["BACK", bare("isback")],
  ["RECENT", recent],
  ["MISSED", missed],
  ["HISTORY", history],
  ["SEARCH", (rest) => page("searched", rest)],
  ["EXPORT", (rest) => page("exported", rest)],
  ["FORGET", forgotten],
  ["SAID", handled],
  ["IDS", onOrOff("ids")],
  ["KEEP", onOrOff("keep")],
  ["READ", readUpTo],
  ["TRUST", (rest) => (rest === "" || rest === "OFF" ? { kind: "trusted" } : null)],
  ["SESSIONS", (rest) => (/^\d+$/.test(rest) ? { kind: "sessions", count: number(rest) } : null)],
  ["SESSION", session],
  ["LOGOUT", (rest) => (/^\d+$/.test(rest) ? { kind: "loggedout", number: number(rest) } : null)],
  ["WHO", who],
  ["FILES", files],
  ["STORED", stored],
  ["FILE", file],
  ["SENT", sent],
  ["END", bare("ended")],
]);

function answer(rest) {
  const at = stamped.exec(rest);
  const told = at && retold(at[3]);
  if (told) {
    const { message, ...kind } = told;
    return { ...kind, time: Date.parse(at[2]), message: at[1] ? { ...message, id: at[1] } : message };
  }
  const [verb, words] = cut(rest, " ");
  const read = answers.get(verb);
  return (read && read(words)) ?? { kind: "answer", text: rest };
}

// retold reads a message that was kept: as it was said, or as SEARCH and EXPORT tell it, with the room or the user of the conversation in front.
function retold(words) {
  const here = message(words);
  if (here) return { kind: "recalled", message: here };
  const [place, rest] = cut(words, " ");
  const there = message(rest);
  return there && { kind: "found", place, message: there };
}

// about reads an answer that has one name.
function about(kind) {
  return (name) => (name === "" || name.includes(" ") ? null : { kind, name });
}

// bare reads an answer that is a verb alone.
function bare(kind) {
  return (rest) => (rest === "" ? { kind } : null);
}

function listed(rest) {
  const [count, names] = cut(rest, " ");
  if (!/^\d+$/.test(count)) return null;
  const users = names.split(" ").filter(Boolean).map((word) => {
    const away = word.endsWith("(away)");
    return { name: away ? word.slice(0, -"(away)".length) : word, away };
  });
  return { kind: "listed", count: number(count), users };
}

function described(rest) {
  const [name, words] = cut(rest, " ");
  const [count, text] = cut(words, " ");
  return /^\d+$/.test(count) ? { kind: "described", name, count: number(count), text } : null;
}

// ruled reads what has been changed about a room.
function ruled(rest) {
  const m = /^(#\S+) ([A-Z]+)(?: (.*))?$/.exec(rest);
  return m && { kind: "ruled", name: m[1], verb: m[2], text: m[3] ?? "" };
}

// counted reads an answer that says of which room, and how many lines follow.
function counted(kind, rest) {
  const m = /^(#\S+) (\d+)$/.exec(rest);
  return m && { kind, name: m[1], count: Number(m[2]) };
}

// right reads one thing that holds in a room: which, for whom, until when if not for ever, and who has set it.
const rightLine = new RegExp(`^(#\\S+) (?:(founder|op|voice|ban|invite) (\\S+)(?: until (\\S+))?|([a-z]+)) by (\\S+) at (${moment})(?: (.*))?$`);

function right(rest) {
  const m = rightLine.exec(rest);
  if (!m) return null;
  const [, name, named, who = "", until = "", rule, by, time, text = ""] = m;
  return { kind: "right", name, right: named ?? rule, who, until, by, time: Date.parse(time), text };
}

const joined = (name, count) => (/^\d+$/.test(count) ? { kind: "joined", name, count: number(count) } : null);

// Where a reader gives null, the line is one of HELP, which begins with the same verb.
const topic = (name, text) => (name.startsWith("#") ? { kind: "topic", name, text } : null);

function recent(rest) {
  const [count, name] = cut(rest, " ");
  return name.startsWith("#") ? { kind: "recent", count: number(count), name } : null;
}

// missed reads how many messages follow that were told while nobody was there: in a room, or to oneself alone, which is "*".
function missed(rest) {
  const m = /^(\d+) (#\S+|\*)$/.exec(rest);
  return m && { kind: "missed", count: Number(m[1]), name: m[2] };
}

// history reads how many messages follow of a room or a conversation; end says that nothing stands in front of them, or behind them.
function history(rest) {
  const m = /^(\d+) (\S+)( first| last)?$/.exec(rest);
  return m && { kind: "history", count: Number(m[1]), name: m[2], end: Boolean(m[3]) };
}

// page reads how many messages follow, and whether there are more.
function page(kind, rest) {
  const m = /^(\d+)( more)?$/.exec(rest);
  return m && { kind, count: Number(m[1]), more: Boolean(m[2]) };
}

// forgotten reads whose messages are gone, and how many.
function forgotten(rest) {
  const m = /^(\S+) (\d+)$/.exec(rest);
  return m && { kind: "forgotten", name: m[1], count: Number(m[2]) };
}

// handled reads how far numbered lines have come, and the id of the message if it was just said. NaN: the server has not heard of them.
function handled(rest) {
  const m = /^([\w-]{8,64}):(\d+|-)(?: @(\d+-\d+))?$/.exec(rest);
  return m && { kind: "handled", id: m[1], number: Number(m[2]), ...(m[3] && { message: m[3] }) };
}

// onOrOff reads an answer that is one of the two.
function onOrOff(kind) {
  return (rest) => (rest === "ON" || rest === "OFF" ? { kind, on: rest === "ON" } : null);
}

// readUpTo reads a mark: up to which message a room or a conversation has been read, and how many there are behind it.
function readUpTo(rest) {
  const m = /^(\S+) (\d+-\d+) (\d+)$/.exec(rest);
  return m && { kind: "read", name: m[1], id: m[2], count: Number(m[3]) };
}

function session(rest) {
  const m = /^(\d+) since (\S+) idle (\d+) from (\S+)( this)?$/.exec(rest);
  return m && { kind: "session", number: Number(m[1]), since: Date.parse(m[2]), idle: Number(m[3]), address: m[4], own: Boolean(m[5]) };
}

// who reads where somebody is. It is shown in the server's words.
function who(rest) {
  const m = /^(\S+) since \S+ idle \d+ rooms (\S+)/.exec(rest);
  return m && { kind: "who", name: m[1], rooms: m[2] === "-" ? [] : m[2].split(","), text: `WHO ${rest}` };
}

function files(rest) {
  const m = /^(\d+) of (\d+)$/.exec(rest);
  return m && { kind: "files", count: Number(m[1]), total: Number(m[2]) };
}

function stored(rest) {
  const m = /^(\d+) (\S+) (\S+) ([0-9a-f]+) (.*)$/.exec(rest);
  return m && { kind: "stored", size: Number(m[1]), time: Date.parse(m[2]), sender: m[3], hash: m[4], name: m[5] };
}

function file(rest) {
  const m = /^(\d+) (.*)$/.exec(rest);
  return m && { kind: "file", size: Number(m[1]), name: m[2] };
}

function sent(rest) {
  const m = /^(\d+) (.*) ([0-9a-f]{64})$/.exec(rest);
  return m && { kind: "sent", size: Number(m[1]), name: m[2], hash: m[3] };
}

function refusal(rest) {
  const [code, text] = cut(rest, " ");
  const room = code === "put-out" && /^of (#\S+) by /.exec(text)?.[1];
  if (room) return { kind: "putout", name: room, text };
  return { kind: "refused", code, text };
}

// cut splits text at the first separator. Without one, the second part is empty.
export function cut(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

const number = (text) => Number(text.replaceAll(",", ""));
