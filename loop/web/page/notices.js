// What the server tells of people and rooms behind "> " and "< ". This module is pure.

const number = (text) => Number(text.replaceAll(",", ""));

// What an operator of a room, or its founder, has done there.
const governed = new RegExp(`^(\\S+) (?:${[
  "made \\S+ an operator of the room", "took from \\S+ the rights of an operator", "gave \\S+ a voice", "took \\S+'s voice",
  "was put out of the room by \\S+(?:: .*)?", "banned (?:an address|\\S+) until .*", "lifted the ban of (?:an address|\\S+)", "(?:un)?muted the room", "(?:un)?locked the room",
  "set a key", "removed the key", "cleared what was said here", "keeps the room", "no longer keeps the room", "gave the room to \\S+", "lets only operators set the topic", "lets all set the topic",
].join("|")})$`);

// They are tried in this order. None of the words in front of a name can be a name: names have no spaces.
const notices = [
  [/^Connected to the chat server \(([\d,]+) users? online\)$/, (m) => ({ kind: "connected", count: number(m[1]) })],
  [/^New user (\S+) entered \(([\d,]+) users? online\)$/, (m) => ({ kind: "entered", name: m[1], count: number(m[2]) })],
  [/^(\S+) is now called (\S+)$/, (m) => ({ kind: "renamed", name: m[1], to: m[2] })],
  [/^(\S+) is away(?:: (.*))?$/, (m) => ({ kind: "away", name: m[1], text: m[2] ?? "" })],
  [/^(\S+) is back$/, (m) => ({ kind: "back", name: m[1] })],
  [/^(\S+) set the topic: (.*)$/, (m) => ({ kind: "topicset", name: m[1], text: m[2] })],
  [/^(\S+) was removed by an operator(?:: (.*))?$/, (m) => ({ kind: "removed", name: m[1], text: m[2] ?? "" })],
  [/^[\d,]+ (?:entered|signed in|left|away|back)\b.* \(([\d,]+) users? online\)$/, (m) => ({ kind: "digest", count: number(m[1]) })],
  // What another session of one's own has done.
  [/^you joined (#\S+)$/, (m) => ({ kind: "joinedelsewhere", name: m[1] })],
  [/^you left (#\S+)$/, (m) => ({ kind: "parted", name: m[1] })],
  [/^you told (\S+): (.*)$/, (m) => ({ kind: "told", name: m[1], text: m[2] })],
  [/^(\S+) invites you to (#\S+)$/, (m) => ({ kind: "invited", name: m[1], to: m[2] })],
  // It is followed by joinedelsewhere, and parted.
  [/^(\S+) renamed the room to #/, (m) => ({ kind: "calling", name: m[1] })],
  [governed, (m) => ({ kind: "governed", name: m[1] })],
];

// notice reads what stands behind "> ". One that is new is itself.
export function notice(text) {
  for (const [pattern, event] of notices) {
    const m = pattern.exec(text);
    if (m) return { text, ...event(m) };
  }
  return { kind: "notice", text };
}

// departure reads what stands behind "< ".
export function departure(text) {
  const m = /^The user (\S+) left \(([\d,]+) users? online\)$/.exec(text);
  return m ? { kind: "left", name: m[1], count: number(m[2]), text } : { kind: "notice", text };
}
