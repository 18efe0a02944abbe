// What can be seen of a name or a password before the server is asked. The server knows more: what passes here it may still refuse. This module is pure, and knows the server's limits.

import { passwordFrom } from "./limits.js";

const longestName = 32; // characters
const passwordTo = 128;

// Each says why something is no name. They are tried in this order.
const names = [
  [/\s/u, "A name has no spaces."],
  [/^[<>#/!*=~&@%+$:-]/, "A name can't begin with one of < > # / ! * = ~ & @ % + $ - :."],
  [/[!@,*?]|:(?!\d+$)/, "A name can't have one of ! @ , * ? :."],
  [/\(away\)$/i, "A name can't end in (away)."],
  [/^\d{1,3}(\.\d{1,3}){3}([:/]\d+)?$|^\[?[\da-f]*:[\da-f:.]*:[\da-f:.]*\]?([:/]\d+)?$|^(guest|local|unix):\d+$/i, "A name can't look like an address."],
  [/[\p{So}\p{Sm}\p{Cn}\p{Cs}\p{Co}](?<![\x21-\x7e])/u, "A name has letters, digits and punctuation."],
];

// nameTrouble says what is wrong with a name, or "". Nothing at all is no mistake yet.
export function nameTrouble(name) {
  if ([...name].length > longestName) return `A name has at most ${longestName} characters.`;
  return names.find(([pattern]) => pattern.test(name))?.[1] ?? "";
}

// passwordTrouble says what is wrong with a password that is new, or "".
export function passwordTrouble(password) {
  const { length } = [...password];
  if (length === 0) return "";
  if (length < passwordFrom) return `At least ${passwordFrom} characters: ${passwordFrom - length} more.`;
  return length > passwordTo ? `At most ${passwordTo} characters: ${length - passwordTo} fewer.` : "";
}
