// Where the dialog can lead: rooms one is in, conversations, rooms of the server, people, and a room that is yet to be made.

import { matching } from "./goto.js";
import { same } from "./names.js";

// targetsFor returns the targets for what was typed, the best first.
export function targetsFor(actions, chat, words) {
  const { places } = chat;
  const open = places.all().filter((place) => place !== places.active || words).map((place) => ({
    label: place.name, about: place.unread > 0 ? `${place.unread} unread` : place.topic, go: () => actions.go(place),
  }));
  const rooms = chat.roomList.rooms.filter(({ name }) => !places.room(name)).map(({ name, count, topic }) => ({
    label: name, about: `${count.toLocaleString("en")} here${topic ? ` · ${topic}` : ""}`, go: () => actions.join(name),
  }));
  const people = words ? others(chat).map((name) => ({ label: name, about: "talk alone", go: () => actions.message(name, "") })) : [];
  return [...matching([...open, ...rooms, ...people], words), ...newRoom(actions, chat, words)];
}

// others are the members of the active room with whom there is no conversation yet.
function others({ places, me }) {
  const users = places.active?.isRoom ? places.active.users.sorted() : [];
  return users.map(({ name }) => name).filter((name) => !same(name, me) && !places.person(name));
}

function newRoom(actions, chat, words) {
  const name = words.startsWith("#") ? words : `#${words}`;
  const known = chat.places.room(name) || chat.roomList.rooms.some((room) => same(room.name, name));
  if (name === "#" || /\s/.test(words) || known) return [];
  return [{ label: name, about: "make this room", go: () => actions.join(name) }];
}
