// The input: its completion, its history, and what is pasted into it.

import { offersFor } from "./completion.js";
import { isSecret } from "./secrets.js";

const mostRemembered = 200;

// Composer works on a textarea and a listbox of offers. Its hooks: submit(text), names(), rooms(), paste(files), page(direction), escape(), typed().
export class Composer {
  #offers = [];
  #from = 0;
  #chosen = -1;
  #said = [];
  #at = 0; // in said; its length: the line that is being typed
  #typed = "";
  #shift = false;
  #entered = false; // a key has said Enter, and what comes of it was done

  constructor({ form, input, list }, hooks) {
    Object.assign(this, { form, input, list, hooks });
    form.addEventListener("submit", (event) => this.#submit(event));
    input.addEventListener("input", () => this.#changed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("beforeinput", (event) => this.#lineBreak(event));
    input.addEventListener("blur", () => this.#close());
    input.addEventListener("paste", (event) => this.#paste(event));
  }

  get text() {
    return this.input.value;
  }

  // set writes text into the input, with the caret behind it or where it is told.
  set(text, caret = text.length) {
    this.input.value = text;
    this.input.setSelectionRange(caret, caret);
    this.#grow();
    this.#close();
  }

  // insert puts words where the caret is.
  insert(words) {
    this.input.setRangeText(words, this.input.selectionStart, this.input.selectionEnd, "end");
    this.#grow();
    this.focus();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  #submit(event) {
    event.preventDefault();
    const text = this.input.value;
    if (text.trim() === "") return;
    if (!text.split("\n").some(isSecret)) this.#said.push(text);
    if (this.#said.length > mostRemembered) this.#said.shift();
    this.#at = this.#said.length;
    this.set("");
    this.hooks.submit(text);
  }

  #changed() {
    this.#grow();
    this.#offer(false);
    this.hooks.typed();
  }

  // grow makes the input as high as its lines, up to what the style sheet allows.
  #grow() {
    this.input.rows = Math.min(8, this.input.value.split("\n").length);
  }

  #key(event) {
    if (event.isComposing) return;
    this.#shift = event.shiftKey;
    this.#entered = false;
    const handler = this.#keys[event.key];
    if (handler && !event.altKey && !event.ctrlKey && !event.metaKey && handler.call(this, event)) event.preventDefault();
  }

  // lineBreak has a phone's keyboard send, too: many of them tell of no key.
  #lineBreak(event) {
    if (this.#shift || (event.inputType !== "insertLineBreak" && event.inputType !== "insertParagraph")) return;
    event.preventDefault();
    if (!this.#entered) this.form.requestSubmit();
    this.#entered = false;
  }

  // Each says whether it has taken the key.
  #keys = {
    Enter(event) {
      if (event.shiftKey) return false;
      this.#entered = true;
      if (this.#chosen >= 0) return this.#take();
      this.form.requestSubmit();
      return true;
    },
    Tab(event) {
      if (event.shiftKey) return false;
      if (this.#offers.length === 0) this.#offer(true);
      if (this.#offers.length === 0) return false;
      this.#chosen = Math.max(0, this.#chosen);
      return this.#take();
    },
    ArrowUp() {
      return this.#offers.length > 0 ? this.#choose(-1) : this.#remember(-1);
    },
    ArrowDown() {
      return this.#offers.length > 0 ? this.#choose(1) : this.#remember(1);
    },
    PageUp() {
      this.hooks.page(-1);
      return true;
    },
    PageDown() {
      this.hooks.page(1);
      return true;
    },
    Escape(event) {
      event.stopPropagation();
      if (this.#offers.length > 0) this.#close();
      else this.hooks.escape();
      return true;
    },
  };

  // remember goes through what was said before, where the caret can't go further in the text itself.
  #remember(by) {
    const { value, selectionStart } = this.input;
    const beyond = by < 0 ? value.slice(0, selectionStart).includes("\n") : value.slice(selectionStart).includes("\n");
    const to = this.#at + by;
    if (beyond || to < 0 || to > this.#said.length) return false;
    if (this.#at === this.#said.length) this.#typed = value;
    this.#at = to;
    this.set(to === this.#said.length ? this.#typed : this.#said[to]);
    return true;
  }

  #offer(asked) {
    const before = this.input.value.slice(0, this.input.selectionStart);
    const { from, offers } = offersFor(before, { names: this.hooks.names, rooms: this.hooks.rooms, asked });
    this.#from = from;
    this.#offers = offers;
    this.#chosen = -1;
    this.#draw();
  }

  #choose(by) {
    this.#chosen = (this.#chosen + by + this.#offers.length + (this.#chosen < 0 && by < 0 ? 1 : 0)) % this.#offers.length;
    this.#draw();
    return true;
  }

  #take() {
    const offer = this.#offers[this.#chosen];
    this.input.setRangeText(offer.text, this.#from, this.input.selectionStart, "end");
    this.#close();
    return true;
  }

  #close() {
    this.#offers = [];
    this.#chosen = -1;
    this.#draw();
  }

  #draw() {
    this.list.replaceChildren(...this.#offers.map((offer, at) => this.#option(offer, at)));
    this.list.hidden = this.#offers.length === 0;
    if (this.#chosen >= 0) this.input.setAttribute("aria-activedescendant", `offer${this.#chosen}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #option(offer, at) {
    const option = document.createElement("li");
    option.id = `offer${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(at === this.#chosen));
    option.append(part("label", offer.label), part("takes", offer.takes), part("about", offer.help));
    // Not click: the input would lose the focus first, and the list would be gone.
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#chosen = at;
      this.#take();
    });
    return option;
  }

  #paste(event) {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    this.hooks.paste(files);
  }
}

function part(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
