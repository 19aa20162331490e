// Articles that the reader saves. They stay in this browser; only the address of a list shares them.

import { announce, status } from "./announce.js";

const PLACE = "timbao.saved";
const MOST = 100; // as many as the server takes
const LONGEST = 4096; // of a token

function savedIds() {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string" && id) : [];
  } catch {
    // Browsers may forbid storage, and another program may have written there.
    return [];
  }
}

/** @returns {boolean} whether it was kept: storage may be forbidden or full */
function keep(ids) {
  try {
    localStorage.setItem(PLACE, JSON.stringify(ids));
    return true;
  } catch {
    return false;
  }
}

function tokenOf(ids) {
  const bytes = new TextEncoder().encode(ids.join("\n"));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function show(button) {
  button.setAttribute("aria-pressed", String(savedIds().includes(button.dataset.save)));
}

function toggle(button) {
  const id = button.dataset.save;
  const others = savedIds().filter((other) => other !== id);
  const saved = button.getAttribute("aria-pressed") === "true";
  const full = others.length >= MOST || tokenOf([...others, id]).length > LONGEST;
  if (!saved && full) {
    announce(status.dataset.full);
  } else if (keep(saved ? others : [...others, id])) {
    announce(saved ? status.dataset.unsaved : status.dataset.saved);
  }
  show(button);
}

for (const button of document.querySelectorAll("button[data-save]")) {
  show(button);
  button.hidden = false;
  button.addEventListener("click", () => toggle(button));
}

if (document.querySelector("[data-own-list]") && savedIds().length) {
  location.replace(`list/${tokenOf(savedIds())}`);
}
