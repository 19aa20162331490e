// The searches made last in this browser. They never leave it.

const PLACE = "timbao.recents";
const KEPT = 20;

/** @returns {string[]} the newest first */
export function recentSearches() {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((text) => typeof text === "string") : [];
  } catch {
    // Browsers may forbid storage, and another program may have written there.
    return [];
  }
}

/** @param {string} text */
export function rememberSearch(text) {
  if (text) write([text, ...recentSearches().filter((other) => other !== text)].slice(0, KEPT));
}

export function forgetSearches() {
  write([]);
}

function write(texts) {
  try {
    if (texts.length) localStorage.setItem(PLACE, JSON.stringify(texts));
    else localStorage.removeItem(PLACE);
  } catch {
    // Forbidden or full: the box works without.
  }
}
