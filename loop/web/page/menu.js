// A menu that opens beside what it is about: a name, or a room.

const margin = 8; // px to the edges of the window

// Menu shows items in box, which is a popover. An item has label, does(), and, if it is a switch, on.
export class Menu {
  #anchor = null;

  constructor(box) {
    this.box = box;
    addEventListener("resize", () => this.isOpen && this.#place(this.#anchor.getBoundingClientRect()));
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("toggle", ({ newState }) => newState === "closed" && this.#anchor?.setAttribute("aria-expanded", "false"));
  }

  get isOpen() {
    return this.box.matches(":popover-open");
  }

  // open shows the items beside an element, from which it has been opened. Opened again, it shows others in their place.
  open(anchor, label, items) {
    const at = this.isOpen ? [...this.box.children].indexOf(document.activeElement) : 0;
    this.#anchor = anchor;
    this.box.setAttribute("aria-label", label);
    this.box.replaceChildren(...items.map((item) => this.#item(item)));
    if (!this.isOpen) this.box.showPopover();
    anchor.setAttribute("aria-haspopup", "menu");
    anchor.setAttribute("aria-expanded", "true");
    this.#place(anchor.getBoundingClientRect());
    (this.box.children[at] ?? this.box.firstElementChild)?.focus();
  }

  // place puts the menu below, or where there is no room, above.
  #place(at) {
    const { offsetWidth, offsetHeight } = this.box;
    const below = at.bottom + offsetHeight + margin < innerHeight;
    const top = below ? at.bottom + 4 : Math.max(margin, at.top - offsetHeight - 4);
    this.box.style.left = `${Math.max(margin, Math.min(at.left, innerWidth - offsetWidth - margin))}px`;
    this.box.style.top = `${top}px`;
  }

  #item({ label, on, does }) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.setAttribute("role", on === undefined ? "menuitem" : "menuitemcheckbox");
    if (on !== undefined) button.setAttribute("aria-checked", String(on));
    button.textContent = label;
    button.onclick = () => {
      this.box.hidePopover();
      this.#anchor?.focus();
      does();
    };
    return button;
  }

  #key(event) {
    const items = [...this.box.children];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    event.stopPropagation(); // none of these is for the page
    if (event.key === "Escape" || event.key === "Tab") this.#close();
    else if (to !== undefined) items[(to + items.length) % items.length].focus();
    else if (event.key.length === 1 && event.key !== " ") this.#find(items, at, event.key);
    else return;
    event.preventDefault();
  }

  #close() {
    this.box.hidePopover();
    this.#anchor?.focus();
  }

  // find goes to the next item that begins with a letter.
  #find(items, at, letter) {
    const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    order.find(({ textContent }) => textContent.toLowerCase().startsWith(letter.toLowerCase()))?.focus();
  }
}
