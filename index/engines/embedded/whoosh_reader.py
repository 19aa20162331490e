"""The reading side of the codec: Whoosh's readers over segments of arrays."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from whoosh.codec.base import Automata, Codec, FieldCursor, PerDocumentReader, TermsReader
from whoosh.columns import ColumnReader
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader, TermInfo
from whoosh.util.times import datetime_to_long

from ...segments.segment import Segment
from ...stored_article import load_article
from .segment_file import ArraySegment
from .whoosh_fields import (
    SCHEMA,
    SORTABLE,
    ArrayMatcher,
    Postings,
    SegmentField,
    open_fields,
    published_numbers,
    vietnamese_time,
)

Term = tuple[str, bytes]


def open_reader(generation: int, segments: Sequence[tuple[ArraySegment, Segment]]) -> IndexReader:
    """Whoosh's reader of a generation."""
    readers = [
        SegmentReader(None, SCHEMA, info, generation, codec=ArrayCodec(segment))
        for info, segment in segments
    ]
    if not readers:
        return EmptyReader(SCHEMA)
    return readers[0] if len(readers) == 1 else MultiReader(readers, generation)


class ArrayCodec(Codec):
    """Reads one opened segment; writing goes through `NewsWriter`."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._fields = open_fields(segment)

    def terms_reader(self, storage: object, segment: ArraySegment) -> "ArrayTerms":
        return ArrayTerms(self._fields)

    def per_document_reader(self, storage: object, segment: ArraySegment) -> "ArrayDocuments":
        return ArrayDocuments(self._segment, segment, self._fields)

    def automata(self, storage: object, segment: ArraySegment) -> "Edits":
        return Edits()


class Edits(Automata):
    """Terms within an edit distance: compared one by one, a segment's lists are in memory."""

    def terms_within(
        self, fieldcur: "TermCursor", uterm: str, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        return fieldcur.field.terms_within(uterm, maxdist, prefix)


class TermCursor(FieldCursor):
    """A place in the terms of a field."""

    def __init__(self, field: SegmentField, decode: Callable[[bytes], Any]) -> None:
        self.field = field
        self._decode = decode
        self._terms: Iterator[bytes] = iter(())
        self._current: bytes | None = None
        self.first()

    def first(self) -> Any:
        return self.find(b"")

    def find(self, string: str | bytes) -> Any:
        """Move to the first term that is not below this one."""
        self._terms = self.field.terms_from(string.encode() if isinstance(string, str) else string)
        return self.next()

    def next(self) -> Any:
        self._current = next(self._terms, None)
        return self.text()

    def term(self) -> bytes | None:
        return self._current

    def text(self) -> Any:
        return None if self._current is None else self._decode(self._current)

    def is_valid(self) -> bool:
        return self._current is not None

    def term_info(self) -> TermInfo:
        """Statistics of the current term."""
        postings = None if self._current is None else self.field.postings(self._current)
        if postings is None:
            raise KeyError(self._current)
        return self.field.info(postings)


class ArrayTerms(TermsReader):
    """Terms and postings of a segment."""

    def __init__(self, fields: dict[str, SegmentField]) -> None:
        self._fields = fields

    def __contains__(self, term: Term) -> bool:
        field = self._fields.get(term[0])
        return field is not None and field.postings(term[1]) is not None

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor:
        return TermCursor(self._fields[fieldname], fieldobj.from_bytes)

    def indexed_field_names(self) -> Iterator[str]:
        return iter(sorted(self._fields))

    def terms(self) -> Iterator[Term]:
        for name in self.indexed_field_names():
            yield from self.terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """The terms of one field that are not below a prefix."""
        for term in self._fields[fieldname].terms_from(prefix):
            yield fieldname, term

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        for term in self.terms():
            yield term, self.term_info(*term)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        for term in self.terms_from(fieldname, prefix):
            yield term, self.term_info(*term)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        return self._fields[fieldname].info(self._postings(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self._postings(fieldname, text).frequencies.sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._postings(fieldname, text).docs)

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> ArrayMatcher:
        """The term's documents, deleted ones too: Whoosh leaves them out above."""
        return ArrayMatcher(self._postings(fieldname, text), (fieldname, text), format_, scorer)

    def _postings(self, fieldname: str, text: bytes) -> Postings:
        field = self._fields.get(fieldname)
        postings = None if field is None else field.postings(text)
        if postings is None:
            raise KeyError((fieldname, text))
        return postings


class ArrayDocuments(PerDocumentReader):
    """Lengths, columns, stored values and deleted documents of a segment."""

    def __init__(
        self, segment: Segment, info: ArraySegment, fields: dict[str, SegmentField]
    ) -> None:
        self._segment = segment
        self._info = info
        self._fields = fields

    def doc_count(self) -> int:
        return int(self._info.doc_count())

    def doc_count_all(self) -> int:
        return self._info.doc_count_all()

    def has_deletions(self) -> bool:
        return bool(self._info.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return self._info.is_deleted(docnum)

    def deleted_docs(self) -> set[int]:
        return self._info.deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self._fields[fieldname].lengths
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        lengths = self._fields[fieldname].lengths
        return 0 if lengths is None else int(lengths.sum())

    def min_field_length(self, fieldname: str) -> int:
        lengths = self._fields[fieldname].lengths
        return 0 if lengths is None else int(lengths.min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        lengths = self._fields[fieldname].lengths
        return 0 if lengths is None else int(lengths.max(initial=0))

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in SORTABLE

    def list_columns(self) -> tuple[str, ...]:
        return SORTABLE

    def column_reader(self, fieldname: str, column: object) -> "ArrayColumn":
        """The values of a column, one a document."""
        if fieldname == "published":
            numbers = published_numbers(self._segment).tolist()
            latest = datetime_to_long(datetime.max)  # noqa: DTZ901  # Whoosh's default is no time
            return ArrayColumn([number or None for number in numbers], latest)
        if fieldname == "id":
            return ArrayColumn([doc_id.encode() for doc_id in self._segment.ids.all()], b"")
        rows = self._segment.keyword(fieldname).rows()
        return ArrayColumn(["".join(row).encode(errors="replace") for row in rows], b"")

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """An article's parts by field; paragraphs are lines, times are Vietnam's."""
        self._segment.file.check_size()
        article = load_article(self._segment.file.path, self._segment.stored.raw(docnum))
        related = (text for item in article.related for text in (item.headline, item.snippet))
        values = {
            "id": article.id,
            "url": article.url,
            "source": article.source,
            "section": article.section,
            "authors": list(article.authors),
            "tags": list(article.tags),
            "published": article.published and vietnamese_time(article.published),
            "headline": article.headline,
            "lead": article.lead,
            "body": "\n".join(article.body),
            "captions": "\n".join(article.captions),
            "related": "\n".join(filter(None, related)),
        }
        return {name: value for name, value in values.items() if value or name == "published"}


class ArrayColumn(ColumnReader):
    """A column in memory; documents without a value are last, in either order."""

    def __init__(self, values: Sequence[Any], default: Any) -> None:
        """
        Args:
            values: None for a document without one.
            default: what Whoosh shows then.
        """
        self._values = values
        self._default = default
        self._reverse = False

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> Any:
        value = self._values[docnum]
        return self._default if value is None else value

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self)))

    def sort_key(self, docnum: int) -> Any:
        value = self._values[docnum]
        if not self._reverse:
            return self[docnum]
        return 1 if value is None else -value

    def set_reverse(self) -> None:
        """Sort the other way; for numbers only."""
        self._reverse = True
