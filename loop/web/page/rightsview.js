// The dialog that tells what holds in a room.

import { describe } from "./rights.js";

// RightsView calls take(line) to take something back, which resolves when it is done, and closed().
export class RightsView {
  constructor(dialog, { take, closed }) {
    const find = (id) => dialog.querySelector(`#rights-${id}`);
    Object.assign(this, { dialog, take, heading: find("heading"), none: find("none"), list: find("list") });
    find("close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", closed);
  }

  get isOpen() {
    return this.dialog.open;
  }

  // show shows the rights of a room to somebody of that level.
  show(room, rights, level) {
    const focused = this.list.contains(document.activeElement);
    this.heading.textContent = `What holds in ${room}`;
    this.none.hidden = rights.list.length > 0;
    this.list.replaceChildren(...rights.list.map((right) => this.#item(describe(right, level))));
    if (!this.dialog.open) this.dialog.showModal();
    else if (focused) (this.list.querySelector("button") ?? this.dialog.querySelector("button")).focus();
  }

  #item({ words, line }) {
    const item = document.createElement("li");
    const said = document.createElement("span");
    said.textContent = words;
    item.append(said);
    if (line) item.append(this.#button(words, line));
    return item;
  }

  #button(words, line) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Take back";
    button.setAttribute("aria-label", `Take back: ${words}`);
    button.onclick = () => {
      button.disabled = true;
      this.take(line);
    };
    return button;
  }
}
