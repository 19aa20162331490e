// Hands what is chosen in the frame to the page around it, and to the clipboard where that may be.

const status = document.querySelector("#status");

document.addEventListener("timbao:select", async ({ detail }) => {
  // Only configured origins can frame this page, so the page around it may know.
  if (parent !== window) parent.postMessage({ type: "timbao:select", detail }, "*");
  const kinds = { "text/html": detail.html, "text/plain": detail.text };
  const blobs = Object.entries(kinds).map(([type, text]) => [type, new Blob([text], { type })]);
  status.textContent = "";
  try {
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    status.textContent = status.dataset.copied;
  } catch (error) {
    // The page around has to allow it: <iframe allow="clipboard-write">.
    if (error.name !== "NotAllowedError") throw error;
  }
});
