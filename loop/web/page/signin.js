// The form with which one comes in: as a guest by a name alone, by a name that is one's own, or by making it one's own.

import { nameTrouble, passwordTrouble } from "./fit.js";
import { SecretField } from "./secretfield.js";
import { doorText } from "./wording.js";

const ways = {
  guest: { button: "Come in", lead: "Pick a name and come in. You will be in one room with those who use a terminal." },
  login: { button: "Log in", lead: "Come in by a name that is yours, on as many devices as you like." },
  register: { button: "Sign up", lead: "With a password the name is yours: nobody else comes in by it, and you can from anywhere." },
};

// SignIn calls submit({ how, name, password, serverPassword, stays }); how is "guest", "login" or "register", stays says that this device is to know them.
export class SignIn {
  #serverAsked = false;

  constructor(section, submit) {
    const find = (id) => section.querySelector(`#signin-${id}`);
    this.section = section;
    Object.assign(this, { form: find("form"), lead: find("lead"), name: find("name"), nameHint: find("name-hint"), own: find("own") });
    Object.assign(this, { passwordHint: find("password-hint"), server: find("server"), serverPassword: find("server-password") });
    Object.assign(this, { button: find("button"), status: find("status"), instead: find("instead"), stay: find("stay") });
    this.password = new SecretField(find("password"), find("show"));
    this.submit = submit;
    this.#listen();
    this.become("guest");
  }

  // knows is replaced by who knows whether this device comes in by a name without its password.
  knows = () => false;

  get how() {
    return this.form.elements.how.value;
  }

  get isOpen() {
    return !this.section.hidden;
  }

  // become shows the form for one of the ways to come in.
  become(how) {
    this.form.elements.how.value = how;
    this.lead.textContent = ways[how].lead;
    this.button.textContent = ways[how].button;
    this.own.hidden = how === "guest";
    this.password.is(how === "register");
    this.#hint();
  }

  open(name, { how = this.how, stays = this.stay.checked } = {}) {
    this.section.hidden = false;
    this.stay.checked = stays;
    this.become(how);
    if (name) this.name.value = name;
    this.name.focus();
  }

  close() {
    this.section.hidden = true;
    this.password.clear();
    this.tell("");
  }

  // asksPassword says that the name can't come back without its password.
  asksPassword(words = "Your name has a password. Give it to come back.") {
    this.become("login");
    this.status.textContent = words;
    this.password.input.focus();
  }

  tell(words) {
    this.status.textContent = words;
    this.status.classList.remove("error");
    this.instead.hidden = true;
    this.button.disabled = words !== "";
  }

  // refused shows why, and puts the cursor where something has to be changed.
  refused({ code, text }) {
    this.tell("");
    this.#point(this.#fieldFor(code), doorText({ code, text }));
    this.instead.hidden = code !== "name-registered" || this.how !== "register";
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#isWhole()) this.submit(this.#words());
    });
    this.form.addEventListener("change", ({ target }) => target.name === "how" && this.become(target.value));
    this.form.addEventListener("input", () => this.#hint());
    this.instead.addEventListener("click", () => {
      this.become("login");
      this.tell("");
      this.password.input.focus();
    });
  }

  // hint tells what is wrong so far.
  #hint() {
    tellHint(this.nameHint, nameTrouble(this.name.value.trim()));
    tellHint(this.passwordHint, this.how === "register" ? passwordTrouble(this.password.value) : "");
  }

  // isWhole looks at what can be known here, before the server is asked.
  #isWhole() {
    const { value } = this.password;
    if (nameTrouble(this.name.value.trim())) return this.#point(this.name, "");
    if (this.how === "login" && !value && this.knows(this.name.value.trim())) return true;
    if (this.how !== "guest" && !value) return this.#point(this.password.input, this.how === "login" ? "Give the password of your name." : "Choose a password.");
    if (this.how === "register" && passwordTrouble(value)) return this.#point(this.password.input, "");
    return true;
  }

  #point(field, words) {
    this.status.textContent = words;
    this.status.classList.add("error");
    field.setAttribute("aria-invalid", "true");
    field.addEventListener("input", () => field.removeAttribute("aria-invalid"), { once: true });
    field.focus();
    field.select();
    return false;
  }

  #fieldFor(code) {
    if (code === "need-password" || (code === "wrong-password" && this.#serverAsked && !this.password.value)) {
      this.#serverAsked = true;
      this.server.hidden = false;
      return this.serverPassword;
    }
    if (code === "names-off" || code === "not-registered") this.become("guest");
    if (code === "name-registered" && this.how === "guest") this.become("login");
    if (code === "signed-out" || code === "logged-out") this.become("login");
    const byPassword = (code === "name-registered" && this.how === "login") || code === "wrong-password" || code === "bad-password" || code.endsWith("ed-out");
    return byPassword ? this.password.input : this.name;
  }

  #words() {
    const { how } = this;
    const password = how === "guest" ? "" : this.password.value;
    return { how, name: this.name.value.trim(), password, serverPassword: this.serverPassword.value, stays: how !== "guest" && this.stay.checked };
  }
}

// tellHint says something only when it is new: whoever hears the page hears it once.
export function tellHint(hint, words) {
  if (hint.textContent !== words) hint.textContent = words;
}
