// Lists of articles in the widget, and the filters above them.

import { element, searchText } from "../combobox.js";
import { dayText } from "./selection.js";

const RELATED = 6;
const REASONS = 2;
const DAY = 86_400_000;
/** The choices of time: their texts, and how many days they reach back. */
const TIMES = [["any", ""], ["today", "1"], ["week", "7"], ["month", "30"]];

/**
 * A list whose articles can be inserted.
 * @param {object[]} articles results or related articles of the API
 * @param {{name: string, texts: Record<string, string>}} how
 */
export function articleList(articles, { name, texts }) {
  const list = element("ol", { part: "articles", ariaLabel: name });
  list.append(...articles.map((article) => articleItem(article, texts)));
  return list;
}

function articleItem(article, texts) {
  const item = element("li", { part: "article" });
  item.dataset.id = article.id;
  const { title, url } = article;
  const name = element("bdi", { textContent: title });
  const link = element("a", { href: url, target: "_blank", rel: "noopener", lang: "vi" }, name);
  item.append(element("p", { className: "headline" }, link));
  const known = [article.source?.name, dayText(article.published_at), article.reason].filter(Boolean);
  const meta = known.flatMap((text) => [" · ", element("bdi", { textContent: text })]).slice(1);
  item.append(element("p", { className: "meta" }, ...meta));
  for (const [kind, text] of [["link", texts.insert], ["citation", texts.insertCitation]]) {
    const button = element("button", { type: "button", className: "quiet", part: "insert", textContent: text });
    button.ariaLabel = `${text}: ${title}`;
    button.dataset.kind = kind;
    item.append(button);
  }
  return item;
}

/** The results nearest to a headline with the words they share, without the article of that name. */
export function relatedTo(headline, results, texts) {
  const draft = headline.toLowerCase();
  const others = results.filter(({ title }) => searchText(title).toLowerCase() !== draft);
  return others.slice(0, RELATED).map((article) => {
    const words = sharedWords(article.highlights).join(", ");
    return { ...article, reason: words && texts.shared.replace("{words}", words) };
  });
}

/** The longest runs of words that are marked in an article. */
function sharedWords({ title, lead, body }) {
  const marked = [title, lead, ...body].flat().filter((segment) => segment.m);
  const runs = new Map(marked.map(({ t }) => [t.toLowerCase(), t]));
  const longest = [...runs.values()].sort((a, b) => b.split(" ").length - a.split(" ").length);
  return longest.slice(0, REASONS);
}

/**
 * A search: its words, a section, the last days, and what else its address said.
 * @typedef {{q: string, section: string, days: string, others: [string, string][]}} Search
 */

/** The parameters of a search, for the API and for the page of results alike. */
export function searchPairs({ q, section, days, others }) {
  const first = days && vietnamDay(Date.now() - (Number(days) - 1) * DAY);
  const named = [["q", q], ["section", section], ["from", first]];
  return [...named.filter(([, value]) => value), ...others];
}

/** The search that an address of the archive leads to. */
export function searchOf(address) {
  const params = new URL(address).searchParams;
  const others = [...params].filter(([name]) => name !== "q" && name !== "section");
  return { q: params.get("q") ?? "", section: params.get("section") ?? "", days: "", others };
}

/**
 * The choosers of section and time.
 * @param {Search} search
 * @param {{value: string, label: string, count: number}[]} sections
 * @param {Map<string, string>} names of the sections that were listed before
 * @param {(changes: Partial<Search>) => void} change
 */
export function filters(search, sections, names, texts, change) {
  const counted = sections.map(({ value, label, count }) => [value, `${isolated(label)} (${count})`]);
  const known = [["", texts.any], ...counted];
  // A section in which nothing is found is not counted, but chosen all the same.
  if (!known.some(([value]) => value === search.section)) {
    known.push([search.section, `${isolated(names.get(search.section) ?? search.section)} (0)`]);
  }
  const times = TIMES.map(([name, days]) => [days, texts[name]]);
  return element(
    "div",
    { className: "filters", part: "filters" },
    chooser(texts.section, known, search.section, (section) => change({ section })),
    chooser(texts.time, times, search.days, (days) => change({ days })),
  );
}

/** The text within marks that do what <bdi> does, for an option, which holds no elements. */
function isolated(text) {
  return `\u2068${text.replace(/[\u2066-\u2069]/g, "")}\u2069`;
}

function chooser(name, choices, chosen, change) {
  const options = choices.map(([value, text]) => new Option(text, value, false, value === chosen));
  const select = element("select", {}, ...options);
  select.addEventListener("change", () => change(select.value));
  return element("label", {}, element("span", { textContent: name }), select);
}

function vietnamDay(time) {
  // Sweden writes days as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Ho_Chi_Minh" }).format(time);
}
