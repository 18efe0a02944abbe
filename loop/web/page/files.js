// Files that one sends and fetches. Both go over the one connection, one file at a time.

import { saveAs } from "./save.js";

const piece = 64 << 10; // bytes in one frame
const mostWaiting = 1 << 20; // bytes that the browser may hold for the network
const pollEvery = 20; // ms
const stuckAfter = 60_000; // ms without progress until the connection is given up
const mostAttempts = 3;
const refusals = new Set(["files-off", "file-too-large", "file-failed", "file-away", "busy", "bad-argument", "shunned", "need-line-door", "no-such-file"]);

// Transfers has all that are under way or wait. Its hooks: changed(transfer), announce(transfer) when one that was sent is kept, and failed(transfer, words).
export class Transfers {
  #queue = [];
  #current = null;
  #parts = [];
  #cancelled = new WeakSet();

  constructor(session, hooks) {
    this.session = session;
    this.hooks = hooks;
  }

  get busy() {
    return this.#current !== null;
  }

  // upload sends a File. It is told of in place when the server has kept it.
  upload(file, place) {
    const name = cleanName(file.name);
    this.#add({ up: true, file, name, size: file.size, place });
  }

  // download fetches the newest file of that name and has the browser save it.
  download(name) {
    this.#add({ up: false, name, size: 0, announced: false });
  }

  // cancel gives a transfer up. One that is under way can only be ended with its connection.
  cancel(transfer) {
    this.#cancelled.add(transfer);
    if (transfer !== this.#current) {
      this.#queue = this.#queue.filter((other) => other !== transfer);
      this.#done(transfer, "cancelled");
      return;
    }
    this.session.connection.restart();
  }

  #add(fields) {
    const transfer = { done: 0, state: "waiting", attempts: 0, ...fields };
    this.#queue.push(transfer);
    this.hooks.changed(transfer);
    this.next();
  }

  // next begins with the next one, if it can.
  next() {
    if (this.#current || this.session.state !== "ready" || this.#queue.length === 0) return;
    this.#current = this.#queue.shift();
    this.#current.state = "running";
    this.#current.done = 0;
    this.#current.attempts++;
    this.#parts = [];
    if (this.#current.up) this.#send(this.#current);
    else this.session.ask(`GET ${this.#current.name}`);
    this.hooks.changed(this.#current);
  }

  // lost says that the connection is gone: what was under way begins again on the next one, some times.
  lost() {
    const transfer = this.#current;
    if (!transfer) return;
    this.#current = null;
    if (this.#cancelled.has(transfer)) {
      this.#done(transfer, "cancelled");
    } else if (transfer.attempts < mostAttempts) {
      transfer.state = "waiting";
      this.#queue.unshift(transfer);
      this.hooks.changed(transfer);
    } else {
      this.#fail(transfer, "the connection broke too often");
    }
  }

  // handle takes the events that are about files.
  handle(event) {
    const transfer = this.#current;
    if (!transfer) return false;
    if (event.kind === "sent" && transfer.up) return this.#kept(transfer, event);
    if (event.kind === "file" && !transfer.up) return this.#begin(transfer, event);
    if (event.kind === "refused" && refusals.has(event.code)) return this.#fail(transfer, event.text || event.code);
    return false;
  }

  async #send(transfer) {
    const { connection, outbox } = this.session;
    const generation = connection.generation;
    const here = () => connection.open && connection.generation === generation;
    outbox.held = true;
    connection.raw = true;
    connection.send(`SEND ${transfer.size} ${transfer.name}`);
    try {
      for (let from = 0; from < transfer.size && here(); from += piece) {
        const data = await transfer.file.slice(from, from + piece).arrayBuffer();
        await this.#room(here);
        if (!here()) return;
        connection.send(data);
        transfer.done = from + data.byteLength;
        this.hooks.changed(transfer);
      }
    } catch (error) {
      this.#unreadable(transfer, error);
    }
    if (!here()) return;
    connection.raw = false;
    outbox.release();
  }

  // unreadable ends an upload whose file can't be read to its end. The server waits for the rest, so the connection can't be used any more.
  #unreadable(transfer, error) {
    this.#current = null;
    this.#fail(transfer, `it can't be read: ${error.message}`);
    this.session.connection.restart();
  }

  // room waits until the browser holds little enough.
  async #room(here) {
    const { connection } = this.session;
    let waiting = connection.waiting;
    let since = Date.now();
    while (here() && connection.waiting > mostWaiting) {
      await new Promise((resume) => setTimeout(resume, pollEvery));
      if (connection.waiting !== waiting) since = Date.now();
      waiting = connection.waiting;
      if (Date.now() - since > stuckAfter) connection.restart();
    }
  }

  #kept(transfer, event) {
    transfer.name = event.name;
    this.#done(transfer, "done");
    this.hooks.announce(transfer);
    return true;
  }

  #begin(transfer, event) {
    transfer.size = event.size;
    transfer.name = event.name;
    transfer.announced = true;
    if (event.size === 0) this.#save(transfer);
    return true;
  }

  // bytes takes the bytes of the file that is being fetched: as many as the server has said, and no more.
  bytes(data) {
    const transfer = this.#current;
    if (!transfer?.announced) return;
    this.#parts.push(data);
    transfer.done += data.byteLength;
    this.hooks.changed(transfer);
    if (transfer.done >= transfer.size) this.#save(transfer);
  }

  #save(transfer) {
    saveAs(transfer.name, this.#parts);
    this.#parts = [];
    this.#done(transfer, "done");
  }

  #done(transfer, state) {
    transfer.state = state;
    if (this.#current === transfer) this.#current = null;
    this.hooks.changed(transfer);
    this.next();
  }

  #fail(transfer, words) {
    this.#done(transfer, "failed");
    this.hooks.failed(transfer, words);
    return true;
  }
}

// cleanName is a name that fits a line and the server's limit of 255 bytes.
function cleanName(name) {
  let clean = name.replace(/[\p{Cc}\u2028\u2029]/gu, " ").trim() || "file";
  while (new TextEncoder().encode(clean).length > 255) clean = [...clean].slice(1).join("");
  return clean;
}

const units = ["B", "KiB", "MiB", "GiB"];

// sizeText is a number of bytes for people.
export function sizeText(bytes) {
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${unit === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}
