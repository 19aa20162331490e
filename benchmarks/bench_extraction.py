"""How often each field of a news page is read right, beside trafilatura, newspaper4k, readability.

    python benchmarks/bench_extraction.py [--misses] [--json FILE]

The pages are of our own making, in the shapes of Vietnamese outlets (extraction_shapes.py); what is
in them is known (extraction_pages.py). Headline, section: equal. Source: equal but for "Báo". Lead:
nine tenths of the words of either are the other's. Authors, tags, captions, related: the same set.
Date: the same minute; a peer that knows days only is asked for the day in a column of its own. Body
complete: every paragraph and heading of the text is in it. Body clean: it holds nothing else, where
headline, lead and captions count as the text's own. Refused: a front page is taken for none.
"""

import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any, Final

from extraction_pages import Gold, Page, pages
from measure import run_facts, write_json

from index.article import VIETNAM_TIME, Provenance
from index.readers.bad_record import RecordError
from index.readers.html_page import parse_html_page

FIELDS: Final = (
    *("headline", "lead", "body complete", "body clean", "authors", "date, minute", "date, day"),
    *("section", "source", "tags", "captions", "related", "refused"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an extractor reads in a page; None is a field that it does not have."""

    headline: str = ""
    lead: str | None = None
    body: tuple[str, ...] = ()
    authors: tuple[str, ...] | None = None
    published: datetime | str | None = None
    section: str | None = None
    source: str | None = None
    tags: tuple[str, ...] | None = None
    captions: tuple[str, ...] | None = None
    related: tuple[str, ...] | None = None


def timbao(html: str) -> Found | None:
    """Ours; None where the page is refused."""
    try:
        article = parse_html_page(html, Provenance(reader="html_page", path=""))
    except RecordError:
        return None
    return Found(
        headline=article.headline,
        lead=article.lead,
        body=article.body,
        authors=article.authors,
        published=article.published,
        section=article.section,
        source=article.source,
        tags=article.tags,
        captions=article.captions,
        related=tuple(item.headline for item in article.related),
    )


def trafilatura(html: str) -> Found | None:
    """trafilatura, with what it knows beside the text."""
    from trafilatura import bare_extraction

    document: Any = bare_extraction(html, with_metadata=True, include_comments=False)
    if document is None:
        return None
    return Found(
        headline=document.title or "",
        lead=document.description or "",
        body=tuple((document.text or "").split("\n")),
        authors=tuple((document.author or "").split("; ")),
        published=document.date,
        section=(document.categories or [""])[0],
        source=document.sitename or "",
        tags=tuple(document.tags or ()),
    )


def newspaper4k(html: str) -> Found | None:
    """newspaper4k, in Vietnamese where it says so."""
    from newspaper import Article  # type: ignore[import-not-found, unused-ignore]

    article = Article("https://paper.example/a.html", language="vi")
    article.download(input_html=html)
    article.parse()
    return Found(
        headline=article.title or "",
        lead=article.meta_description or "",
        body=tuple(line for line in (article.text or "").split("\n") if line.strip()),
        authors=tuple(article.authors),
        published=article.publish_date,
        section=str(article.meta_data.get("article", {}).get("section", ""))
        if isinstance(article.meta_data.get("article"), dict)
        else "",
        source=article.meta_site_name or "",
        tags=tuple(article.tags or article.meta_keywords),
    )


def readability(html: str) -> Found | None:
    """readability-lxml: headline and text."""
    from lxml.html import fragment_fromstring
    from readability import Document  # type: ignore[import-not-found, unused-ignore]

    document = Document(html)
    tree = fragment_fromstring(document.summary(html_partial=True), create_parent="div")
    lines = (" ".join(line.split()) for line in tree.itertext())
    return Found(headline=document.short_title(), body=tuple(line for line in lines if line))


EXTRACTORS: Final[dict[str, Callable[[str], Found | None]]] = {
    "timbao": timbao,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "readability": readability,
}


def score(page: Page, found: Found | None) -> dict[str, bool]:
    """Which fields of the page are right; what the extractor has not is left out."""
    gold = page.gold
    if not gold.is_article:
        return {"refused": found is None}
    if found is None:
        found = Found()
    text = _key(" ".join(found.body))
    checks = {
        "headline": _key(found.headline) == _key(gold.headline),
        "body complete": all(_key(part) in text for part in gold.body),
        "body clean": not _foreign(text, gold),
    }
    if found.lead is not None:
        checks["lead"] = _alike(found.lead, gold.lead)
    if found.authors is not None:
        checks["authors"] = _same(found.authors, gold.authors)
        checks |= _dates(found.published, gold)
    if found.section is not None:
        checks["section"] = _key(found.section) == _key(gold.section)
    if found.source is not None:
        names = [_key(name).removeprefix("báo ") for name in (found.source, gold.source)]
        checks["source"] = names[0] == names[1]
    if found.tags is not None:
        checks["tags"] = _same(found.tags, gold.tags)
    if found.captions is not None:
        checks["captions"] = _same(found.captions, gold.captions)
    if found.related is not None:
        checks["related"] = _same(found.related, gold.related)
    return checks


def _foreign(text: str, gold: Gold) -> str:
    """What the text holds beside the article's own."""
    own = [gold.headline, gold.lead, *gold.body, *gold.captions]
    for part in sorted(map(_key, own), key=len, reverse=True):
        text = text.replace(part, " ")
    return " ".join(word for word in text.split() if any(map(str.isalnum, word)))


def _said(page: Page, found: Found | None, check: str) -> str:
    """What ours has instead."""
    if found is None or check == "refused":
        return "taken" if found else "refused"
    text = _key(" ".join(found.body))
    if check == "body clean":
        return _foreign(text, page.gold)
    if check == "body complete":
        return str([part for part in page.gold.body if _key(part) not in text])
    return repr(getattr(found, "published" if "date" in check else check))


def _dates(published: datetime | str | None, gold: Gold) -> dict[str, bool]:
    assert gold.published is not None
    if isinstance(published, str):
        return {"date, day": published == gold.published.date().isoformat()}
    if published is None:
        return {"date, minute": False, "date, day": False}
    local = published if published.tzinfo else published.replace(tzinfo=VIETNAM_TIME)
    local = local.astimezone(VIETNAM_TIME)
    return {
        "date, minute": local == gold.published,
        "date, day": local.date() == gold.published.date(),
    }


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _same(found: tuple[str, ...], gold: tuple[str, ...]) -> bool:
    return {_key(one) for one in found if one} == set(map(_key, gold))


def _alike(one: str, other: str) -> bool:
    left, right = set(_key(one).split()), set(_key(other).split())
    shared = len(left & right)
    return bool(left) and shared >= 0.9 * max(len(left), len(right))


def main() -> None:
    """Print the table, and with --misses every field of ours that is wrong."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--misses", action="store_true")
    options.add_argument("--json", type=Path)
    options.add_argument("--extractors", nargs="+", default=list(EXTRACTORS), choices=EXTRACTORS)
    chosen = options.parse_args()
    everything = list(pages())
    shares: dict[str, dict[str, float]] = {}
    for name in chosen.extractors:
        right: dict[str, list[bool]] = defaultdict(list)
        failed, before = 0, process_time()
        for page in everything:
            try:
                found = EXTRACTORS[name](page.html)
            except ImportError:
                sys.exit(f"{name} is missing: pip install -r requirements/bench.txt")
            except Exception:  # a peer that gives up on a page has nothing of it
                if name == "timbao":
                    raise
                failed, found = failed + 1, None
            for check, is_right in score(page, found).items():
                right[check].append(is_right)
                if chosen.misses and name == "timbao" and not is_right:
                    print(f"{page.outlet}, {page.kind}: {check}: {_said(page, found, check)}")
        shares[name] = {check: sum(marks) / len(marks) for check, marks in right.items()}
        shares[name]["ms a page"] = 1000 * (process_time() - before) / len(everything)
        shares[name]["failed"] = failed
    print(f"{len(everything)} pages")
    print("| field | " + " | ".join(shares) + " |\n|---|" + "---:|" * len(shares))
    for check in FIELDS:
        cells = (f"{100 * row[check]:.1f}" if check in row else "–" for row in shares.values())
        print(f"| {check} | " + " | ".join(cells) + " |")
    print(
        "| ms a page | " + " | ".join(f"{row['ms a page']:.0f}" for row in shares.values()) + " |"
    )
    write_json(chosen.json, {"facts": run_facts(), "pages": len(everything), "shares": shares})


if __name__ == "__main__":
    main()
