// The dialog that leads to a room or a person: one types a part of the name.

import { keyOf } from "./names.js";

const mostShown = 30;

// GoTo shows targets in a listbox below an input. A target has label, about, and go().
export class GoTo {
  #targets = [];
  #chosen = 0;

  // targets(words) returns what there is for what was typed, the best first.
  constructor({ dialog, input, list }, targets) {
    Object.assign(this, { dialog, input, list, targets });
    input.addEventListener("input", () => this.refresh(true));
    input.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  get isOpen() {
    return this.dialog.open;
  }

  open() {
    this.input.value = "";
    if (!this.dialog.open) this.dialog.showModal();
    this.input.focus();
    this.refresh(true);
  }

  // refresh shows the targets again: more may have come.
  refresh(fromTop) {
    if (!this.isOpen) return;
    this.#targets = this.targets(this.input.value.trim()).slice(0, mostShown);
    this.#chosen = fromTop ? 0 : Math.min(this.#chosen, Math.max(0, this.#targets.length - 1));
    this.#draw();
  }

  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (steps && this.#targets.length > 0) {
      this.#chosen = (this.#chosen + steps + this.#targets.length) % this.#targets.length;
      this.#draw();
    } else if (event.key === "Enter") {
      this.#go(this.#targets[this.#chosen]);
    } else {
      return;
    }
    event.preventDefault();
  }

  #go(target) {
    if (!target) return;
    this.dialog.close();
    target.go();
  }

  #draw() {
    this.list.replaceChildren(...this.#targets.map((target, at) => this.#option(target, at)));
    this.input.setAttribute("aria-activedescendant", this.#targets.length > 0 ? `target${this.#chosen}` : "");
    this.list.children[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }

  #option(target, at) {
    const option = document.createElement("li");
    option.id = `target${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(at === this.#chosen));
    const label = document.createElement("span");
    label.className = "label";
    label.textContent = target.label;
    const about = document.createElement("span");
    about.className = "about";
    about.textContent = target.about;
    option.append(label, about);
    option.onclick = () => this.#go(target);
    return option;
  }
}

// matching returns the targets whose label has the words in it; those that begin with them come first.
export function matching(targets, words) {
  const wanted = keyOf(words);
  const rank = (target) => {
    const label = keyOf(target.label);
    if (label.startsWith(wanted) || label.startsWith(`#${wanted}`)) return 0;
    return label.includes(wanted) ? 1 : 2;
  };
  return targets.map((target) => ({ target, rank: rank(target) })).filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank).map(({ target }) => target);
}
