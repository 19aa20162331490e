// A search box with a list of suggestions (the editable combobox of the ARIA Authoring Practices).
//
// Vietnamese input methods write into the box by themselves: some compose, some send Backspace and
// the accented letters. So nothing here changes the text while somebody types, and the keys of a
// composition are left alone.

import { Unanswered } from "./client.js";

const IDLE = 120;
const SAID_AFTER = 700;
const SHORTEST = 2;
const KEPT_ANSWERS = 50;
const SMALLEST_LIST = 160;
const MARGIN = 8;
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "NumLock", "Fn"]);

/**
 * @typedef {object} Suggestion
 * @property {string} text
 * @property {string} kind a key of Texts.kinds
 * @property {[string, number][]} [parts] the text in pieces, with 1 where it was typed
 * @property {number} [total] how many articles it finds
 * @property {string} [url]
 *
 * @typedef {object} Texts `{count}` stands for the number
 * @property {string} language
 * @property {string} list the name of the list
 * @property {string} none
 * @property {string} one
 * @property {string} many
 * @property {string} total
 * @property {Record<string, string>} kinds
 *
 * @typedef {object} Options
 * @property {(text: string, signal: AbortSignal) => Promise<Suggestion[]>} ask throws Unanswered
 * @property {(suggestion: Suggestion) => void} choose
 * @property {Texts} texts
 * @property {() => Suggestion[]} [recents] what is offered for an empty box
 */

/** The text as it is searched: in NFC, white space folded and taken off both ends. */
export function searchText(typed) {
  return typed.normalize("NFC").replace(/\s+/g, " ").trim();
}

export class Combobox {
  #input;
  #list = document.createElement("ul");
  #live = document.createElement("span");
  #options;
  #answers = new Map();
  #items = [];
  #active = -1;
  #composing = false;
  #asked = 0;
  #request = new AbortController();
  #waiting = 0;
  #saying = 0;

