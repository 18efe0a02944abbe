// Commands whose answer is for the part of the page that has asked, and not for the messages. A PING in front and one behind tell which lines are
// answers: the server answers in order.

// Those are told to everybody, whatever they have asked.
const unasked = new Set(["flood", "skipped", "closing", "logged-in-elsewhere", "kicked", "banned", "put-out", "logged-out", "waiting", "goes-on"]);

// Requests sends through send(lines).
export class Requests {
  #waiting = []; // in the order in which they were sent; as many as a person opens dialogs
  #count = 0;

  constructor(send) {
    this.send = send;
  }

  // ask sends lines, and resolves to { answers, refused }: the answers that are of these kinds, and the first refusal or null. A connection that is lost
  // refuses with the code "lost".
  ask(lines, kinds = []) {
    const token = `asked${++this.#count}`;
    const { promise, resolve } = Promise.withResolvers();
    this.#waiting.push({ token, kinds, resolve, begun: false, answers: [], refused: null });
    for (const line of [`PING ${token}-`, ...lines, `PING ${token}`]) this.send(line);
    return promise;
  }

  // takes says whether an event was an answer to one of them.
  takes(event) {
    const [first] = this.#waiting;
    if (!first) return false;
    if (event.kind === "pong") return this.#fence(first, event.token);
    if (!first.begun) return false;
    if (event.kind === "refused" && !unasked.has(event.code)) first.refused ??= event;
    else if (first.kinds.includes(event.kind)) first.answers.push(event);
    else return false;
    return true;
  }

  #fence(first, token) {
    if (token === `${first.token}-`) first.begun = true;
    else if (token === first.token) this.#waiting.shift().resolve({ answers: first.answers, refused: first.refused });
    else return false;
    return true;
  }

  // lost says that no more answers come.
  lost() {
    const refused = { kind: "refused", code: "lost", text: "there is no connection just now" };
    for (const { resolve } of this.#waiting.splice(0)) resolve({ answers: [], refused });
  }
}
