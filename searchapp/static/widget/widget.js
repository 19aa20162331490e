// <tim-bao>: a search box of the archive for the pages of other sites. docs/embedding.md tells how.

import { Client, Unanswered } from "../client.js";
import { Combobox, element, searchText } from "../combobox.js";
import { articleList, filters, relatedTo, searchOf, searchPairs } from "./articles.js";
import { selectionOf } from "./selection.js";

const SUGGESTED = "8";
const SHOWN = "10";
const HEADLINE_IDLE = 600;
/** The names under which `data-persist` keeps a search in the address of the page. */
const KEPT = { q: "timbao.q", section: "timbao.section", days: "timbao.days" };

class TimBao extends HTMLElement {
  static observedAttributes = ["server", "key", "lang", "placeholder", "mode", "limit", "headline"];
  /** What the script brings along: server, style sheet, texts in each language. */
  static defaults;

  #client;
  #texts;
  #input;
  #box;
  #message = element("p", { className: "message", part: "message", role: "status" });
  #results = element("section", { part: "results" });
  #related = element("section", { part: "related" });
  #search = { q: "", section: "", days: "", others: [] };
  #sections = new Map();
  #searched = 0;
  #again = 0;
  #headlineTimer = 0;

  connectedCallback() {
    this.#build();
    this.#restore();
    this.#watchHeadline();
  }

  disconnectedCallback() {
    clearTimeout(this.#again);
    clearTimeout(this.#headlineTimer);
  }

  attributeChangedCallback(name) {
    if (!this.isConnected || !this.shadowRoot) return;
    if (name === "headline") this.#watchHeadline();
    else this.#rebuild();
  }

  get #headline() {
    return searchText(this.getAttribute("headline") ?? "");
  }

  get #inserts() {
    return this.getAttribute("mode") === "insert";
  }

