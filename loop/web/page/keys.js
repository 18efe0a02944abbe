// The keys that work anywhere on the page.

const onTheMessages = (element) => element === document.body || (element?.closest("#log") && element.localName !== "button");

// listenForKeys calls goTo(), search(), beside(steps, unreadOnly), escape() and type(), the last for a letter that is typed on the messages. Where on() is false,
// keys are the browser's.
export function listenForKeys({ on, goTo, search, beside, escape, type }) {
  document.addEventListener("keydown", (event) => {
    if (!on()) return;
    const steps = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "k") goTo();
    else if (control && event.shiftKey && event.key.toLowerCase() === "f") search();
    else if (event.altKey && steps) beside(steps, event.shiftKey);
    else if (event.key === "Escape" && !document.querySelector("dialog[open]")) escape();
    else {
      const letter = event.key.length === 1 && event.key !== " " && !control && !event.altKey;
      if (letter && onTheMessages(document.activeElement)) type();
      return;
    }
    event.preventDefault();
  });
}
