// What screen readers are told about a page that has changed.

export const status = document.querySelector("#status");

// Screen readers announce a change of the text, so it must come after the page has settled.
export function announce(text) {
  status.textContent = "";
  setTimeout(() => {
    status.textContent = text;
  }, 300);
}
