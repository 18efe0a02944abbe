// The part of one's own dialog that is about what one has said: it saves all of it in a file, and has it forgotten.

import { Export } from "./export.js";
import { same } from "./names.js";
import { saveAs } from "./save.js";
import { refusalText } from "./wording.js";

// OwnWords works on section, for who has an account in session. ask is the dialog of questions; name() is what one is called; forgotten(count) is called when the server has forgotten all.
export class OwnWords {
  #export = null;

  constructor(section, { session, ask, name, forgotten }) {
    const find = (id) => section.querySelector(`#words-${id}`);
    Object.assign(this, { section, session, ask, name, forgotten });
    Object.assign(this, { save: find("save"), stop: find("cancel"), bar: find("progress"), status: find("status") });
    this.save.addEventListener("click", () => this.#run());
    this.stop.addEventListener("click", () => this.#cancel());
    find("forget").addEventListener("click", () => this.#forget());
  }

  // show offers it if the server keeps what is said.
  show(keeps) {
    this.section.hidden = keeps === false;
  }

  #tell(words, isError = false) {
    this.status.textContent = words;
    this.status.classList.toggle("error", isError);
  }

  async #run() {
    this.#export = new Export(this.session, (count) => (this.bar.textContent = `${messages(count)} so far`));
    this.bar.textContent = "Asking the server…";
    this.#tell("");
    this.#runs(true);
    const done = await this.#export.run();
    this.#export = null;
    this.#runs(false);
    if (done) this.#done(done);
    else this.#tell("Nothing was saved.");
  }

  // runs shows that it is under way, or not any more.
  #runs(is) {
    const had = [this.save, this.stop].includes(document.activeElement);
    this.save.hidden = is;
    this.stop.hidden = this.bar.hidden = !is;
    if (had) (is ? this.stop : this.save).focus();
  }

  #done({ parts, count, refused }) {
    if (refused) return this.#tell(`Not all could be fetched, so nothing was saved: ${refusalText(refused)}`, true);
    if (count === 0) return this.#tell("The server has no messages of yours.");
    saveAs(`looproom-${this.name().replace(/[^\p{L}\p{N}-]/gu, "_")}-${new Date().toISOString().slice(0, 10)}.jsonl`, parts, "application/jsonl");
    this.#tell(`${messages(count)} saved, a line of JSON each.`);
  }

  #cancel() {
    this.#export?.cancel();
  }

  async #forget() {
    this.#cancel();
    const words = "All that you have said is erased, in rooms and to people, and so are your account and its password. Nobody can bring it back. Others may have read or copied it.";
    const typed = await this.ask.askFor({ heading: "Forget you for ever?", words, label: `To confirm, type your name: ${this.name()}`, yes: "Forget me", no: "Cancel" });
    if (!typed) return;
    if (!same(typed, this.name())) return this.#tell("That is not your name, so nothing was done.", true);
    this.#tell("Asking the server…");
    const { answers: [done], refused } = await this.session.request("/forget me", ["forgotten"]);
    if (done) this.forgotten(done.count);
    else this.#tell(refusalText(refused ?? { code: "busy", text: "the server has not answered" }), true);
  }
}

const messages = (count) => (count === 1 ? "1 message" : `${count.toLocaleString("en")} messages`);
