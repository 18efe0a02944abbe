// The dialog behind one's own name: whose name it is, and how it becomes one's own.

import { passwordTrouble } from "./fit.js";
import { SecretField } from "./secretfield.js";
import { tellHint } from "./signin.js";
import { refusalText } from "./wording.js";

// AccountView calls register(password), which resolves to the refusal or null, leave(), and closed().
export class AccountView {
  #own = false;

  constructor(dialog, hooks) {
    const find = (id) => dialog.querySelector(`#account-${id}`);
    this.dialog = dialog;
    this.hooks = hooks;
    Object.assign(this, { heading: find("heading"), about: find("about"), form: find("form"), formHeading: find("form-heading"), username: find("username") });
    Object.assign(this, { hint: find("hint"), button: find("button"), status: find("status") });
    this.password = new SecretField(find("password"), find("show"));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.form.addEventListener("input", () => tellHint(this.hint, passwordTrouble(this.password.value)));
    find("close").addEventListener("click", () => dialog.close());
    find("leave").addEventListener("click", () => {
      dialog.close();
      hooks.leave();
    });
    dialog.addEventListener("close", () => {
      this.#clear();
      hooks.closed();
    });
  }

  open(name, own) {
    this.show(name, own);
    this.#clear();
    this.dialog.showModal();
  }

  // show tells whose name it is: one's own, or a guest's.
  show(name, own) {
    this.#own = own;
    this.heading.textContent = name;
    this.username.value = name;
    this.about.textContent = own ? "This name is yours: nobody comes in by it without its password." : "You are here as a guest: when you are gone, anybody may take this name.";
    this.formHeading.textContent = own ? "Change the password" : "Keep this name";
    this.button.textContent = own ? "Change it" : "Keep this name";
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
    const own = this.#own;
    this.button.disabled = true;
    this.#tell("Asking the server…");
    const refused = await this.hooks.register(value);
    this.button.disabled = false;
    if (refused) return this.#tell(refusalText(refused), true);
    this.password.clear();
    this.#tell(own ? "The password is changed." : "The name is yours now. You can log in by it from anywhere.");
  }
}
