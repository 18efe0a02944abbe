// What a reload of the page must not lose: who one is, where, and what was being written. The tab keeps it as long as it is open, and no password.

import { wholeAccount } from "./device.js";
import { isSecret } from "./secrets.js";

const item = "looproom-tab";
const mostPlaces = 200;

// remember keeps { name, key, isPerson, account, active, places }. account is { name, key } by which this tab is known for a person's, or null; active is the
// name of a place, each of places has a name and a draft.
export function remember(state) {
  const places = state.places.slice(0, mostPlaces).map(({ name, draft }) => ({ name, draft: draft.split("\n").some(isSecret) ? "" : draft }));
  try {
    sessionStorage.setItem(item, JSON.stringify({ ...state, places }));
  } catch {
    // A private window may refuse, or a draft be too long; then a reload begins anew.
  }
}

export function forget() {
  try {
    sessionStorage.removeItem(item);
  } catch {
    // There is nothing kept where nothing can be.
  }
}

// recall returns what was kept, or null.
export function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(item));
    return isWhole(kept) ? { ...kept, account: wholeAccount(kept.account) } : null;
  } catch {
    return null;
  }
}

const isText = (value) => typeof value === "string";

function isWhole(kept) {
  return isText(kept?.name) && /^[\w-]{16,64}$/.test(kept.key) && Array.isArray(kept.places) &&
    kept.places.every((place) => isText(place?.name) && place.name !== "" && isText(place.draft));
}
