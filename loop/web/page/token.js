// Words that nobody can guess.

// randomToken has 22 characters of A-Z, a-z, 0-9, "-" and "_": 128 bits.
export function randomToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