  /**
   * @param {HTMLInputElement} input with a label, in an element that the list may hang from
   * @param {Options} options
   */
  constructor(input, options) {
    this.#input = input;
    this.#options = options;
    this.#build();
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.close());
    input.addEventListener("click", () => this.#offerRecents());
    input.addEventListener("compositionstart", () => (this.#composing = true));
    input.addEventListener("compositionend", () => (this.#composing = false));
    input.form?.addEventListener("submit", (event) => this.#submitted(event), { capture: true });
    // The focus stays in the box, or the keyboard of a phone would close.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const index = [...this.#list.children].indexOf(event.target.closest("li"));
      if (index >= 0) this.#choose(index);
    });
  }

  /** Closes the list and forgets what is being asked; the text stays. */
  close() {
    this.#forget();
    this.#activate(-1);
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
  }

  #build() {
    const input = this.#input;
    this.#list.id = `${input.id}-list`;
    this.#list.className = "suggestions";
    this.#list.part = "list";
    this.#list.role = "listbox";
    this.#list.hidden = true;
    this.#list.ariaLabel = this.#options.texts.list;
    this.#live.className = "hidden";
    this.#live.id = "live";
    this.#live.role = "status";
    input.after(this.#list, this.#live);
    input.role = "combobox";
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.#list.id);
    input.setAttribute("aria-expanded", "false");
  }

  get #text() {
    return searchText(this.#input.value);
  }

  get #isOpen() {
    return !this.#list.hidden;
  }

  #typed() {
    this.#forget();
    this.#activate(-1);
    const text = this.#text;
    if ([...text].length < SHORTEST) {
      this.close();
    } else if (this.#answers.has(text)) {
      this.#show(this.#answers.get(text));
    } else {
      this.#waiting = setTimeout(() => this.#ask(text), IDLE);
    }
  }

  async #ask(text) {
    this.#forget();
    const number = this.#asked;
    let found;
    try {
      found = await this.#options.ask(text, this.#request.signal);
    } catch (error) {
      if (number !== this.#asked) return;
      this.close();
      // To somebody who types, a failure is no news: the form still works.
      if (!(error instanceof Unanswered)) throw error;
      if (error.reason === "busy") this.#waiting = setTimeout(() => this.#ask(text), error.wait);
      return;
    }
    this.#keep(text, found);
    // Aborting is not enough: an answer may be here already when the text changes.
    if (number === this.#asked && text === this.#text) this.#show(found);
  }

  #forget() {
    this.#asked += 1;
    this.#request.abort();
    this.#request = new AbortController();
    clearTimeout(this.#waiting);
    clearTimeout(this.#saying);
    this.#live.textContent = "";
  }

  #keep(text, found) {
    if (this.#answers.size >= KEPT_ANSWERS) this.#answers.delete(this.#answers.keys().next().value);
    this.#answers.set(text, found);
  }

  #show(items) {
    this.#items = items;
    this.#list.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    this.#activate(-1);
    this.#list.hidden = items.length === 0;
    this.#input.setAttribute("aria-expanded", String(this.#isOpen));
    if (this.#isOpen) this.#fit();
    const { none, one, many } = this.#options.texts;
    const said = [none, one][items.length] ?? many.replace("{count}", items.length);
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => (this.#live.textContent = said), SAID_AFTER);
  }

  /** A list that would reach below what is seen of the page is scrolled instead. */
  #fit() {
    if (this.#room() < SMALLEST_LIST) this.#input.scrollIntoView({ block: "start" });
    this.#list.style.maxHeight = `${Math.max(this.#room(), SMALLEST_LIST)}px`;
    this.#list.scrollTop = 0;
  }

  #room() {
    // Without the keyboard of a phone, and of what is zoomed only the part in view.
    const seen = visualViewport.offsetTop + visualViewport.height;
    return seen - this.#list.getBoundingClientRect().top - MARGIN;
  }

  #option(item, index) {
    const { kinds, language, total } = this.#options.texts;
    const option = element("li", { id: `${this.#list.id}-${index}`, role: "option", part: "option" });
    option.setAttribute("aria-selected", "false");
    // Headlines and names may turn the direction of writing round; <bdi> ends that.
    const text = element("bdi", { className: "text", lang: "vi" });
    for (const [piece, typed] of item.parts ?? [[item.text, 0]]) {
      text.append(typed ? element("b", { textContent: piece }) : piece);
    }
    option.append(text);
    const count = item.total && total.replace("{count}", item.total.toLocaleString(language));
    const notes = [count, kinds[item.kind]].filter(Boolean);
    option.append(...notes.map((note) => element("span", { className: "note", textContent: note })));
    option.ariaLabel = [item.text, ...notes].join(", ");
    return option;
  }

  #activate(index) {
    this.#list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const option = this.#list.children[index];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    // 229 is what browsers report of a key that the input method has taken.
    if (event.isComposing || event.keyCode === 229) {
      // Search fields would clear themselves.
      if (event.key === "Escape") event.preventDefault();
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.shiftKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#arrow(event.key === "ArrowDown", event.altKey);
    } else if (event.key === "Enter") {
      if (this.#active < 0) return;
      event.preventDefault();
      this.#choose(this.#active);
    } else if (event.key === "Escape") {
      this.#escape(event);
    } else if (!MODIFIERS.has(event.key)) {
      this.#activate(-1);
    }
  }

  #arrow(down, alt) {
    const count = this.#items.length;
    if (!this.#isOpen) {
      if (down) this.#open();
    } else if (alt) {
      if (!down) this.close();
    } else if (down) {
      this.#activate(this.#active + 1 < count ? this.#active + 1 : -1);
    } else {
      this.#activate(this.#active < 0 ? count - 1 : this.#active - 1);
    }
  }

  #open() {
    const text = this.#text;
    if (!text) this.#offerRecents();
    else if (this.#answers.has(text)) this.#show(this.#answers.get(text));
    else if ([...text].length >= SHORTEST) this.#ask(text);
  }

  #offerRecents() {
    const recents = this.#options.recents?.() ?? [];
    if (!this.#text && recents.length && !this.#isOpen) this.#show(recents);
  }

  #escape(event) {
    if (!this.#isOpen && !this.#input.value) return;
    // A dialog around the box stays open.
    event.preventDefault();
    event.stopPropagation();
    if (!this.#isOpen) this.#input.value = "";
    this.close();
  }

  #choose(index) {
    const item = this.#items[index];
    this.close();
    this.#options.choose(item);
  }

  #submitted(event) {
    if (this.#composing) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      this.close();
    }
  }
}

/** A new element with these properties. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
