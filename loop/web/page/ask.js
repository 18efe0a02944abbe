// The dialog that asks before something is done that can't be undone. Enter and Escape both mean no, unless one goes to the other button.

// Ask shows questions in dialog, one after the other.
export class Ask {
  #before = Promise.resolve();

  constructor(dialog, closed) {
    const find = (name) => dialog.querySelector(`#ask-${name}`);
    Object.assign(this, { dialog, closed, heading: find("heading"), words: find("words"), yes: find("yes"), no: find("no") });
    this.no.addEventListener("click", () => dialog.close("no"));
    this.yes.addEventListener("click", () => dialog.close("yes"));
  }

  // ask resolves to whether the answer is yes. A question has heading, words, yes and no, which are what the buttons say.
  ask(question) {
    const answer = this.#before.then(() => this.#show(question));
    this.#before = answer;
    return answer;
  }

  #show({ heading, words, yes, no }) {
    this.heading.textContent = heading;
    this.words.textContent = words;
    this.yes.textContent = yes;
    this.no.textContent = no;
    this.dialog.returnValue = "no"; // what Escape leaves
    this.dialog.showModal();
    this.no.focus();
    return new Promise((answer) => {
      this.dialog.addEventListener("close", () => {
        this.closed();
        answer(this.dialog.returnValue === "yes");
      }, { once: true });
    });
  }
}
