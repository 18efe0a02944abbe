// Looks for words in what has been said. This module knows of no page.

import { whole } from "./lines.js";
import { refusalText } from "./wording.js";

const pageSize = 20; // messages that are told at once
const quote = /["“”„]/g;

// searchLine is what asks the server. What is looked for has words, place and by, which are names or "". The last number and what stands behind in, by and before are no words for
// the server, but in front of a quote everything is one, and so is what stands alone behind it.
export function searchLine({ words, place, by }, before = "") {
  const [last, ...front] = words.replace(quote, " ").trim().split(/\s+/).reverse();
  const within = `${place && ` in ${place}`}${by && ` by ${by}`}${before && ` before ${before}`}`;
  return `/search ${[...front.reverse(), '""', last].join(" ")}${within} ${pageSize}`;
}

// Search asks through session, page by page.
export class Search {
  #wanted = null;
  #last = ""; // the id of the oldest message that was found

  constructor(session) {
    this.session = session;
  }

  // find looks for something else. It resolves to { found, more, trouble }: the events of messages, the newest first; whether there may be more; and why there are none, or "".
  // What is given up for another search resolves to null.
  find(wanted) {
    this.#wanted = wanted;
    this.#last = "";
    return this.more();
  }

  // more goes on where the last page has ended.
  async more() {
    const wanted = this.#wanted;
    const { answers, refused } = await this.session.request(searchLine(wanted, this.#last), ["searched", "found"]);
    if (wanted !== this.#wanted) return null;
    const found = whole(answers.filter(({ kind, message }) => kind === "found" && message.id));
    this.#last = found.at(-1)?.message.id ?? this.#last;
    return { found, more: answers.some(({ kind, more }) => kind === "searched" && more), trouble: refused ? troubleText(refused) : "" };
  }
}

const troubles = new Map([
  ["history-off", "This server keeps no messages, so there is nothing to look through."],
  ["unknown-command", "This server can't look through messages."],
  ["bad-argument", "Give a word with letters or digits."],
  ["lost", "There is no connection just now."],
]);

const troubleText = (refused) => troubles.get(refused.code) ?? refusalText(refused);
