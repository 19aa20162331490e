"""Analysed documents → the fields of a cluster's documents, and back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...article import Article
from ...errors import IndexCorrupt
from ...schema import Zone
from ...segments.analyzed import AnalyzedDocument, BatchVocabulary
from ...stored_article import unpack_article
from .connection import Json
from .mapping import ALL_FIELD, STACKED_FIELDS, WORDS_FIELD, ZONE_FIELDS
from .terms import FILLER, compound_term, field_term, is_encodable

FORM, COMPOUND = "form", "compound"
#: The longest key that a sorted field takes is 32,766 bytes.
_LONGEST_SORT_KEY = 8_000
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One entry of the vocabulary under its folded form; `token` is how articles have it."""

    kind: str
    fold: str
    text: str
    token: str


class BatchFields:
    """The vocabulary of a batch as tokens."""

    def __init__(self, vocabulary: BatchVocabulary) -> None:
        self.vocabulary = vocabulary
        self._terms = [field_term(term) for term in vocabulary.terms]
        self._words = [compound_term(word) for word in vocabulary.words]

    def entries(self) -> Iterator[LexiconEntry]:
        """Every form and compound of the batch but those of broken text: nobody types them."""
        vocabulary = self.vocabulary
        forms = zip(vocabulary.terms_folded, vocabulary.terms, self._terms, strict=True)
        for fold, text, token in forms:
            if is_encodable(text):
                yield LexiconEntry(FORM, field_term(fold), text, token)
        compounds = zip(vocabulary.words_folded, vocabulary.words, self._words, strict=True)
        for fold, text, token in compounds:
            if is_encodable(text):
                yield LexiconEntry(COMPOUND, field_term(fold), text, token)

    def document(self, document: AnalyzedDocument) -> Json:
        """The fields of one article."""
        columns = document.columns
        fields: Json = {
            "id": document.doc_id,
            "digest": f"{document.digest:016x}",
            "article": _clean_json(unpack_article(document.stored)),
            "title_key": columns.title_key.hex()[:_LONGEST_SORT_KEY],
            "lengths": {ZONE_FIELDS[z]: n for z, n in zip(Zone, document.lengths, strict=True)},
            WORDS_FIELD: " ".join(self._words[number] for number in document.words.tolist()),
        }
        labels = {
            "source": (columns.source,),
            "section": (columns.section,),
            "authors": columns.authors,
            "tags": columns.tags,
        }
        for name, values in labels.items():
            if kept := [_SURROGATE.sub("\ufffd", value) for value in values if value]:
                fields[name] = kept
        if columns.published is not None:
            fields["published"] = columns.published
        if columns.changed is not None:
            fields["changed"] = columns.changed
        fields |= self._zones(document)
        return fields

    def _zones(self, document: AnalyzedDocument) -> Json:
        fields: Json = {}
        on_top: list[str] = []
        for zone, runs in _runs(document):
            name, stacked = ZONE_FIELDS[zone], STACKED_FIELDS[zone]
            fields[name] = [" ".join(self._terms[term] for term in run.terms) for run in runs]
            if any(run.stacked for run in runs):
                fields[stacked] = [self._stacked_text(run) for run in runs]
                on_top += [self._terms[term] for run in runs for _, term in run.stacked]
        if on_top:
            # One value each: they are nobody's neighbours.
            fields[ALL_FIELD] = on_top
        return fields

    def _stacked_text(self, run: "_Run") -> str:
        """The tokens on top at their positions, the others filled up to the run's length."""
        slots = [FILLER] * len(run.terms)
        for position, term in run.stacked:
            slots[position] = self._terms[term]
        return " ".join(slots)


@dataclass(frozen=True, slots=True)
class _Run:
    """Tokens of one paragraph that stand side by side, and those on top of them."""

    terms: list[int]
    stacked: list[tuple[int, int]]


def _runs(document: AnalyzedDocument) -> Iterator[tuple[Zone, list[_Run]]]:
    """The paragraphs of each zone with tokens.

    Where two tokens stand on top of one position, the later one is kept: analysis puts at most one
    on each.
    """
    rows = zip(
        document.terms.tolist(),
        document.positions.tolist(),
        document.zones.tolist(),
        document.primary.tolist(),
        strict=True,
    )
    zones: dict[int, list[_Run]] = {}
    waiting: list[tuple[int, int]] = []
    first = last = -2
    for term, position, zone, primary in rows:
        if not primary:
            waiting.append((position, term))
            continue
        runs = zones.setdefault(zone, [])
        if position != last + 1 or not runs:
            runs.append(_Run([], []))
            first = position
        runs[-1].terms.append(term)
        runs[-1].stacked.extend((at - first, top) for at, top in waiting if at == position)
        waiting = []
        last = position
    return iter([(Zone(zone), runs) for zone, runs in zones.items()])


def _clean_json(data: bytes) -> str:
    """An article's JSON without lone surrogates, which are escaped: no server takes them."""
    text = data.decode("utf-8", "surrogatepass")
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def stored_article(index: str, fields: Json) -> Article:
    """The article of a document; raises IndexCorrupt where it cannot be read."""
    try:
        return Article.from_json(fields["article"].encode())
    except (KeyError, AttributeError, ValueError) as error:
        raise IndexCorrupt(index, "a stored article cannot be read") from error
