// The line above the input that tells how many messages are still to be sent, and takes them back.

const few = 10; // messages that need no word

// Backlog shows the count in box. cancel() is called by its button.
export class Backlog {
  constructor(box, cancel) {
    this.box = box;
    this.words = box.querySelector("span");
    box.querySelector("button").addEventListener("click", cancel);
  }

  show(count) {
    this.box.hidden = count <= few;
    this.words.textContent = this.box.hidden ? "" : `${count.toLocaleString("en")} messages are still to be sent`;
  }
}
