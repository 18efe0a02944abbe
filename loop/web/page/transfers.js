// How files that are under way, and files that the server has, look on the page.

import { clockTime, dayName } from "./clock.js";
import { sizeText } from "./files.js";

// TransfersView shows what is under way in list. cancel(transfer) is called by the button of one.
export class TransfersView {
  #rows = new Map();

  constructor(list, cancel) {
    this.list = list;
    this.cancel = cancel;
  }

  changed(transfer) {
    if (transfer.state !== "waiting" && transfer.state !== "running") {
      this.#rows.get(transfer)?.row.remove();
      this.#rows.delete(transfer);
      return;
    }
    const { bar, words } = this.#rows.get(transfer) ?? this.#make(transfer);
    const share = transfer.size > 0 ? transfer.done / transfer.size : 0;
    bar.value = share;
    words.textContent = transfer.state === "waiting" ? "waits" : `${Math.floor(share * 100)} % of ${sizeText(transfer.size)}`;
  }

  #make(transfer) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.className = "file";
    name.textContent = `${transfer.up ? "Sending" : "Fetching"} ${transfer.name}`;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", name.textContent);
    const words = document.createElement("span");
    const stop = document.createElement("button");
    stop.type = "button";
    stop.textContent = "Cancel";
    stop.setAttribute("aria-label", `Cancel ${transfer.name}`);
    stop.onclick = () => this.cancel(transfer);
    row.append(name, bar, words, stop);
    this.list.append(row);
    const made = { row, bar, words };
    this.#rows.set(transfer, made);
    return made;
  }
}

// FilesView shows the files that the server has. download(name) is called by the button of one.
export class FilesView {
  #left = 0;
  #files = [];

  constructor(list, summary, download) {
    this.list = list;
    this.summary = summary;
    this.download = download;
  }

  // handle takes the answer to FILES, line by line.
  handle(event) {
    if (event.kind === "files") {
      this.#left = event.count;
      this.#files = [];
      this.total = event.total;
      if (event.count === 0) this.#show();
      return true;
    }
    if (event.kind !== "stored" || this.#left === 0) return false;
    this.#files.push(event);
    if (--this.#left === 0) this.#show();
    return true;
  }

  off() {
    this.list.replaceChildren();
    this.summary.textContent = "This server keeps no files.";
  }

  #show() {
    const shown = this.#files.length;
    this.summary.textContent = this.#summary(shown);
    const newest = new Set();
    this.list.replaceChildren(...this.#files.toReversed().map((file) => {
      const hidden = newest.has(file.name);
      newest.add(file.name);
      return this.#item(file, hidden);
    }));
  }

  #summary(shown) {
    if (shown === 0) return "No files yet. Drop one on the messages, or paste it.";
    if (shown < this.total) return `The newest ${shown} of ${this.total.toLocaleString("en")} files`;
    return shown === 1 ? "1 file" : `${shown} files, the newest first`;
  }

  // item shows a file. One that is hidden by a newer one of the same name can't be fetched.
  #item(file, hidden) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.className = "file";
    name.textContent = file.name;
    const about = document.createElement("span");
    about.className = "about";
    about.textContent = `${sizeText(file.size)} · ${file.sender} · ${dayName(file.time)}, ${clockTime(file.time)}`;
    item.append(name, about);
    if (hidden) {
      item.title = "A newer file has the same name";
      return item;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Download";
    button.setAttribute("aria-label", `Download ${file.name}`);
    button.onclick = () => this.download(file.name);
    item.append(button);
    return item;
  }
}
