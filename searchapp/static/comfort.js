// Comfort only: every page works without it.

import { announce, status } from "./announce.js";

const box = document.querySelector("#q");

function takesText(element) {
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
  if (event.key === "/" && plain && box && !takesText(event.composedPath()[0])) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    await navigator.clipboard.writeText(text);
    announce(status.dataset.copied);
  });
}

// After a change of filters the new count is said once; the first page of a search says nothing.
const heading = document.querySelector(".found h1");
const before = document.referrer && new URL(document.referrer);
if (heading && before && before.origin + before.pathname === location.origin + location.pathname) {
  announce(heading.textContent);
}
