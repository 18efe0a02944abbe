// The dialog that asks before something is done that can't be undone: then Enter and Escape both mean no, unless one goes to the other button. It also asks
// for words, which Enter gives.

// Ask shows questions in dialog, one after the other.
export class Ask {
  #before = Promise.resolve();

  constructor(dialog, closed) {
    const find = (name) => dialog.querySelector(`#ask-${name}`);
    Object.assign(this, { dialog, closed, heading: find("heading"), words: find("words"), yes: find("yes"), no: find("no") });
    Object.assign(this, { field: find("field"), label: find("label"), input: find("input") });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      dialog.close("yes");
    });
    this.no.addEventListener("click", () => dialog.close("no"));
    this.yes.addEventListener("click", () => dialog.close("yes"));
  }

  // ask resolves to whether the answer is yes. A question has heading, words, yes and no, which are what the buttons say.
  ask(question) {
    return this.#inTurn(() => this.#show(question));
  }

  // askFor asks for words; label is that of the input. It resolves to them, or to "" if the answer is no.
  askFor(question) {
    return this.#inTurn(async () => ((await this.#show(question)) ? this.input.value.trim() : ""));
  }

  #inTurn(show) {
    const answer = this.#before.then(show);
    this.#before = answer;
    return answer;
  }

  #show({ heading, words, yes, no, label = "" }) {
    this.heading.textContent = heading;
    this.words.textContent = words;
    this.yes.textContent = yes;
    this.no.textContent = no;
    this.dialog.returnValue = "no"; // what Escape leaves
    this.dialog.showModal();
    this.field.hidden = label === "";
    this.label.textContent = label;
    this.input.value = "";
    (label ? this.input : this.no).focus();
    return new Promise((answer) => {
      this.dialog.addEventListener("close", () => {
        this.closed();
        answer(this.dialog.returnValue === "yes");
      }, { once: true });
    });
  }
}
