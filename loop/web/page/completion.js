// What Tab and the list above the input offer for the word before the caret.

import { commands } from "./commands.js";
import { keyOf } from "./names.js";
import { cut } from "./protocol.js";

const mostOffered = 8;

// offersFor returns { from, offers } for what stands before the caret: from is where the word begins, and each offer has text, which replaces the word,
// and help. names and rooms are functions, as they may be long. asked says that the person has asked by Tab: then names are
// offered without an @, too.
export function offersFor(before, { names, rooms, asked }) {
  const from = before.search(/\S*$/);
  const word = before.slice(from);
  const [first] = cut(before, " ");
  if (from === 0 && word.startsWith("/") && !word.startsWith("//")) return { from, offers: commandOffers(word.slice(1)) };
  const command = first.startsWith("/") ? commands.find(({ name }) => name === first.slice(1).toLowerCase()) : undefined;
  const second = from > 0 && before.slice(0, from).trim() === first;
  if (word.startsWith("#") || (second && command?.completes === "rooms")) return { from, offers: wordOffers(word, rooms(), " ") };
  if (second && command?.completes === "names") return { from, offers: wordOffers(word, names(), " ") };
  if (word.startsWith("@")) return { from, offers: wordOffers(word.slice(1), names(), from === 0 ? ": " : " ") };
  if (asked && word) return { from, offers: wordOffers(word, names(), from === 0 ? ": " : " ") };
  return { from, offers: [] };
}

function commandOffers(word) {
  return commands
    .filter(({ name }) => name.startsWith(word.toLowerCase()))
    .slice(0, mostOffered)
    .map(({ name, takes, help }) => ({ label: `/${name}`, takes, help, text: `/${name} ` }));
}

function wordOffers(word, all, end) {
  const wanted = keyOf(word);
  return all
    .filter((name) => keyOf(name).startsWith(wanted))
    .slice(0, mostOffered)
    .map((name) => ({ label: name, takes: "", help: "", text: name + end }));
}
