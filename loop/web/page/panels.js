// What slides in and out: the sides on a narrow page, the panel of people or files, the topic's own input, the help.

import { commands, keys } from "./commands.js";
import { withLinks } from "./links.js";

const byID = (id) => document.getElementById(id);
const isWide = () => matchMedia("(min-width: 60rem)").matches;

// Panels calls its hooks: filesShown() when the files are to be asked for, closed() when the focus is free, topic(words) when one has been typed.
export class Panels {
  // may is what one may do in the active place: speak, and set its topic.
  may = { speak: true, topic: true };

  // shown is "users", "files", "search" or, with "", nothing but what a wide page always shows.
  shown = "";

  constructor(hooks) {
    this.hooks = hooks;
    const clicks = {
      "help-button": () => this.help(), "help-close": () => byID("help").close(),
      "sidebar-button": () => this.slide(true), "sidebar-close": () => this.#slideBack(),
      "files-button": () => this.#toggle("files"), "users-button": () => this.#toggle("users"),
      "aside-close": () => this.show(""), "topic-button": () => this.#editTopic(),
    };
    for (const [id, action] of Object.entries(clicks)) byID(id).addEventListener("click", action);
    byID("topic").addEventListener("click", ({ target }) => target.closest("a") || this.#editTopic());
    byID("topic-form").addEventListener("submit", (event) => this.#topicEdited(event));
    byID("topic-input").addEventListener("blur", () => this.#editsTopic(false));
    byID("main").addEventListener("pointerdown", ({ target }) => target.closest("#sidebar-button") || this.slide(false));
  }

  get isSlid() {
    return byID("chat").classList.contains("slid");
  }

  // isNarrow says that a panel lies over the messages.
  get isNarrow() {
    return !isWide();
  }

  // slide shows or hides the rooms on a narrow page.
  slide(open) {
    if (this.isSlid === open) return;
    byID("chat").classList.toggle("slid", open);
    byID("sidebar-button").setAttribute("aria-expanded", String(open));
    if (open) byID("sidebar").querySelector(".active .open")?.focus();
  }

  #slideBack() {
    this.slide(false);
    byID("sidebar-button").focus();
  }

  // escape closes what lies over the messages, if anything does.
  escape() {
    if (this.isSlid) this.slide(false);
    else if (this.shown && !isWide()) this.show("");
    else return false;
    return true;
  }

  #toggle(panel) {
    const wide = isWide();
    const shown = this.shown || (wide ? "users" : "");
    this.show(shown !== panel ? panel : wide && panel !== "users" ? "users" : "");
  }

  show(panel) {
    this.shown = panel;
    byID("chat").dataset.panel = panel;
    for (const name of ["users", "files", "search"]) {
      byID(name).hidden = byID(`${name}-heading`).hidden = name !== (panel || "users");
      byID(`${name}-button`).setAttribute("aria-expanded", String(panel === name));
    }
    if (panel === "files") this.hooks.filesShown();
    if (panel === "") this.hooks.closed();
  }

  // showPlace shows what the active place is called, and what it is about.
  showPlace(place) {
    byID("place-name").textContent = place?.name ?? "No room";
    byID("log").setAttribute("aria-label", place ? `Messages in ${place.name}` : "Messages");
    this.showMay(place, { speak: true, topic: true });
    byID("users-button").hidden = !place?.isRoom;
    byID("chat").dataset.with = place?.isRoom === false ? "person" : "room";
    byID("topic-form").hidden = true;
    this.showTopic(place);
  }

  // showMay offers what one may do there.
  showMay(place, may) {
    this.may = may;
    const words = may.speak ? `Message ${place?.name}` : `Only operators and voices speak in ${place?.name}`;
    byID("input").placeholder = place ? words : "Ctrl+K leads to a room";
    this.showTopic(place);
  }

  showTopic(place) {
    this.topic = place?.topic ?? "";
    byID("topic").hidden = !place?.isRoom || !byID("topic-form").hidden;
    byID("topic-button").hidden = byID("topic").hidden || !this.may.topic;
    byID("topic").replaceChildren(withLinks(this.topic));
    byID("topic").title = this.topic;
  }

  #editsTopic(edits) {
    byID("topic").hidden = edits;
    byID("topic-button").hidden = edits || !this.may.topic;
    byID("topic-form").hidden = !edits;
  }

  #editTopic() {
    if (!this.may.topic) return;
    this.#editsTopic(true);
    byID("topic-input").value = this.topic;
    byID("topic-input").focus();
  }

  #topicEdited(event) {
    event.preventDefault();
    const words = byID("topic-input").value.trim();
    this.#editsTopic(false);
    if (words && words !== this.topic) this.hooks.topic(words);
    this.hooks.closed();
  }

  help() {
    if (byID("help-commands").tBodies[0].rows.length === 0) fillHelp();
    byID("help").showModal();
  }
}

function fillHelp() {
  for (const { name, takes, help, operator } of commands) {
    addRow(byID("help-commands"), `/${name} ${takes}`, operator ? `${help} (operators)` : help);
  }
  for (const [key, words] of keys) addRow(byID("help-keys"), key, words);
}

function addRow(table, head, words) {
  const row = table.tBodies[0].insertRow();
  const cell = document.createElement("th");
  cell.scope = "row";
  cell.textContent = head;
  row.append(cell);
  row.insertCell().textContent = words;
}
