// An input for a password, with the button that shows what is in it.

// SecretField works on the input, and the button beside it.
export class SecretField {
  constructor(input, button) {
    this.input = input;
    this.button = button;
    button.addEventListener("click", () => {
      this.#show(input.type === "password");
      input.focus();
    });
  }

  get value() {
    return this.input.value;
  }

  // clear forgets the password, and hides the next one.
  clear() {
    this.input.value = "";
    this.#show(false);
  }

  // is says whether the password is a new one or one that there is: password managers offer to make one, or to fill it in.
  is(isNew) {
    this.input.autocomplete = isNew ? "new-password" : "current-password";
  }

  #show(shown) {
    this.input.type = shown ? "text" : "password";
    this.button.firstChild.data = shown ? "Hide" : "Show"; // what is behind it is for those who hear the page
  }
}
