// The page as a whole: it puts the parts together, and does what commands and buttons ask for.

import { AccountView } from "./accountview.js";
import { Actions } from "./actions.js";
import { Archive } from "./archive.js";
import { Ask } from "./ask.js";
import { Backlog } from "./backlog.js";
import { Banner } from "./banner.js";
import { Chat } from "./chat.js";
import { compareClocks } from "./clock.js";
import { Composer } from "./composer.js";
import { listenForDrops } from "./drops.js";
import { Transfers } from "./files.js";
import { GoTo } from "./goto.js";
import { Govern } from "./govern.js";
import { Identity } from "./identity.js";
import { listenForKeys } from "./keys.js";
import { LogView } from "./log.js";
import { forget } from "./memory.js";
import { Menu } from "./menu.js";
import { Nodes } from "./nodes.js";
import { Panels } from "./panels.js";
import { recentAfterLoss } from "./entrance.js";
import { RightsView } from "./rightsview.js";
import { newcomer } from "./rooms.js";
import { Roster } from "./roster.js";
import { Session } from "./session.js";
import { Sidebar } from "./sidebar.js";
import { SignIn } from "./signin.js";
import { targetsFor } from "./targets.js";
import { startTheme } from "./theme.js";
import { FilesView, TransfersView } from "./transfers.js";
import { ReadMarks } from "./unread.js";
import { UsersView } from "./users.js";

const byID = (id) => document.getElementById(id);

class App {
  #dirty = new Set();
  #shown = null; // the place that is on the page

  constructor() {
    this.chat = new Chat((what) => this.#changed(what), () => this.#attending());
    this.actions = new Actions();
    this.nodes = new Nodes();
    this.nodes.ask();
    this.session = this.#makeSession();
    this.roster = new Roster(this.session);
    this.transfers = this.#makeTransfers();
    this.chat.said = (entry) => this.#delivered(entry, "sent");
    this.marks = new ReadMarks((place, id) => this.session.ask(`READ ${place.name} ${id}`));
    this.chat.looked = (place = this.place) => this.marks.saw(place);
    this.chat.owes = (place, id) => this.marks.owes(place, id);
    this.#makeLists();
    this.#makeComposer();
    this.identity = new Identity({ session: this.session, chat: this.chat, signIn: this.signIn, marks: this.marks, draft: () => this.composer.text });
    this.ask = new Ask(byID("ask"), () => this.composer.focus());
    this.govern = new Govern({
      session: this.session, chat: this.chat, actions: this.actions, ask: this.ask, menu: new Menu(byID("menu")),
      view: new RightsView(byID("rights"), { take: (line) => this.govern.say(this.place, line), closed: () => this.composer.focus() }),
    });
    this.actions.use({
      session: this.session, chat: this.chat, transfers: this.transfers, composer: this.composer, log: this.log,
      panels: this.panels, goDialog: this.goDialog, fileInput: byID("file"), ask: this.ask,
      govern: this.govern, showAccount: () => this.#showAccount(), search: (words) => this.archive.search(words),
    });
    const { session, chat, log, panels, ask, actions } = this;
    this.archive = new Archive({ session, chat, log, panels, ask, actions, account: byID("account") });
    this.#listen();
    startTheme(byID("theme-button"));
    this.identity.begin();
  }

  get place() {
    return this.chat.places.active;
  }

  // --- the parts

  #makeSession() {
    return new Session(this.nodes, {
      event: (event) => this.#event(event),
      state: (state, detail) => this.#state(state, detail),
      bytes: (data) => this.transfers.bytes(data),
      delivery: (entry, state) => this.#delivered(entry, state),
      counted: (waiting) => this.backlog?.show(waiting),
      stalled: (is) => this.#stalled(is),
      identified: (entry, id) => this.chat.places.all().some(({ history }) => history.identify(entry, id)),
      adrift: () => this.identity.adrift(),
      inRooms: (rooms) => this.identity.inRooms(rooms),
    });
  }