  #build() {
    const { server, sheet, texts } = TimBao.defaults;
    const language = this.closest("[lang]")?.lang.startsWith("en") ? "en" : "vi";
    this.#texts = texts[language];
    const key = this.getAttribute("key") ?? "";
    const address = new URL(this.getAttribute("server") || server, location.href).href;
    this.#client = new Client(address.replace(/\/?$/, "/"), { key, language });
    const root = this.shadowRoot ?? this.#attach(sheet);
    root.replaceChildren(this.#form(), this.#results, this.#related);
    this.#box = new Combobox(this.#input, {
      ask: (text, signal) => this.#suggest(text, signal),
      choose: (suggestion) => this.#choose(suggestion),
      texts: this.#texts,
    });
  }

  #rebuild() {
    this.#results.replaceChildren();
    this.#related.replaceChildren();
    this.#build();
    this.#watchHeadline();
  }

  #attach(sheet) {
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [sheet];
    root.addEventListener("keydown", (event) => this.#shortcut(event));
    root.addEventListener("click", ({ target }) => {
      if (target.dataset.kind) this.#handOver(target.closest("li").dataset.id, target.dataset.kind);
    });
    return root;
  }

  #form() {
    const { label, search } = this.#texts;
    const typed = this.#input?.value ?? "";
    this.#input = element("input", { id: "q", type: "search", value: typed, maxLength: 500, part: "input" });
    const plain = { autocapitalize: "off", autocomplete: "off", spellcheck: "false", enterkeyhint: "search" };
    for (const [name, value] of Object.entries(plain)) this.#input.setAttribute(name, value);
    this.#input.placeholder = this.getAttribute("placeholder") ?? "";
    const form = element(
      "form",
      { part: "form", role: "search" },
      element("label", { htmlFor: "q", textContent: label, part: "label" }),
      element("span", { className: "combo" }, this.#input, this.#message),
      element("button", { textContent: search, part: "button" }),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    return form;
  }

  async #suggest(text, signal) {
    const pairs = [["q", text], ["limit", this.getAttribute("limit") ?? SUGGESTED]];
    try {
      const { suggestions } = await this.#client.get("api/v1/suggest", pairs, signal);
      this.#say("");
      return suggestions;
    } catch (error) {
      if (error.reason === "unreachable") this.#say(this.#texts.offline);
      throw error;
    }
  }

  #choose(suggestion) {
    const address = this.#client.address(suggestion.url);
    if (!this.#inserts) {
      this.#leaveTo(address);
    } else if (suggestion.kind === "title") {
      this.#handOver(suggestion.id, "link");
    } else {
      this.#find(searchOf(address));
    }
  }

  #submit() {
    const q = searchText(this.#input.value);
    if (!this.#inserts) this.#leaveTo(this.#client.address("search", [["q", q]]));
    else this.#find({ ...this.#search, q, others: [] });
  }

  /** Shows the articles of a search here; where the API does not answer, the archive's own page. */
  async #find(search) {
    clearTimeout(this.#again);
    this.#search = search;
    this.#input.value = search.q;
    const number = ++this.#searched;
    const pairs = searchPairs(search);
    try {
      const asked = [...pairs, ["facets", "section"], ["per_page", SHOWN]];
      const page = await this.#client.get("api/v1/search", asked);
      if (number !== this.#searched) return;
      this.#say("");
      this.#show(page);
      this.#keep();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (number !== this.#searched) return;
      if (error.reason === "busy") {
        this.#say(this.#texts.busy.replace("{count}", Math.ceil(error.wait / 1000)));
        this.#again = setTimeout(() => this.#find(search), error.wait);
      } else {
        if (error.reason === "unreachable") this.#say(this.#texts.offline);
        // Not by itself, as after a reload: browsers would stop it, too.
        if (navigator.userActivation?.isActive) this.#leaveTo(this.#client.address("search", pairs));
      }
    }
  }

  #show({ results, total, facets }) {
    const { nothing, total: count, language } = this.#texts;
    const found = count.replace("{count}", total.toLocaleString(language));
    const said = total ? found : nothing.replace("{query}", this.#search.q);
    const change = (changes) => this.#find({ ...this.#search, ...changes });
    const chosen = this.shadowRoot.activeElement?.closest(".filters label");
    const place = chosen ? [...chosen.parentNode.children].indexOf(chosen) : -1;
    const sections = facets.section?.values ?? [];
    for (const { value, label } of sections) this.#sections.set(value, label);
    const choosers = filters(this.#search, sections, this.#sections, this.#texts, change);
    const list = articleList(results, { name: found, texts: this.#texts });
    const status = element("p", { className: "count", part: "count", role: "status" });
    this.#results.replaceChildren(choosers, status, list);
    choosers.children[place]?.lastChild.focus();
    // Said by screen readers only if it changes after it is there.
    requestAnimationFrame(() => (status.textContent = said));
  }

  async #handOver(id, kind) {
    try {
      const article = await this.#client.get(`api/v1/articles/${encodeURIComponent(id)}`);
      const detail = selectionOf(article, kind, this.getAttribute("citation") ?? "moet");
      this.#say("");
      this.dispatchEvent(new CustomEvent("timbao:select", { bubbles: true, composed: true, detail }));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.#say(this.#texts.offline);
    }
  }

  #shortcut(event) {
    const wanted = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing;
    if (!wanted || event.defaultPrevented || !this.#inserts) return;
    const item = event.target.closest("li[data-id]") ?? this.#results.querySelector("li[data-id]");
    if (!item) return;
    event.preventDefault();
    this.#box.close();
    this.#handOver(item.dataset.id, "link");
  }

  #watchHeadline() {
    clearTimeout(this.#headlineTimer);
    const headline = this.#headline;
    if (headline && this.#inserts) this.#headlineTimer = setTimeout(() => this.#relate(headline), HEADLINE_IDLE);
    else this.#related.replaceChildren();
  }

  /** Lists the news nearest to a headline, but not the draft itself. */
  async #relate(headline) {
    const { related: name } = this.#texts;
    try {
      // A draft is nobody's query: no log of the archive may keep it.
      const pairs = [["q", headline], ["per_page", SHOWN], ["log", "0"]];
      const { results } = await this.#client.get("api/v1/search", pairs);
      if (headline !== this.#headline) return;
      const articles = relatedTo(headline, results, this.#texts);
      const title = element("p", { className: "count", textContent: name });
      const list = articleList(articles, { name, texts: this.#texts });
      this.#related.replaceChildren(...(articles.length ? [title, list] : []));
    } catch (error) {
      // The panel is an extra: without an answer it stays as it was.
      if (!(error instanceof Unanswered)) throw error;
    }
  }

  #keep() {
    if (!("persist" in this.dataset)) return;
    const address = new URL(location.href);
    for (const [field, name] of Object.entries(KEPT)) {
      if (this.#search[field]) address.searchParams.set(name, this.#search[field]);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  }

  #restore() {
    if (!("persist" in this.dataset)) return;
    const params = new URL(location.href).searchParams;
    const [q, section, days] = Object.values(KEPT).map((name) => params.get(name) ?? "");
    this.#input.value = q;
    const known = ["1", "7", "30"].includes(days) ? days : "";
    if (this.#inserts && q + section + known) this.#find({ q, section, days: known, others: [] });
  }

  /** The archive's pages let nobody frame them, and a page with a draft must stay. */
  #leaveTo(address) {
    if (this.#inserts || window !== window.top) open(address, "_blank", "noopener");
    else location.assign(address);
  }

  #say(text) {
    this.#message.textContent = text;
  }
}

/** @param {{server: string, style: string, texts: Record<string, object>}} defaults */
export function defineTimBao({ server, style, texts }) {
  if (customElements.get("tim-bao")) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  TimBao.defaults = { server, sheet, texts };
  customElements.define("tim-bao", TimBao);
}
