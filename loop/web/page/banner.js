// The line above the messages that tells how the connection is.

const downAfter = 4; // attempts that have failed

// Banner shows words in box, and a button that tries again at once.
export class Banner {
  constructor(box, hurry) {
    this.box = box;
    this.words = box.querySelector("span");
    this.button = box.querySelector("button");
    this.button.addEventListener("click", hurry);
  }

  hide() {
    this.box.hidden = true;
    this.words.textContent = "";
  }

  tell(words, canHurry = false) {
    this.box.hidden = false;
    if (this.words.textContent !== words) this.words.textContent = words;
    this.button.hidden = !canHurry;
  }

  // lost tells that there is no connection, and what is done about it.
  lost({ failures, draining }) {
    if (failures > downAfter) this.tell("Server is down, join later once it is up! We keep trying; what you write is kept.", true);
    else if (draining || this.draining) this.tell("The server is shutting down; reconnecting… What you write is kept.", true);
    else this.tell("The connection is lost; reconnecting… What you write is kept.", true);
    this.draining = draining || this.draining;
  }
}
