// Light or dark, as the system has it or as the person has chosen.

const themes = ["system", "light", "dark"];

// stored and store keep what a person has chosen. Where the browser keeps nothing, they do nothing.
export function stored(name) {
  try {
    return localStorage.getItem(`looproom-${name}`) ?? "";
  } catch {
    return "";
  }
}

export function store(name, value) {
  try {
    localStorage.setItem(`looproom-${name}`, value);
  } catch {
    // A private window may refuse; then it is forgotten.
  }
}

export function setTheme(theme) {
  if (!themes.includes(theme)) return false;
  document.documentElement.dataset.theme = theme;
  store("theme", theme);
  return true;
}

// startTheme sets what was chosen, and has the button switch it.
export function startTheme(button) {
  setTheme(stored("theme") || "system");
  button.addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
}

function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}
