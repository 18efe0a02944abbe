// Fetches all that one has said, page by page, as lines of JSON.

import { whole } from "./lines.js";

const pageSize = 500; // messages of a page, the most that the server tells at once
const pause = 1_000; // ms until a server is asked again that has too much to do
const attempts = 10; // of a page
const again = new Set(["busy", "history-failed", "lost"]);

// lineOf is one message as a line of the file. place is the room, or the user to whom it was said alone.
export function lineOf({ place, time, message: { id, kind, name, text } }) {
  return `${JSON.stringify({ id, time: new Date(time).toISOString(), place, kind: kind === "acted" ? "action" : "text", name, text })}\n`;
}

// Export asks through session; counted(count) is called whenever so many messages are there.
export class Export {
  #cancelled = false;

  constructor(session, counted) {
    this.session = session;
    this.counted = counted;
  }

  cancel() {
    this.#cancelled = true;
  }

  // run resolves to { parts, count, refused }: the lines as blobs, which a browser may keep on its disk; refused is why not all of them are there, or null. It
  // resolves to null if it was cancelled.
  async run() {
    const parts = [];
    let count = 0;
    for (let last = ""; ; ) {
      const { found, more, refused } = await this.#page(last);
      if (this.#cancelled) return null;
      if (refused) return { parts, count, refused };
      parts.push(new Blob(found.map(lineOf)));
      count += found.length;
      this.counted(count);
      last = found.at(-1)?.message.id ?? "";
      if (!more || !last) return { parts, count, refused: null };
    }
  }

  // page asks for one page, again if need be: a connection that is lost comes back.
  async #page(last) {
    for (let attempt = 1; ; attempt++) {
      const { answers, refused } = await this.session.request(`/export ${last && `after ${last} `}${pageSize}`, ["exported", "found"]);
      if (refused && again.has(refused.code) && attempt < attempts && !this.#cancelled) {
        await new Promise((resume) => setTimeout(resume, pause));
        continue;
      }
      return { found: whole(answers.filter(({ kind }) => kind === "found")), more: answers.some(({ kind, more }) => kind === "exported" && more), refused };
    }
  }
}