  #makeTransfers() {
    return new Transfers(this.session, {
      changed: (transfer) => this.transfersView.changed(transfer),
      announce: (transfer) => this.actions.announce(transfer),
      failed: (transfer, words) => this.actions.complain(`${transfer.name}: ${words}`),
    });
  }

  #makeLists() {
    const { actions } = this;
    this.log = new LogView({
      box: byID("log"), list: byID("messages"), below: byID("below"), earlier: byID("earlier"), beginning: byID("beginning"),
      download: (name) => actions.download(name), join: (room) => actions.join(room), again: (entry) => actions.again(entry),
      before: (wanted) => this.archive.scrollback.before(wanted), behind: () => this.archive.scrollback.behind(), present: () => this.archive.scrollback.present(),
      reply: (name, button) => this.govern.open(button, name, () => actions.address(name)),
    });
    this.sidebar = new Sidebar(
      { rooms: byID("rooms"), people: byID("people"), heading: byID("people-heading") },
      { chosen: (place) => actions.go(place), closed: (place) => actions.close(place) },
    );
    this.users = new UsersView(byID("users"), byID("users-heading"), 
      (name, button) => this.govern.open(button, name, () => actions.message(name, "")), (name) => this.govern.itemsFor(name).length > 0);
    this.filesView = new FilesView(byID("files-list"), byID("files-summary"), (name) => actions.download(name));
    this.transfersView = new TransfersView(byID("transfers"), (transfer) => this.transfers.cancel(transfer));
    this.goDialog = new GoTo({ dialog: byID("goto"), input: byID("goto-input"), list: byID("goto-list") },
      (words) => targetsFor(actions, this.chat, words));
  }

  #makeComposer() {
    const { actions } = this;
    this.signIn = new SignIn(byID("signin"), (words) => this.identity.come(words));
    this.backlog = new Backlog(byID("backlog"), () => {
      this.session.outbox.drop(() => false);
      this.composer.focus();
    });
    this.banner = new Banner(byID("banner"), () => this.session.connection.hurry());
    this.composer = new Composer({ form: byID("composer"), input: byID("input"), list: byID("offers") }, {
      submit: (text) => actions.submit(text),
      names: () => actions.names(),
      rooms: () => this.chat.places.rooms().map(({ name }) => name),
      paste: (files) => actions.upload(files),
      page: (direction) => this.log.page(direction),
      escape: () => this.#escape(),
      typed: () => this.identity.remember(),
    });
    this.account = new AccountView(byID("account"), {
      register: (password) => actions.keepName(password), keep: (on) => actions.keepHere(on), sessions: () => actions.sessions(),
      end: (number) => actions.endSession(number), endOthers: () => actions.endOthers(), stay: (on) => this.identity.stay(on),
      signOut: () => actions.signOut(), leave: () => actions.leave(), closed: () => this.composer.focus(),
    });
    this.panels = new Panels({
      filesShown: () => this.session.ask("FILES"),
      closed: () => this.composer.focus(),
      topic: (words) => actions.setTopic(words),
    });
  }

  #listen() {
    const { actions } = this;
    byID("me").addEventListener("click", () => this.#showAccount());
    byID("room-button").addEventListener("click", ({ currentTarget }) => this.govern.openRoom(currentTarget));
    byID("goto-button").addEventListener("click", () => actions.goTo());
    byID("away-button").addEventListener("click", () => actions.command(this.chat.isAway ? "BACK" : "AWAY"));
    byID("attach").addEventListener("click", () => actions.chooseFile());
    byID("file").addEventListener("change", ({ target }) => {
      actions.upload([...target.files]);
      target.value = "";
    });
    const look = () => this.#attending() && this.chat.seen(this.place);
    document.addEventListener("visibilitychange", look);
    byID("log").addEventListener("scroll", look, { passive: true });
    listenForKeys({
      on: () => !byID("chat").hidden,
      goTo: () => actions.goTo(), search: () => actions.search(), beside: (steps, unreadOnly) => actions.beside(steps, unreadOnly),
      escape: () => this.#escape(), type: () => this.composer.focus(),
    });
    listenForDrops(byID("drop"), () => !byID("chat").hidden && !document.querySelector("dialog[open]"), (files) => actions.upload(files));
    addEventListener("beforeunload", (event) => this.session.outbox.unsettled > 0 && event.preventDefault());
  }

  // --- the connection

  #state(state, detail) {
    document.body.dataset.state = state;
    const actions = {
      signing: () => this.#signing(detail), ready: () => this.#ready(), lost: () => this.#lost(detail),
      refused: () => this.#refused(detail), ended: () => this.#ended(),
    };
    actions[state]?.();
  }

  #signing(detail) {
    compareClocks(this.nodes.clock);
    if (detail) this.banner.tell(`Signing in: ${detail.text}.`);
  }

  #ready() {
    this.signIn.close();
    this.banner.hide();
    this.banner.draining = false;
    byID("chat").hidden = false;
    this.identity.ready();
    if (this.chat.isAway) this.session.ask("AWAY");
    this.roster.refresh(this.place);
    this.govern.isOperator = false; // that was the earlier connection
    this.govern.refresh(this.place);
    this.session.ask("FILES");
    this.archive.scrollback.learn();
    this.transfers.next();
    this.nodes.ask();
    this.composer.focus();
    this.#changed("places");
    if (this.#attending()) this.chat.seen(this.place);
  }

  #showAccount() {
    this.account.open(this.chat.me, this.session, this.identity.stays);
  }

  // stalled tells of a server that takes what is sent, and says nothing.
  #stalled(is) {
    const words = "The server does not answer just now. What you write is kept.";
    if (this.signIn.isOpen) this.signIn.tell(is ? "The server does not answer just now; waiting…" : "Coming in…");
    else if (is) this.banner.tell(words);
    else this.banner.hide();
  }

  #lost(detail) {
    this.chat.lost(recentAfterLoss);
    this.transfers.lost();
    this.marks.lost();
    if (this.signIn.isOpen) {
      this.signIn.tell(detail.failures > 3 ? "Server is down, join later once it is up! We keep trying…" : "No answer yet; trying again…");
    } else {
      this.banner.lost(detail);
    }
  }

  #refused(detail) {
    this.marks.lost();
    if (detail.code === "signed-out" || detail.code === "logged-out") this.identity.signedOut(detail.key);
    this.chat.lost(recentAfterLoss);
    this.transfers.lost();
    byID("chat").hidden = true;
    this.signIn.open(this.chat.me);
    this.signIn.refused(detail);
  }

  #ended() {
    byID("chat").hidden = true;
    this.signIn.open(this.chat.me);
    this.signIn.status.textContent = this.archive.farewell || "You have left. Come back at any time.";
    this.archive.farewell = "";
    this.session.outbox.abandon();
    forget();
    for (const place of this.chat.places.all()) this.chat.places.close(place);
    this.chat.me = "";
    this.#changed("active");
  }

  #event(event) {
    if (event.kind === "refused" && this.#refusalIsHandled(event)) return;
    if (this.transfers.handle(event) || this.filesView.handle(event)) return;
    this.chat.handle(event);
    if (event.kind === "joined" || event.kind === "digest") this.roster.refresh(this.place);
    if (event.kind === "joined") this.govern.refresh(this.place);
    if (event.kind === "joinedelsewhere" && this.session.entrance.ids) this.session.recent(event.name, newcomer);
    if (event.kind === "governed") this.govern.changed(this.chat.places.room(event.room));
    if (event.kind === "operates") this.#operates();
  }

  #operates() {
    this.govern.isOperator = true;
    this.#changed("rights");
  }

  // refusalIsHandled is true for what is shown elsewhere than among the messages.
  #refusalIsHandled({ code, text }) {
    if (code === "closing") {
      this.banner.tell("The server is shutting down; reconnecting… What you write is kept.");
      return true;
    }
    if (code === "waiting") {
      this.banner.tell("The servers are choosing a leader; what you write waits for that.");
      return true;
    }
    if (code === "goes-on") {
      this.banner.hide();
      return true;
    }
    if (code === "files-off") this.#hideFiles();
    const room = code === "room-key" && /#\S+/.exec(text)?.[0];
    if (room) {
      this.govern.askKey(room.replace(/[:;,.]$/, ""));
      return true;
    }
    return this.session.state !== "ready" || (code === "files-off" && !this.transfers.busy);
  }

  #hideFiles() {
    this.actions.filesOff = true;
    this.filesView.off();
    byID("attach").hidden = true;
    byID("files-button").hidden = true;
  }

  #delivered(entry, state) {
    entry.state = state;
    this.log.redraw(entry);
  }

  #escape() {
    if (!this.panels.escape()) this.log.toEnd();
    this.composer.focus();
  }

  // --- drawing

  #attending() {
    return document.visibilityState === "visible" && this.log.follows && this.signIn?.isOpen !== true;
  }

  // changed draws what has changed, once per frame; what is hidden is drawn when the page is seen again.
  #changed(what) {
    if (what === "active") this.#activated();
    if (what === "active" || what === "places") this.identity.remember();
    if (this.#dirty.size === 0) requestAnimationFrame(() => this.#draw());
    this.#dirty.add(what);
    if (document.hidden) this.#drawTitle(); // there are no frames, and nothing else of the page is seen
  }

  #drawTitle() {
    const unread = this.chat.places.unread();
    const title = `${unread > 0 ? `(${unread}) ` : ""}${this.place ? `${this.place.name} · ` : ""}looproom`;
    if (document.title !== title) document.title = title;
  }

  #draw() {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    const { places, me, isAway } = this.chat;
    this.sidebar.show(places);
    if (["users", "active", "places", "rights"].some((what) => dirty.has(what))) this.users.show(this.place, me);
    byID("room-button").hidden = !this.place?.rights;
    if (dirty.has("rights") || dirty.has("active")) this.panels.showMay(this.place, this.govern.may(this.place));
    if (dirty.has("topic")) this.panels.showTopic(this.place);
    if (dirty.has("rooms") || dirty.has("places")) this.goDialog.refresh(false);
    byID("me").firstChild.data = me; // what is behind it is for those who hear the page
    this.account.show(me, this.session);
    byID("away-button").setAttribute("aria-pressed", String(isAway));
    byID("users-button").textContent = byID("users-heading").textContent;
    this.#drawTitle();
    byID("sidebar-button").classList.toggle("unread", places.unread() > 0);
  }

  #activated() {
    const { place } = this;
    if (this.#shown) {
      this.#shown.draft = this.composer.text;
      this.#shown.history.forgetUnread();
    }
    this.#shown = place;
    this.log.show(place?.history ?? null);
    this.panels.showPlace(place);
    this.composer.set(place?.draft ?? "");
    if (!this.archive.scrollback.isJumping) this.chat.seen(place);
    this.archive.entered(place);
    this.roster.refresh(place);
    this.govern.refresh(place);
  }
}

new App();
