// What the server keeps of what is said. This module knows of no page.

const elsewhere = "What was said here before is on your other devices";

// ServerMemory says of the places of a Chat whether there is more than what is shown of them.
export class ServerMemory {
  keeps = null; // whether it is all that was said, for as long as the server keeps anything; null: nobody has asked yet
  #letters = false; // conversations as well

  // known is replaced by who shows what can be done with what the server keeps.
  known = () => {};

  // erased is replaced by who shows a place whose messages are gone.
  erased = () => {};

  constructor(chat) {
    this.chat = chat;
  }

  // learnt says whether the server keeps what is said to rooms, and in conversations.
  learnt(keeps, letters) {
    this.keeps = keeps;
    this.#letters = keeps && letters;
    for (const place of this.chat.places) {
      if (place.isElsewhere) this.isElsewhere(place);
      this.reckon(place);
      place.history.changed(null);
    }
    this.known();
  }

  // lost says that the connection is gone; the next one may be to a server that does otherwise.
  lost() {
    this.keeps = null;
  }

  // reckon says whether there may be more in front of what is shown.
  reckon(place) {
    const { history } = place;
    if (!this.keeps) history.more = place.mayHaveMore;
    else history.more = !history.begun && (place.isRoom ? history.entries.some(({ recalled }) => recalled) : this.#letters);
  }

  // isElsewhere is for a conversation of which nothing is shown, but something is unread.
  isElsewhere(place) {
    place.isElsewhere = this.keeps === null;
    if (this.keeps === false) this.chat.notice(place, elsewhere);
  }

  // cleared: all that was said in a room is erased.
  cleared(place, text) {
    if (!place) return;
    place.history.erase();
    place.unread = place.mentions = 0;
    place.mark = "";
    this.erased(place);
    this.chat.notice(place, text);
    this.chat.changed("places");
  }

  // begins takes the last messages of a place of which nothing is shown but what has no id.
  begins(place, messages) {
    const { said } = place.history.merge(messages, { earlier: true });
    for (const entry of said) this.chat.said(entry);
    place.history.changed(null);
    if (this.chat.isLookedAt(place)) this.chat.looked(place);
  }
}
