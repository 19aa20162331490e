// The number of hits under the advanced form, while it is being filled in.

const PAUSE = 300;
const form = document.querySelector("#advanced");
const count = document.querySelector("#count");
const address = new URL("../advanced/count", import.meta.url);
let timer = 0;
let asked = new AbortController();

async function show() {
  asked.abort();
  asked = new AbortController();
  address.search = new URLSearchParams(new FormData(form)).toString();
  try {
    const answer = await fetch(address, { signal: asked.signal, credentials: "same-origin" });
    const found = answer.ok ? await answer.json() : { query: "", total: 0 };
    const number = new Intl.NumberFormat(document.documentElement.lang).format(found.total);
    count.textContent = found.query ? count.dataset.text.replace("%(count)s", number) : "";
  } catch (error) {
    if (error.name !== "AbortError") count.textContent = "";
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
});
