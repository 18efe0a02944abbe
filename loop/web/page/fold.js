// Words as a search compares them: without regard to case, nor to the marks that stand on letters. The server folds them so, too. This module is pure.

const word = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu;
const before = 60; // characters of an excerpt in front of what was found
const longest = 280; // characters of an excerpt

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// wordsIn returns what is looked for: each has text, folded, and begins, which says that what begins so is meant.
export function wordsIn(query) {
  return [...query.matchAll(word)].map(({ 0: found, index }) => ({ text: fold(found), begins: query[index + found.length] === "*" }));
}

// excerpt returns the pieces of a text that show the words: each has text, and is, which says that it is one of them. A long text is cut around the first.
export function excerpt(text, words) {
  const found = [...text.matchAll(word)].filter(([one]) => isOne(fold(one), words)).map(({ 0: one, index }) => ({ from: index, to: index + one.length }));
  const from = text.length > longest && found.length > 0 ? cutAt(text, found[0].from - before) : 0;
  const to = Math.min(text.length, from + longest);
  const pieces = [];
  let at = from;
  for (const { from: begin, to: end } of found.filter((one) => one.to <= to)) {
    pieces.push({ text: text.slice(at, begin), is: false }, { text: text.slice(begin, end), is: true });
    at = end;
  }
  pieces.push({ text: text.slice(at, to) + (to < text.length ? "…" : ""), is: false });
  if (from > 0) pieces.unshift({ text: "…", is: false });
  return pieces.filter(({ text: piece }) => piece !== "");
}

const isOne = (folded, words) => words.some(({ text, begins }) => (begins ? folded.startsWith(text) : folded === text));

// cutAt is the beginning of a word near a place in a text.
function cutAt(text, at) {
  if (at <= 0) return 0;
  return at + Math.max(0, text.slice(at, at + before).search(/(?<=\s)\S/));
}
