// What a line of the server means. This module is pure: it knows of no socket and no page.
//
// parse(line) gives an event: an object whose kind says what happened. Where the line is about a room that is not the current one, the event
// has the name of that room as room; otherwise room is "".

const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (.*)$/;

// parse never throws: a line that it does not know is a notice, or an answer, in the server's own words.
export function parse(line) {
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

// notices are tried in this order. None of the words in front of a name can be a name: names have no spaces.
const notices = [
  [/^Connected to the chat server \(([\d,]+) users? online\)$/, (m) => ({ kind: "connected", count: number(m[1]) })],
  [/^New user (\S+) entered \(([\d,]+) users? online\)$/, (m) => ({ kind: "entered", name: m[1], count: number(m[2]) })],
  [/^(\S+) is now called (\S+)$/, (m) => ({ kind: "renamed", name: m[1], to: m[2] })],
  [/^(\S+) is away(?:: (.*))?$/, (m) => ({ kind: "away", name: m[1], text: m[2] ?? "" })],
  [/^(\S+) is back$/, (m) => ({ kind: "back", name: m[1] })],
  [/^(\S+) set the topic: (.*)$/, (m) => ({ kind: "topicset", name: m[1], text: m[2] })],
  [/^(\S+) was removed by an operator(?:: (.*))?$/, (m) => ({ kind: "removed", name: m[1], text: m[2] ?? "" })],
  [/^[\d,]+ (?:entered|signed in|left|away|back)\b.* \(([\d,]+) users? online\)$/, (m) => ({ kind: "digest", count: number(m[1]) })],
];

function notice(text) {
  for (const [pattern, event] of notices) {
    const m = pattern.exec(text);
    if (m) return { text, ...event(m) };
  }
  return { kind: "notice", text };
}

function departure(text) {
  const m = /^The user (\S+) left \(([\d,]+) users? online\)$/.exec(text);
  return m ? { kind: "left", name: m[1], count: number(m[2]), text } : { kind: "notice", text };
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
  ["ROOM", described],
  ["JOIN", (rest) => joined(...cut(rest, " "))],
  ["PART", (rest) => (rest.startsWith("#") ? { kind: "parted", name: rest } : null)],
  ["TOPIC", (rest) => topic(...cut(rest, " "))],
  ["AWAY", bare("isaway")],
  ["BACK", bare("isback")],
  ["RECENT", recent],
  ["SAID", handled],
  ["FILES", files],
  ["STORED", stored],
  ["FILE", file],
  ["SENT", sent],
  ["END", bare("ended")],
]);

function answer(rest) {
  const at = stamped.exec(rest);
  if (at) {
    const said = message(at[2]);
    if (said) return { kind: "recalled", time: Date.parse(at[1]), message: said };
  }
  const [verb, words] = cut(rest, " ");
  const read = answers.get(verb);
  return (read && read(words)) ?? { kind: "answer", text: rest };
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
  return { kind: "described", name, count: number(count), text };
}

const joined = (name, count) => (/^\d+$/.test(count) ? { kind: "joined", name, count: number(count) } : null);

// Where a reader gives null, the line is one of HELP, which begins with the same verb.
const topic = (name, text) => (name.startsWith("#") ? { kind: "topic", name, text } : null);

function recent(rest) {
  const [count, name] = cut(rest, " ");
  return name.startsWith("#") ? { kind: "recent", count: number(count), name } : null;
}

// handled reads how far numbered lines have come. NaN: the server has not heard of them.
function handled(rest) {
  const m = /^([\w-]{8,64}):(\d+|-)$/.exec(rest);
  return m && { kind: "handled", id: m[1], number: Number(m[2]) };
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
  return { kind: "refused", code, text };
}

// cut splits text at the first separator. Without one, the second part is empty.
export function cut(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

const number = (text) => Number(text.replaceAll(",", ""));
