// What the page does with all that the server keeps: it puts together going back, searching, saving, and being forgotten.

import { forgetOnDevice } from "./device.js";
import { OwnWords } from "./ownwords.js";
import { Scrollback } from "./scrollback.js";
import { Search } from "./search.js";
import { SearchView } from "./searchview.js";
import { store } from "./theme.js";

const byID = (id) => document.getElementById(id);

// Archive works on the parts of the page: session, chat, log, actions, panels and ask. account is the dialog of one's own name.
export class Archive {
  farewell = ""; // what is said when one has left, in the place of the usual words

  constructor({ session, chat, log, actions, panels, ask, account }) {
    Object.assign(this, { session, chat, panels });
    const complain = (words) => actions.complain(words);
    this.scrollback = new Scrollback({ session, chat, log, complain, recent: (place) => actions.recentBefore(place) });
    chat.memory.erased = (place) => this.scrollback.erased(place);
    chat.memory.known = () => this.#known();
    const search = new Search(session);
    this.searchView = new SearchView(byID("search"), {
      find: (wanted) => search.find(wanted), more: () => search.more(), place: () => chat.places.active, names: () => actions.names(),
      jump: (found) => this.#jump(found), closed: () => panels.show(""),
    });
    this.words = new OwnWords(byID("account-words"), { session, ask, name: () => chat.me, forgotten: (count) => this.#forgotten(count, account) });
    byID("search-button").addEventListener("click", () => (panels.shown === "search" ? panels.show("") : this.search()));
  }

  // search opens the panel, and looks for words if there are any.
  search(words = "") {
    if (this.chat.memory.keeps === false) return this.chat.tell("error", "This server keeps no messages, so there is nothing to look through.");
    this.panels.show("search");
    this.searchView.open(words);
  }

  // entered: another place is looked at.
  entered(place) {
    this.scrollback.entered(place);
    this.searchView.follow();
  }

  // known: the server has said whether it keeps what is said.
  #known() {
    const { keeps } = this.chat.memory;
    byID("search-button").hidden = keeps === false;
    if (keeps === false && this.panels.shown === "search") this.panels.show("");
    this.words.show(keeps);
  }

  #jump(found) {
    if (this.panels.isNarrow) this.panels.show("");
    this.scrollback.jump(found);
  }

  #forgotten(count, account) {
    account.close();
    forgetOnDevice();
    store("own", "");
    this.farewell = `You are forgotten: your account is gone, and so ${count === 1 ? "is 1 message" : `are ${count.toLocaleString("en")} messages`} of yours.`;
    this.session.leave();
  }
}
