// The list of rooms and conversations at the side.

import { hueOf } from "./names.js";

// Sidebar shows places in two lists. chosen(place) and closed(place) are called by the buttons of one.
export class Sidebar {
  constructor({ rooms, people, heading }, { chosen, closed }) {
    Object.assign(this, { rooms, people, heading, chosen, closed });
  }

  show(places) {
    const focused = document.activeElement?.dataset?.place;
    const all = places.all();
    this.rooms.replaceChildren(...all.filter((place) => place.isRoom).map((place) => this.#item(place, places.active)));
    const people = all.filter((place) => !place.isRoom);
    this.people.replaceChildren(...people.map((place) => this.#item(place, places.active)));
    this.heading.hidden = people.length === 0;
    if (focused) document.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
  }

  #item(place, active) {
    const item = document.createElement("li");
    item.classList.toggle("active", place === active);
    item.classList.toggle("unread", place.unread > 0);
    item.append(this.#open(place, active), this.#close(place));
    return item;
  }

  #open(place, active) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "open";
    button.dataset.place = place.id;
    if (place === active) button.setAttribute("aria-current", "page");
    if (!place.isRoom) button.dataset.hue = hueOf(place.name);
    button.append(part("name", place.name));
    if (place.unread > 0) button.append(badge(place));
    button.onclick = () => this.chosen(place);
    return button;
  }

  #close(place) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "close";
    button.textContent = "×";
    const words = place.isRoom ? `Leave ${place.name}` : `Close the conversation with ${place.name}`;
    button.setAttribute("aria-label", words);
    button.title = words;
    button.onclick = () => this.closed(place);
    return button;
  }
}

// badge tells how much is unread, and whether one is meant: by an @, not by its colour alone.
function badge(place) {
  const mentioned = place.isRoom && place.mentions > 0;
  const element = part("badge", `${mentioned ? "@ " : ""}${place.unread > 999 ? "999+" : place.unread}`);
  element.classList.toggle("mention", place.mentions > 0);
  const words = document.createElement("span");
  words.className = "hidden";
  words.textContent = mentioned ? " unread, someone means you" : " unread";
  element.append(words);
  return element;
}

function part(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
