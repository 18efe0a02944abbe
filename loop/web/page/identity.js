// Who one is in this browser: what a reload, or another tab, must not ask for again, and in which rooms one is.

import { forgetOnDevice, keepOnDevice, keptOnDevice, listenForSignOut } from "./device.js";
import { recentAfterLoss } from "./entrance.js";
import { recall, remember } from "./memory.js";
import { same } from "./names.js";
import { newcomer } from "./rooms.js";
import { store, stored } from "./theme.js";

// Identity works on the parts of the page: session, chat, signIn, marks, and draft(), which is what is being written.
export class Identity {
  stays = false; // this device is to know us when the tab is gone
  #fresh = true; // no page was here before, so the server knows best where we look

  constructor(parts) {
    Object.assign(this, parts);
    this.signIn.knows = (name) => same(keptOnDevice()?.name ?? "", name);
    listenForSignOut(() => this.stays && this.session.account && this.session.leave());
    addEventListener("pagehide", () => this.remember());
  }

  get #places() {
    return this.chat.places;
  }

  // begin comes back to where one was before a reload, or comes in by the key of this device; without either it opens the form.
  begin() {
    const kept = recall();
    if (kept) return this.#comeBackTo(kept);
    const device = keptOnDevice();
    this.signIn.open(device?.name ?? stored("name"), { how: stored("own") ? "login" : "guest" });
    if (device) this.#comeByKey(device);
  }

  #comeBackTo(kept) {
    this.#fresh = false;
    this.session.restore(kept.key);
    this.chat.me = kept.name;
    this.chat.restore(kept, recentAfterLoss);
    this.signIn.open(kept.account?.name ?? kept.name);
    if (kept.account) this.#comeByKey(kept.account);
    else if (kept.isPerson) this.signIn.asksPassword();
    else this.come({ how: "guest", name: kept.name, password: "", serverPassword: "" });
  }

  #comeByKey({ name, key }) {
    this.come({ how: "login", name, key, password: "", serverPassword: "", stays: keptOnDevice()?.key === key });
  }

  // come signs in by what the form says, or by the key of this device where the password is left out.
  come(words) {
    store("name", words.name);
    if (words.how === "login" && !words.password && !words.key && this.signIn.knows(words.name)) return this.#comeByKey(keptOnDevice());
    this.stays = words.stays === true;
    this.chat.me ||= words.name; // what was said before is ours if this name said it
    this.signIn.tell("Coming in…");
    this.session.signIn(words, () => this.#roomNames());
  }

  // roomNames are the rooms to be in, the active one last: that is the one which is current then.
  #roomNames() {
    const { active } = this.#places;
    const rooms = this.#places.rooms();
    if (rooms.length === 0) return ["#lobby"];
    return [...rooms.filter((place) => place !== active), ...rooms.filter((place) => place === active)].map(({ name }) => name);
  }

  // ready: one is in.
  ready() {
    store("name", this.chat.me);
    if (this.#fresh) this.chat.activate(this.#places.room(this.session.entrance.current));
    this.#fresh = false;
    this.#settle();
  }

  #settle() {
    this.chat.settle();
    this.keepAccount();
    this.remember();
  }

  // remember keeps what a reload needs, from when one has come in until one leaves.
  remember(always = false) {
    const { state, key, isPerson, account } = this.session;
    if (state !== "ready" && state !== "lost" && !always) return;
    const { active } = this.#places;
    if (active) active.draft = this.draft();
    remember({ name: this.chat.me, key, isPerson, account, active: active?.name, places: this.#places.all() });
  }

  // keepAccount keeps the key of this device for as long as the person wants it to.
  keepAccount() {
    const { isPerson, account, keep } = this.session;
    store("own", isPerson ? "yes" : "");
    if (account && this.stays) keepOnDevice(account);
    this.marks.on = isPerson && keep !== null;
  }

  // stay keeps this device known when the tab is gone, or not.
  stay(on) {
    this.stays = on;
    if (on) this.keepAccount();
    else forgetOnDevice();
  }

  // inRooms: a person is in these rooms and no others, whatever this page has thought; null: where they were.
  inRooms(rooms) {
    for (const place of rooms ? this.#places.rooms() : []) place.joined &&= rooms.some((name) => same(name, place.name));
    if (this.session.state === "ready") this.#settle(); // else there is more to come
    this.chat.changed("places");
  }

  // adrift: another session, or somebody else, has taken us out of the room that was current, and nobody knows which one is now. We go to one, and ask
  // what was said in all of them meanwhile.
  adrift() {
    const rooms = this.#places.rooms().filter(({ joined }) => joined);
    const next = rooms.includes(this.#places.active) ? this.#places.active : rooms[0];
    if (!next) return;
    this.session.join(next.name);
    for (const place of rooms) {
      place.users.forget();
      place.asked = newcomer;
      if (this.session.entrance.ids) this.session.recent(place.name, newcomer);
    }
  }

  // signedOut: the server, or another session, has signed this one out. Here it stays so, whatever is loaded again.
  signedOut(key = this.session.account?.key) {
    if (key) forgetOnDevice(key);
    this.session.dropKey();
    this.remember(true);
  }
}
