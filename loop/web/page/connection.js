// The WebSocket to the server: one text frame is one line. It is made again when it breaks, to the next server if there are several, and later each time when none could be had.

const firstDelay = 500; // ms
const spread = 2_000; // ms over which pages come that look for another server
const longestDelay = 30_000; // ms
const connectWithin = 10_000; // ms that a connection may take to be made
const quietFor = 5_000; // ms without a word from the server until it is asked whether it is there
const quietWhileHidden = 25_000; // the same, where nobody looks
const doubtAfter = 3_000; // ms without an answer until the person is told
const giveUpAfter = 15_000; // ms without an answer until the connection is given up
const hurryAfter = 1_000; // ms that an attempt has at least

// delayOf is how long to wait in ms before the attempt after that many have failed, of several servers not for long until each was tried once. random is in [0, 1): it keeps a crowd of pages
// from coming back all at once.
export function delayOf(failures, random, servers) {
  if (servers > 1 && failures < servers) return spread * random;
  return Math.min(longestDelay, firstDelay * 2 ** Math.min(Math.floor(failures / servers), 10)) * (0.5 + random / 2);
}

// Connection calls its hooks: opened(), line(text), bytes(ArrayBuffer), and closed({ code, failures, delay }) when the connection is lost or can't be
// made; delay is how many ms it waits until it tries again, or -1 when it does not; and stalled(is), when the server leaves us without an answer, and
// when it speaks again.
export class Connection {
  #socket = null;
  #timer = 0;
  #watch = 0;
  #failures = 0;
  #wanted = false;
  #pings = 0;
  #began = 0; // when the last attempt began, as performance.now() has it
  #stalled = false;

  // heard is when the server last said something, in ms since 1970.
  heard = 0;

  // raw says that the bytes of a file are under way: a line among them would spoil it.
  raw = false;

  // generation counts the connections.
  generation = 0;

  // nodes are the servers to connect to, see Nodes.
  constructor(nodes, hooks) {
    this.nodes = nodes;
    this.hooks = hooks;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.open && !document.hidden && this.#listen());
    // The browser may keep a page that somebody has left, with its connection, in case they go back: nobody would know that they have gone.
    addEventListener("pagehide", () => this.#socket?.close(1000));
    addEventListener("pageshow", ({ persisted }) => persisted && this.hurry());
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  // waiting is how many bytes have not left the browser yet.
  get waiting() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  start() {
    this.#wanted = true;
    if (!this.#socket) this.#connect();
  }

  // stop ends the connection for good, after what has been sent already.
  stop() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
  }

  // drop ends the connection without waiting for the server.
  drop() {
    this.stop();
    this.#lost(this.#socket, 1000);
  }

  // restart breaks the connection off and makes a new one.
  restart() {
    this.#socket?.close(4000);
    this.#lost(this.#socket, 4000);
  }

  // goElsewhere is restart if there is another server to connect to: this one can do nothing just now.
  goElsewhere() {
    if (this.nodes.count > 1) this.restart();
  }

  // hurry tries at once instead of later.
  hurry() {
    if (!this.#wanted || (this.#socket && !this.#isLate(hurryAfter))) return;
    this.#abandon();
    clearTimeout(this.#timer);
    this.#connect();
  }

  // isLate says whether an attempt takes longer than that many ms.
  #isLate(after) {
    return this.#socket?.readyState === WebSocket.CONNECTING && performance.now() - this.#began > after;
  }

  // abandon forgets a connection, or an attempt. The next one is to the next server.
  #abandon() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket && this.#wanted) this.nodes.next();
    socket?.close();
  }

  send(line) {
    this.#socket.send(line);
  }

  #connect() {
    const socket = new WebSocket(this.nodes.socket);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = ({ data }) => this.#received(socket, data);
    socket.onclose = ({ code }) => this.#lost(socket, code);
    this.#socket = socket;
    this.#began = performance.now();
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lost(socket, 4001), connectWithin);
  }

  #opened(socket) {
    if (socket !== this.#socket) return;
    this.heard = Date.now();
    this.generation++;
    this.hooks.opened();
    this.#listen();
  }

  #received(socket, data) {
    if (socket !== this.#socket) return;
    this.heard = Date.now();
    this.#stall(false);
    if (typeof data === "string") {
      this.hooks.line(data);
    } else {
      this.hooks.bytes(data);
    }
  }

  // welcomed says that this connection is a good one: the next failure counts as the first.
  welcomed() {
    this.#failures = 0;
  }

  #lost(socket, code) {
    if (!socket || socket !== this.#socket) return;
    this.#abandon();
    this.raw = false;
    this.#stalled = false;
    clearTimeout(this.#watch);
    let delay = -1;
    if (this.#wanted) {
      delay = delayOf(this.#failures, Math.random(), this.nodes.count);
      this.#failures++;
      this.#timer = setTimeout(() => this.#connect(), delay);
    }
    this.hooks.closed({ code, failures: this.#failures, delay });
  }

  // listen asks a server that has been quiet for long whether it is there, and gives the connection up if it does not answer.
  #listen() {
    clearTimeout(this.#watch);
    const quiet = Date.now() - this.heard;
    const allowed = document.hidden ? quietWhileHidden : quietFor;
    if (quiet < allowed || this.raw) {
      this.#watch = setTimeout(() => this.#listen(), Math.max(1000, allowed - quiet + 10));
      return;
    }
    this.send(`PING alive${++this.#pings}`);
    this.#wait(this.heard, doubtAfter);
  }

  // wait looks after so many ms whether the server has said anything since.
  #wait(before, ms) {
    this.#watch = setTimeout(() => {
      if (this.heard !== before || this.raw) return this.#listen();
      if (ms !== doubtAfter) return this.restart();
      this.#stall(true);
      this.#wait(before, giveUpAfter - doubtAfter);
    }, ms);
  }

  #stall(is) {
    if (is === this.#stalled) return;
    this.#stalled = is;
    this.hooks.stalled(is);
  }
}
