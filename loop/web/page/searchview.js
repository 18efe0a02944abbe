// The panel in which one looks for words in what has been said.

import { momentText, toOurs } from "./clock.js";
import { excerpt, wordsIn } from "./fold.js";
import { hueOf } from "./names.js";

const most = 500; // messages that are shown

// SearchView works on the form and the list in panel. Its hooks: find(wanted) and more(), which are those of Search; place(), which is where one is; names(), whom one may want to name;
// jump(found) when a message is chosen; and closed().
export class SearchView {
  #words = []; // that are marked
  #hasMore = false;

  constructor(panel, hooks) {
    const find = (id) => panel.querySelector(`#search-${id}`);
    this.hooks = hooks;
    Object.assign(this, { panel, input: find("input"), where: find("where"), by: find("by"), names: find("names") });
    Object.assign(this, { status: find("status"), list: find("list"), more: find("more") });
    find("form").addEventListener("submit", (event) => this.#submit(event));
    this.where.addEventListener("change", () => this.list.children.length > 0 && this.#find());
    this.more.addEventListener("click", () => this.#more());
    panel.addEventListener("keydown", (event) => this.#key(event));
  }

  // open shows the panel for a search in the place that is looked at. words are looked for at once.
  open(words = "") {
    this.follow();
    if (words) this.input.value = words;
    this.input.focus();
    this.input.select();
    if (words) this.#find();
  }

  // follow offers the place that is looked at.
  follow() {
    const name = this.hooks.place()?.name ?? "";
    const [here, everywhere] = this.where.options;
    here.textContent = name ? `In ${name}` : "Here";
    here.disabled = !name;
    if (!name) everywhere.selected = true;
    this.names.replaceChildren(...this.hooks.names().map((one) => new Option("", one)));
  }

  #submit(event) {
    event.preventDefault();
    this.#find();
  }

  #find() {
    const words = this.input.value.trim();
    this.#words = wordsIn(words);
    this.#show([], false);
    if (this.#words.length === 0) return this.#tell(words ? "Give a word with letters or digits." : "");
    const place = this.where.value === "here" ? (this.hooks.place()?.name ?? "") : "";
    this.#take(this.hooks.find({ words, place, by: this.by.value.trim().split(/\s+/)[0] }));
  }

  async #more() {
    const at = this.list.children.length;
    await this.#take(this.hooks.more());
    this.list.children[at]?.firstChild.focus();
  }

  // take shows an answer when it is there, unless something else is looked for by then.
  async #take(answer) {
    this.#tell("Looking…");
    this.more.disabled = true;
    const page = await answer;
    if (!page) return;
    this.more.disabled = false;
    this.#show([...this.list.children, ...page.found.map((found) => this.#item(found))], page.more);
    this.#tell(page.trouble || this.#summary());
  }

  #show(items, more) {
    this.list.replaceChildren(...items.slice(0, most));
    this.#hasMore = more;
    this.more.hidden = !more || items.length >= most;
  }

  #summary() {
    const { length } = this.list.children;
    if (length === 0) return this.#hasMore ? "Nothing found so far." : "Nothing found.";
    const count = length === 1 ? "1 message" : `${length} messages`;
    if (length >= most) return `${count}; more words find fewer.`;
    return this.#hasMore ? `${count} so far, the newest first.` : `${count}, the newest first.`;
  }

  #tell(words) {
    this.status.textContent = words;
  }

  #item(found) {
    const { place, time, message } = found;
    const button = document.createElement("button");
    button.type = "button";
    const words = part("p", "words", "");
    words.dir = "auto";
    for (const { text, is } of excerpt(message.text, this.#words)) words.append(is ? part("mark", "", text) : text);
    const name = part("span", "name", message.name);
    name.dataset.hue = hueOf(message.name);
    const about = part("p", "about", "");
    about.append(name, ` ${place.startsWith("#") ? "in" : "with"} ${place}, ${momentText(toOurs(time))}`);
    button.append(about, words);
    button.onclick = () => this.#choose(button, found);
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  #choose(button, found) {
    this.list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    this.hooks.jump(found);
  }

  // key goes from one message to the next, and from the input to the first.
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.hooks.closed();
    else if (!step || event.altKey || event.target === this.where || event.target === this.by || !this.#go(step)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #go(step) {
    const stops = [this.input, ...this.list.querySelectorAll("button")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    next?.focus();
    return Boolean(next);
  }
}

function part(kind, name, text) {
  const element = document.createElement(kind);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
