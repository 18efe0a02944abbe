// What holds in a room, and what somebody may do there. This module knows of no page.

import { same } from "./names.js";

// levels are how much somebody may do. Who has a higher one may all that those below may.
export const levels = { anyone: 0, voice: 1, operator: 2, founder: 3, server: 4 };

// Rights are what holds in one room, as the server has told it line by line; null: it is not known.
export class Rights {
  constructor(list) {
    this.list = list;
  }

  // has says whether a rule holds, or somebody has a right.
  has(right, who = "") {
    return this.list.some((held) => held.right === right && (who === "" || same(held.who, who)));
  }

  // levelOf is how much one may do who is known by these names.
  levelOf(names) {
    const is = (right) => names.some((name) => name && this.has(right, name));
    if (is("founder")) return levels.founder;
    if (is("op")) return levels.operator;
    return is("voice") ? levels.voice : levels.anyone;
  }
}

const notLobby = (room) => !same(room, "#lobby"); // from where nobody can be banned, and which can't be locked

// What one may do with a person in a room. needs is the level; when says where it has a meaning; line is what stands behind ROOM #room.
const withPeople = [
  { label: "Make operator", needs: levels.founder, when: (rights, name) => !rights.has("op", name) && !rights.has("founder", name), line: (name) => `OP ${name}` },
  { label: "Take back operator's rights", needs: levels.founder, when: (rights, name) => rights.has("op", name), line: (name) => `DEOP ${name}` },
  { label: "Give voice", needs: levels.operator, when: (rights, name) => rights.levelOf([name]) < levels.voice, line: (name) => `VOICE ${name}` },
  { label: "Take back the voice", needs: levels.operator, when: (rights, name) => rights.has("voice", name), line: (name) => `DEVOICE ${name}` },
  { label: "Put out of the room", needs: levels.operator, line: (name) => `KICK ${name}` },
  { label: "Ban for 1 hour", needs: levels.operator, when: (rights, name, room) => notLobby(room), line: (name) => `BAN ${name} 1h` },
  { label: "Ban for 1 day", needs: levels.operator, when: (rights, name, room) => notLobby(room), line: (name) => `BAN ${name} 1d` },
  { label: "Ban for ever", needs: levels.operator, when: (rights, name, room) => notLobby(room), line: (name) => `BAN ${name} forever` },
];

// forPerson returns what somebody of that level may do with a person in a room: items with label and line.
export function forPerson(room, rights, level, name) {
  const below = rights.levelOf([name]) < level; // nobody puts out who may as much
  return withPeople.filter(({ needs, when }) => level >= needs && below && (!when || when(rights, name, room)))
    .map(({ label, line }) => ({ label, line: line(name) }));
}

// What one may do with a room. right is the rule that a switch sets; asks is what a person has to be asked for.
const withRooms = [
  { label: "Keep the room when it is empty", needs: levels.founder, verb: "KEEP", right: "kept" },
  { label: "Let in only who is invited", needs: levels.operator, verb: "LOCK", right: "locked", when: notLobby },
  { label: "Let only operators and voices speak", needs: levels.operator, verb: "MUTE", right: "muted" },
  { label: "Let only operators set the topic", needs: levels.operator, verb: "TOPIC", right: "topic" },
  {
    label: "Set a key…", needs: levels.operator, verb: "KEY", when: (room, rights) => notLobby(room) && !rights.has("key"),
    asks: { heading: "A key for the room", words: "Who comes in has to give it. Those who are here stay.", label: "Key", yes: "Set the key", no: "Cancel" },
  },
  { label: "Remove the key", needs: levels.operator, verb: "KEY", when: (room, rights) => rights.has("key") },
  {
    label: "Invite…", needs: levels.operator, verb: "INVITE",
    asks: { heading: "Invite somebody", words: "They are told, and may come in once, also where the room is locked or has a key.", label: "Name", yes: "Invite", no: "Cancel" },
  },
  { label: "Erase what was said…", needs: levels.founder, verb: "CLEAR" },
];

// forRoom returns what somebody of that level may do with a room: items with label, line, and on for a switch or asks for a question.
export function forRoom(room, rights, level) {
  return withRooms.filter(({ needs, when }) => level >= needs && (!when || when(room, rights))).map(({ label, verb, right, asks }) => {
    if (asks) return { label, asks, line: verb };
    const on = right && rights.has(right);
    return { label, on, line: on ? `${verb} OFF` : verb };
  });
}

const takes = { op: ["DEOP", levels.founder], voice: ["DEVOICE", levels.operator], ban: ["UNBAN", levels.operator] };
const rules = { kept: "It is kept when it is empty", muted: "Only operators and voices speak", locked: "Only who is invited comes in", key: "It has a key", topic: "Only operators set the topic" };
const bearers = { founder: "is the founder", op: "is an operator", voice: "has a voice", ban: "is banned", invite: "is invited" };

// describe returns what a right says in words, and the line that takes it back if one of that level may: { words, line }.
export function describe({ right, who, until, by, text }, level) {
  const [verb, needs] = takes[right] ?? [];
  const time = until && until !== "forever" ? ` until ${new Date(until).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}` : until && " for ever";
  const words = who ? `${who} ${bearers[right] ?? right}${time}` : (rules[right] ?? right);
  const whose = right === "founder" ? "" : ` (by ${by}${text && `: ${text}`})`;
  return { words: words + whose, line: verb && level >= needs ? `${verb} ${who}` : "" };
}
