// Suggestions and recent searches for the search box of every page.

import { Client } from "./client.js";
import { Combobox, searchText } from "./combobox.js";
import { forgetSearches, recentSearches, rememberSearch } from "./recents.js";

const SUGGESTED = "8";
const WORDS_TO_SEARCH = new Set(["query", "did_you_mean", "recent"]);

function attach(input) {
  const texts = JSON.parse(input.dataset.texts);
  const client = new Client(new URL("../", import.meta.url).href, { credentials: "same-origin" });
  const ask = async (text, signal) =>
    (await client.get("api/v1/suggest", [["q", text], ["limit", SUGGESTED]], signal)).suggestions;
  new Combobox(input, { ask, choose, texts, recents });
  input.form.addEventListener("submit", () => rememberSearch(searchText(input.value)));

  function choose(suggestion) {
    if (suggestion.kind === "forget") {
      forgetSearches();
      return;
    }
    input.value = suggestion.text;
    if (WORDS_TO_SEARCH.has(suggestion.kind)) input.form.requestSubmit();
    else location.assign(client.address(suggestion.url));
  }

  function recents() {
    const searches = recentSearches().map((text) => ({ text, kind: "recent" }));
    return searches.length ? [...searches, { text: texts.forget, kind: "forget" }] : [];
  }
}

const input = document.querySelector("#q[data-texts]");
if (input) attach(input);
