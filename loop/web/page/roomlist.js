// The rooms of the server, as ROOMS tells them line by line.

export class RoomList {
  rooms = [];
  #coming = null;
  #left = 0;

  // begin takes the first line, and add each further one. They return whether the list is whole.
  begin({ count }) {
    this.#coming = [];
    this.#left = count;
    return this.#isWhole();
  }

  add({ name, count, text }) {
    if (!this.#coming) return false;
    this.#coming.push({ name, count, topic: text });
    this.#left--;
    return this.#isWhole();
  }

  // lost says that no more lines come.
  lost() {
    this.#coming = null;
  }

  #isWhole() {
    if (this.#left > 0) return false;
    this.rooms = this.#coming;
    this.#coming = null;
    return true;
  }
}
