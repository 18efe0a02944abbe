// Names of people and rooms: what makes two of them the same, their colours, and whether a line speaks of someone.

const hues = 18;

// keyOf is the same for names that the server takes for one, as far as a browser can tell.
export function keyOf(name) {
  return name.normalize("NFKC").toLowerCase().normalize("NFC");
}

export function same(a, b) {
  return keyOf(a) === keyOf(b);
}

// hueOf is the number of a colour in the style sheet: 0 to 17, always the same for a name.
export function hueOf(name) {
  let hash = 2166136261;
  for (const character of keyOf(name)) {
    hash = Math.imul(hash ^ character.codePointAt(0), 16777619) >>> 0;
  }
  // Names that differ in one letter would have colours that hardly differ.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % hues;
}

const letter = /[\p{L}\p{N}_]/u;

// mentions says whether text has name as a word of its own.
export function mentions(text, name) {
  if (!name) return false;
  const within = keyOf(text);
  const wanted = keyOf(name);
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + 1)) {
    const before = within.slice(0, at).at(-1) ?? " ";
    const after = within.at(at + wanted.length) ?? " ";
    if (!letter.test(before) && !letter.test(after)) return true;
  }
  return false;
}
