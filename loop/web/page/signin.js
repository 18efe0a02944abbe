// The form with which one comes in.

import { doorText } from "./wording.js";

// SignIn calls submit({ name, password, serverPassword }).
export class SignIn {
  #serverAsked = false;

  constructor(section, submit) {
    const find = (id) => section.querySelector(`#${id}`);
    this.section = section;
    this.form = find("signin-form");
    this.name = find("signin-name");
    this.more = find("signin-more");
    this.password = find("signin-password");
    this.server = find("signin-server");
    this.serverPassword = find("signin-server-password");
    this.button = find("signin-button");
    this.status = find("signin-status");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(this.#words());
    });
  }

  open(name) {
    this.section.hidden = false;
    if (name) this.name.value = name;
    this.name.focus();
  }

  close() {
    this.section.hidden = true;
    this.password.value = "";
    this.tell("");
  }

  // asksPassword says that the name can't come back without its password.
  asksPassword() {
    this.more.open = true;
    this.status.textContent = "Your name has a password. Give it to come back.";
    this.password.focus();
  }

  get isOpen() {
    return !this.section.hidden;
  }

  tell(words) {
    this.status.textContent = words;
    this.status.classList.remove("error");
    this.button.disabled = words !== "";
  }

  // refused shows why, and puts the cursor where something has to be changed.
  refused({ code, text }) {
    this.tell("");
    this.status.textContent = doorText({ code, text });
    this.status.classList.add("error");
    const field = this.#fieldFor(code);
    field.setAttribute("aria-invalid", "true");
    field.addEventListener("input", () => field.removeAttribute("aria-invalid"), { once: true });
    field.focus();
    field.select();
  }

  #fieldFor(code) {
    if (code === "need-password" || (code === "wrong-password" && this.#serverAsked && !this.password.value)) {
      this.#serverAsked = true;
      this.server.hidden = false;
      return this.serverPassword;
    }
    if (code === "name-registered" || code === "wrong-password" || code === "bad-password") {
      this.more.open = true;
      return this.password;
    }
    return this.name;
  }

  #words() {
    return { name: this.name.value.trim(), password: this.password.value, serverPassword: this.serverPassword.value };
  }
}
