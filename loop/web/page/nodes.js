// The servers that are one chat with the one that this page has come from: where the page connects, and where it does so next when that one is gone.

const askEvery = 5 * 60_000; // ms until the list is asked for again
const askWithin = 5_000; // ms that the answer may take
const mostNodes = 32; // of the list; what is behind them is passed over

// Nodes begins with the server that the page has come from. Others count once that one has said that it is one of them: a page that has come by another name would not be let in.
export class Nodes {
  #home = new URL(".", document.baseURI).href;
  #ring = [this.#home]; // the one that counts now is first, the others follow in an order of this page's own
  #isNode = false;
  #asked = -Infinity; // when, as performance.now() has it
  #timer = 0;

  // socket is the address to connect to.
  get socket() {
    return new URL("ws", this.#ring[0]).href.replace(/^http/, "ws");
  }

  // clock is an address at the same server that tells the time.
  get clock() {
    return this.#ring[0] === this.#home ? this.#home : new URL("nodes", this.#ring[0]).href;
  }

  get count() {
    return this.#ring.length;
  }

  // next goes on to the next server, behind the last one to the first.
  next() {
    this.#ring.push(this.#ring.shift());
  }

  // ask asks the server for the list, and again from time to time if there are others.
  async ask() {
    if (performance.now() - this.#asked < askWithin) return;
    this.#asked = performance.now();
    try {
      const answer = await fetch(new URL("nodes", this.#ring[0]), { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(askWithin) });
      if (answer.ok) this.take(await answer.json());
    } catch {
      // The list stays as it is: the server is gone, or none that has one.
    }
    clearTimeout(this.#timer);
    if (this.count > 1) this.#timer = setTimeout(() => this.ask(), askEvery * (0.5 + Math.random() / 2));
  }

  // take takes the list, of origins.
  take(list) {
    if (!Array.isArray(list)) return;
    const origins = list.slice(0, mostNodes).map(originOf).filter(Boolean);
    this.#isNode ||= origins.includes(location.origin);
    if (!this.#isNode) return;
    const [now, ...before] = this.#ring;
    const all = new Set([this.#home, ...origins.filter((origin) => origin !== location.origin).map((origin) => `${origin}/`)]);
    all.delete(now);
    if (before.length === all.size && before.every((url) => all.has(url))) return;
    this.#ring = [now, ...shuffled([...all])];
  }
}

// originOf returns the origin of a server to which this page may connect, or null.
function originOf(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const schemes = location.protocol === "https:" ? ["https:"] : ["http:", "https:"];
  return url && schemes.includes(url.protocol) ? url.origin : null;
}

function shuffled(list) {
  return list.map((item) => ({ item, at: Math.random() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
}
