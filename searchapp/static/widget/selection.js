// What the widget hands to its page about a chosen article: a link or a citation, ready to insert.

/** Whatever newspapers wrote as an address, a link leads to the web. */
const WEB_ADDRESS = /^https?:\/\/[^\s<>"]+$/;

/**
 * @typedef {object} Selection
 * @property {"link" | "citation"} kind what was asked for; `text`, `html` and `markdown` are that
 * @property {string} id
 * @property {string} title
 * @property {string} url the page of the archive
 * @property {string | null} sourceUrl where the newspaper published it
 * @property {string} source the newspaper
 * @property {string} date dd/mm/yyyy in Vietnam; empty where it is not known
 * @property {string | null} publishedAt the time in ISO 8601
 * @property {string} citation
 * @property {string} text
 * @property {string} html
 * @property {string} markdown
 */

/**
 * @param {object} article the document of /api/v1/articles/{id}
 * @param {"link" | "citation"} kind
 * @param {string} style a key of the document's citations
 * @returns {Selection}
 */
export function selectionOf(article, kind, style) {
  const citation = article.citations[style] ?? article.citations.moet;
  const date = dayText(article.published_at);
  const source = article.source?.name ?? "";
  const sourceUrl = WEB_ADDRESS.test(article.source_url) ? article.source_url : null;
  const about = {
    ...{ kind, id: article.id, title: article.title, url: article.url, sourceUrl },
    ...{ source, date, publishedAt: article.published_at, citation },
  };
  const insert = kind === "link" ? link(about) : quotation(citation, article);
  return Object.freeze({ ...about, ...insert });
}

/** dd/mm/yyyy of a time of the API, which is Vietnam's. */
export function dayText(time) {
  return time ? time.slice(0, 10).split("-").reverse().join("/") : "";
}

function link({ title, url, source, date }) {
  const known = [source, date].filter(Boolean).join(", ");
  const aside = known && ` (${known})`;
  return {
    text: `${title}${aside} ${url}`,
    html: `<a href="${escapeHtml(url)}">${escapeHtml(title)}</a>${escapeHtml(aside)}`,
    markdown: `[${escapeMarkdown(title)}](${url})${escapeMarkdown(aside)}`,
  };
}

/** A citation names the newspaper's own address, or the archive's where there is none. */
function quotation(citation, article) {
  const url = [article.source_url, article.url].find(
    (address) => WEB_ADDRESS.test(address) && citation.includes(address),
  );
  const [before, ...after] = url ? citation.split(url) : [citation];
  const around = (escape, address) => [escape(before), ...after.map(escape)].join(address);
  return {
    text: citation,
    html: around(escapeHtml, url && `<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`),
    markdown: around(escapeMarkdown, url && `<${url}>`),
  };
}

function escapeHtml(text) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (letter) => names[letter]);
}

function escapeMarkdown(text) {
  return text.replace(/[\\`*_[\]<>]/g, "\\$&");
}
