"""Files as bytes of an old encoding, under every name and whatever they declare."""

import json
from pathlib import Path

import pytest
from legacy_texts import ARTICLE, encoded
from reading import read_with_notices, write_file

from analyzers import LegacyEncoding, repair_fields
from index.readers.decoding import SAMPLE_BYTES

TITLE, LEAD, *BODY = ARTICLE
#: The bytes of these are the characters of Latin-1.
ONE_BYTE: list[LegacyEncoding] = ["tcvn3", "vni", "viscii", "vps", "cp1258"]
DECLARED = ["", "utf-8", "x-user-defined", "iso-8859-1", "windows-1252", "viscii", "x-none"]


def as_file(name: str, charset: str = "") -> str:
    record = {"title": TITLE, "lead": LEAD, "body": "\n".join(BODY)}
    suffix = name.rpartition(".")[2]
    if suffix == "txt":
        return "\n\n".join(ARTICLE)
    if suffix == "html":
        meta = f'<meta charset="{charset}">' if charset else ""
        text = "".join(f"<p>{part}</p>" for part in (LEAD, *BODY))
        return f"<html><head>{meta}<title>{TITLE}</title></head><body><h1>{TITLE}</h1>{text}</body>"
    if suffix == "csv":
        return "title,lead,body\n" + ",".join(f'"{value}"' for value in record.values()) + "\n"
    return json.dumps(record, ensure_ascii=False)


def check(path: Path, encoding: str | None) -> None:
    articles, bad, _ = read_with_notices(path)
    assert bad == []
    (article,) = articles
    whole = " ".join(filter(None, (article.headline, article.lead, *article.body)))
    # TCVN3 has most accented letters in one case only.
    expected = " ".join(ARTICLE)
    assert whole == expected or (encoding == "tcvn3" and whole.lower() == expected.lower())
    assert article.provenance is not None
    assert article.provenance.encoding == encoding


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json", "a.jsonl", "a.html", "a.txt.gz"])
@pytest.mark.parametrize("encoding", ONE_BYTE)
def test_old_encodings_under_every_name(
    tmp_path: Path, name: str, encoding: LegacyEncoding
) -> None:
    data = encoded(as_file(name.removesuffix(".gz")), encoding).encode("latin-1")
    check(write_file(tmp_path, name, data), encoding)


@pytest.mark.parametrize("charset", DECLARED)
@pytest.mark.parametrize("encoding", ["viscii", "vps", "cp1258"])
def test_what_a_page_declares_does_not_matter(
    tmp_path: Path, charset: str, encoding: LegacyEncoding
) -> None:
    data = encoded(as_file("a.html", charset), encoding).encode("latin-1")
    check(write_file(tmp_path, "a.html", data), encoding)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json", "a.jsonl", "a.html"])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig"])
def test_unicode_with_and_without_a_mark(tmp_path: Path, name: str, codec: str) -> None:
    check(write_file(tmp_path, name, as_file(name, "utf-8").encode(codec)), None)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json", "a.html"])
def test_a_broken_byte_costs_a_letter(tmp_path: Path, name: str) -> None:
    data = as_file(name).encode().replace("gùi".encode(), b"g\xf9i")
    articles, bad, notices = read_with_notices(write_file(tmp_path, name, data))
    assert bad == []
    (article,) = articles
    assert article.headline == TITLE
    assert "lại g\ufffdi măng" in " ".join((article.lead, *article.body))
    assert ["not UTF-8" in str(told) for told in notices] == [True]


def test_a_record_mended_twice_is_told_of_both(tmp_path: Path) -> None:
    text = as_file("a.jsonl")
    old = encoded(text.removesuffix("}") + ",}", "vps").encode("latin-1")
    behind_the_sample = text.encode() + b"\n" * SAMPLE_BYTES + old
    path = write_file(tmp_path, "a.jsonl", behind_the_sample)
    articles, bad, notices = read_with_notices(path)
    assert ([article.headline for article in articles], bad) == ([TITLE, TITLE], [])
    (told,) = map(str, notices)
    assert "read by its letters" in told
    assert "a comma before a closing bracket was passed over" in told


FOREIGN = {
    "English": (
        "windows-1252",
        "The mayor’s office said “nothing has changed” – traffic will flow again by noon.",
    ),
    "French": (
        "windows-1252",
        "À l’école de Château-Thierry, les élèves fêtaient déjà l’été; le préfet a reçu "
        "les maîtres à la mairie où l’on a dîné.",
    ),
    "Spanish": (
        "windows-1252",
        "El año pasado la señora Núñez subió a la montaña; ¿qué pasó después en aquella región?",
    ),
    "Czech": (
        "windows-1250",
        "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl ve středu mluvčí městského úřadu v Děčíně.",
    ),
    "German": (
        "windows-1252",
        "Die Straßenbahn fährt künftig über Köln-Mülheim, hieß es größtenteils.",
    ),
}


@pytest.mark.parametrize("language", FOREIGN)
@pytest.mark.parametrize("declared", [True, False])
def test_other_languages_are_not_taken_for_old_vietnamese(
    tmp_path: Path, language: str, declared: bool
) -> None:
    codec, text = FOREIGN[language]
    assert repair_fields((text,)) is None
    meta = f'<meta charset="{codec}">' if declared else ""
    html = f"<html><head>{meta}</head><body><h1>{text}</h1><p>{text * 3}</p></body></html>"
    articles, bad, notices = read_with_notices(write_file(tmp_path, "a.html", html.encode(codec)))
    assert bad == []
    assert [a.provenance.encoding for a in articles if a.provenance] == [None]
    if declared:
        assert (articles[0].headline, notices) == (text, [])
    else:
        assert len(notices) == 1


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.csv"])
def test_broken_bytes_far_down_or_behind_a_mark(tmp_path: Path, name: str) -> None:
    data = as_file(name).encode()
    far = data.replace(b"khu ch", b"\xf9 " + b"khu " * 70_000 + b"ch", 1)
    for content in (b"\xef\xbb\xbf\x80" + data, far.replace(b"ng c\xe1\xbb\x91.", b"ng \xff", 1)):
        articles, bad, notices = read_with_notices(write_file(tmp_path, name, content))
        assert len(articles) + len(bad) == 1
        assert notices or bad
