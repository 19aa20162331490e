"""The interface in Vietnamese and English."""

import io
import re
from pathlib import Path

import pytest
from asking import page_of, text_of
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from build_translations import CATALOGUE, COMPILED, collected, read_catalogue, untranslated
from flask.testing import FlaskClient
from small_archive import small_archive

PAGES = (
    "/",
    "/search?q=ha+noi&section=thoi-su",
    "/search?q=ma",
    "/search?q=%22khong+co%22&section=thoi-su",
    "/facet/author",
    "/advanced",
    "/help",
    "/khong-co",
)
#: English words that a Vietnamese page may have: names of formats, styles and languages.
_NAMES = {"english", "json", "csl", "rss", "atom", "zotero", "endnote", "excel", "telex", "ndjson"}
_ENGLISH = re.compile(
    r"\b(?:the|(?-i:and|And)|search|results?|page|filter|remove|sort|export|help|home|next|previous|select|"
    r"article|author|source|section|date|from|to be|copy|cite|related|news|language)\b",
    re.IGNORECASE,
)
_VIETNAMESE_LETTERS = re.compile(
    r"[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]"
)


def test_everything_has_its_english() -> None:
    catalogue = read_catalogue()
    messages = {str(message.id) for message in collected() if message.id}
    assert len(messages) > 150
    assert {str(message.id) for message in catalogue if message.id} == messages
    assert untranslated(catalogue) == []


def test_translations_have_the_places_of_their_messages() -> None:
    for message in read_catalogue():
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        source = message.id if isinstance(message.id, str) else message.id[0]
        for text in texts:
            wanted = sorted(re.findall(r"%\(\w+\)s", source))
            assert sorted(re.findall(r"%\(\w+\)s", str(text))) == wanted, source


def _texts(value: object) -> tuple[str, ...]:
    return (
        (value,)
        if isinstance(value, str)
        else tuple(value)
        if isinstance(value, (list, tuple))
        else ()
    )


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    def contents(path: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
        data = io.BytesIO(path.read_bytes())
        catalogue = read_mo(data) if path.suffix == ".mo" else read_po(data, locale="en")
        return {_texts(m.id): _texts(m.string) for m in catalogue if m.id}

    assert contents(COMPILED) == contents(CATALOGUE), "run scripts/build_translations.py"


@pytest.mark.parametrize("path", PAGES)
def test_a_vietnamese_page_has_no_english(client: FlaskClient, path: str) -> None:
    response = client.get(path, follow_redirects=True)
    assert response.headers["Content-Language"] == "vi"
    assert '<html lang="vi">' in response.text
    text = text_of(response.text)
    for article in small_archive():
        for part in (article.headline, article.lead, *article.body):
            text = text.replace(part, "")
    assert [word for word in _ENGLISH.findall(text) if word.lower() not in _NAMES] == []


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_has_vietnamese_only_where_it_says_so(
    client: FlaskClient, path: str
) -> None:
    separator = "&" if "?" in path else "?"
    response = client.get(f"{path}{separator}lang=en", follow_redirects=True)
    assert '<html lang="en">' in response.text
    assert response.headers["Content-Language"] == "en"
    body = response.text.partition("<main")[2]
    chips = re.compile(r'<(\w+)[^>]* lang="vi".*?</\1>', re.DOTALL)
    text = re.sub("“[^”]*”|Expanded: [^×]*", "", text_of(chips.sub("", body)))
    found = [word for word in text.split() if _VIETNAMESE_LETTERS.search(word.lower())]
    known = {part for a in small_archive() for part in f"{a.section} {a.source}".split()}
    known |= {"Tìm", "Báo", "Tiếng", "Việt"}
    assert [word for word in found if word.strip("():·") not in known] == []


def test_the_address_then_the_cookie_then_the_browser_choose(client: FlaskClient) -> None:
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    assert 'lang="en"' in client.get("/", headers=english).text[:40]
    assert 'lang="vi"' in client.get("/", headers={"Accept-Language": "fr"}).text[:40]
    response = client.get("/help?lang=en")
    assert "How to search" in response.text
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("lang=en;")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "How to search" in client.get("/help").text
    assert "Cách tìm tin" in client.get("/help?lang=vi", headers=english).text
    assert "Cookie" in response.headers["Vary"]
    assert "Accept-Language" in response.headers["Vary"]


def test_numbers_and_plurals_follow_the_language(client: FlaskClient) -> None:
    assert (
        "<h1>1 result for “bèo tấm”</h1>"
        in client.get("/search?q=b%C3%A8o+t%E1%BA%A5m&lang=en").text
    )
    assert "25 results for “bản tin”" in client.get("/search?q=b%E1%BA%A3n+tin&lang=en").text
    assert "05/10/2026 06:40" in client.get("/search?q=ngap&lang=en").text


def test_the_language_links_keep_the_page(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=ha+noi&section=thoi-su")
    assert 'href="/search?q=ha+noi&amp;section=thoi-su&amp;lang=en"' in html
    assert (
        '<link rel="canonical" href="/search?q=ha+noi&amp;section=thoi-su">'
        in client.get("/search?q=ha+noi&section=thoi-su&lang=en").text
    )
