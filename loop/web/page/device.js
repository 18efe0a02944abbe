// The key by which this device, or this tab alone, is known for a person's, so that nobody has to type a password again. Whoever wants to stay signed in on
// the device has it kept for all tabs; for all others a tab keeps it as long as it is open. It is no password, and is good for nothing once one has signed out.

const item = "looproom-account";

// keepOnDevice keeps { name, key } for the next tab.
export function keepOnDevice({ name, key }) {
  try {
    localStorage.setItem(item, JSON.stringify({ name, key }));
  } catch {
    // A private window may refuse; then only this tab knows it.
  }
}

// forgetOnDevice forgets what was kept; with a key only if it is that one.
export function forgetOnDevice(key = "") {
  if (key && keptOnDevice()?.key !== key) return;
  try {
    localStorage.removeItem(item);
  } catch {
    // There is nothing kept where nothing can be.
  }
}

// keptOnDevice returns what was kept, or null.
export function keptOnDevice() {
  try {
    return wholeAccount(JSON.parse(localStorage.getItem(item)));
  } catch {
    return null;
  }
}

// wholeAccount returns what was kept of an account if it is one, else null.
export function wholeAccount(kept) {
  return typeof kept?.name === "string" && kept.name !== "" && /^[\w-]{16,64}$/.test(kept.key) ? { name: kept.name, key: kept.key } : null;
}

// listenForSignOut calls gone() when another tab has signed out on this device.
export function listenForSignOut(gone) {
  addEventListener("storage", ({ key, oldValue, newValue }) => key === item && oldValue && !newValue && gone());
}
