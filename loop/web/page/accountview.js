// The dialog behind one's own name: whose name it is, how it becomes one's own, whether one stays when one goes, and where one is signed in.

import { momentText } from "./clock.js";
import { passwordTrouble } from "./fit.js";
import { SecretField } from "./secretfield.js";
import { tellHint } from "./signin.js";
import { refusalText } from "./wording.js";

// AccountView calls register(password), keep(on) and end(number), which resolve to the refusal or null; sessions(), which resolves to those that there are;
// endOthers(), stay(on), signOut(), leave() and closed().
export class AccountView {
  #session = { isPerson: false };

  constructor(dialog, hooks) {
    const find = (id) => dialog.querySelector(`#account-${id}`);
    this.dialog = dialog;
    this.hooks = hooks;
    Object.assign(this, { heading: find("heading"), about: find("about"), form: find("form"), formHeading: find("form-heading"), username: find("username") });
    Object.assign(this, { hint: find("hint"), button: find("button"), status: find("status"), person: find("person"), sign: find("sign-out") });
    Object.assign(this, { keep: find("keep"), stay: find("stay"), list: find("sessions"), others: find("others"), places: find("places") });
    this.password = new SecretField(find("password"), find("show"));
    this.#listen(find);
  }

  // open shows the dialog to name, who is a person or a guest in session. stays says that this device is to know them.
  open(name, session, stays) {
    this.show(name, session);
    this.stay.checked = stays;
    this.places.hidden = true;
    this.#clear();
    this.dialog.showModal();
    this.#refresh();
  }

  // show tells whose name it is: one's own, or a guest's.
  show(name, session) {
    const { isPerson, keep, account } = session;
    this.#session = session;
    this.heading.textContent = name;
    this.username.value = name;
    this.about.textContent = isPerson ? "This name is yours: nobody comes in by it without its password." : "You are here as a guest: when you are gone, anybody may take this name.";
    this.formHeading.textContent = isPerson ? "Change the password" : "Keep this name";
    this.button.textContent = isPerson ? "Change it" : "Keep this name";
    this.person.hidden = !isPerson;
    this.sign.hidden = !isPerson;
    this.keep.checked = keep === true;
    this.keep.closest("section").hidden = keep === null;
    this.stay.closest("section").hidden = !account;
  }

  #listen(find) {
    const { dialog, hooks } = this;
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.form.addEventListener("input", () => tellHint(this.hint, passwordTrouble(this.password.value)));
    this.keep.addEventListener("change", () => this.#keeps());
    this.stay.addEventListener("change", () => hooks.stay(this.stay.checked));
    this.others.addEventListener("click", () => this.#endOthers());
    find("close").addEventListener("click", () => dialog.close());
    for (const [id, does] of [["leave", hooks.leave], ["sign-out", hooks.signOut]]) {
      find(id).addEventListener("click", () => {
        dialog.close();
        does();
      });
    }
    dialog.addEventListener("close", () => {
      this.#clear();
      hooks.closed();
    });
  }

  #clear() {
    this.password.clear();
    this.#tell("");
    tellHint(this.hint, "");
  }

  #tell(words, isError = false) {
    this.status.textContent = words;
    this.status.classList.toggle("error", isError);
  }

  async #submit(event) {
    event.preventDefault();
    const { value, input } = this.password;
    if (!value || passwordTrouble(value)) {
      if (!value) tellHint(this.hint, "Choose a password.");
      return input.focus();
    }
    const was = this.#session.isPerson;
    this.button.disabled = true;
    this.#tell("Asking the server…");
    const refused = await this.hooks.register(value);
    this.button.disabled = false;
    if (refused) return this.#tell(refusalText(refused), true);
    this.password.clear();
    this.#tell(was ? "The password is changed." : "The name is yours now. You can log in by it from anywhere.");
    this.#refresh();
  }

  async #keeps() {
    const wanted = this.keep.checked;
    const refused = await this.hooks.keep(wanted);
    if (!refused) return;
    this.keep.checked = !wanted;
    this.#tell(refusalText(refused), true);
  }

  // refresh asks where one is signed in.
  async #refresh() {
    if (!this.#session.isPerson) return;
    const sessions = await this.hooks.sessions();
    this.places.hidden = sessions.length === 0;
    this.others.hidden = sessions.length < 2;
    this.list.replaceChildren(...sessions.map((session) => this.#item(session)));
  }

  #item(session) {
    const item = document.createElement("li");
    const place = document.createElement("span");
    place.className = "place";
    place.textContent = session.own ? "Here" : session.address;
    const about = document.createElement("span");
    about.className = "about";
    about.textContent = `since ${momentText(session.since)}, ${idleText(session.idle)}${session.own ? ` · ${session.address}` : ""}`;
    item.append(place, about);
    if (!session.own) item.append(this.#endButton(session));
    return item;
  }

  #endButton({ number, address }) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Sign out";
    button.setAttribute("aria-label", `Sign out ${address}`);
    button.onclick = async () => {
      button.disabled = true;
      const refused = await this.hooks.end(number);
      if (refused) this.#tell(refusalText(refused), true);
      await this.#refresh();
      (this.list.querySelector("button") ?? this.keep).focus();
    };
    return button;
  }

  async #endOthers() {
    this.others.disabled = true;
    await this.hooks.endOthers();
    this.others.disabled = false;
    await this.#refresh();
    this.#tell("You are signed out everywhere else.");
    this.keep.focus();
  }
}

// idleText says for how many seconds nothing was written.
function idleText(seconds) {
  if (seconds < 60) return "active now";
  const [n, unit] = seconds < 3600 ? [Math.floor(seconds / 60), "minute"] : [Math.floor(seconds / 3600), "hour"];
  return `idle for ${n} ${unit}${n === 1 ? "" : "s"}`;
}
