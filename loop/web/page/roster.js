// Asks who is in the active room, where that is not known.

export class Roster {
  #timer = 0;

  constructor(session) {
    this.session = session;
  }

  // refresh asks now, or as soon as it may.
  refresh(place) {
    clearTimeout(this.#timer);
    if (this.session.state !== "ready" || !place?.isRoom || !place.joined || !place.users.stale) return;
    const wait = place.users.listIn();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.refresh(place), wait);
      return;
    }
    place.users.listed = Date.now();
    this.session.ask("LIST", place.name);
  }
}
