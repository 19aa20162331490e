"""Plain text of a scraped news page: headline, lead, paragraphs, comment link, related block."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..article import Article, Provenance
from .agency import split_agency
from .bad_record import BadRecord, FieldNotice, Listener, RecordError
from .draft import Draft, RawLink
from .json_file import read_json_document
from .markup import unescape
from .record_names import FieldNames
from .records import draft_from_json
from .related_block import is_comment_marker, is_related_marker, parse_related, split_inline_link
from .source_file import SourceFile
from .text_repair import convert_legacy, join_lines, repair_text

__all__ = ["parse_scraped_page", "read_scraped_page"]

# A lead stands first, at most behind a date line and a caption.
_LEAD_WITHIN: Final = 3
_CAPTION_WORDS: Final = 30
_CREDITED_CAPTION_WORDS: Final = 50
# Caption, photo credit and the paragraph below them.
_CAPTION_BLOCK_LINES: Final = 3

_SENTENCE_END: Final = (".", "!", "?", "…", ":", ";", ",")
_CLOSING: Final = "\"'”’»)] "
_PHOTO_CREDIT: Final = re.compile(
    r"(?:^|[\s(/.,-])Ảnh(?: minh họa| minh hoạ| tư liệu| chụp màn hình)?\s*(?:[:/]|\)?\.?$)"
)
_TITLE: Final = (
    r"(?:Ông|Bà|Anh|Chị|Cô|Chú|Bác|Cụ|Em|Cháu|GS|PGS|TS|ThS|BS|KTS|HLV|NSND|NSƯT|NSUT|Giáo sư"
    r"|Phó giáo sư|Tiến sĩ|Tiến sỹ|Thạc sĩ|Thạc sỹ|Bác sĩ|Bác sỹ|Luật sư|Kỹ sư|Kĩ sư|Kiến trúc sư"
    r"|Nhà báo|Nhà văn|Nhà thơ|Nhạc sĩ|Ca sĩ|Họa sĩ|Hoạ sĩ|Nghệ sĩ|Nghệ nhân|Đạo diễn|Đại tướng"
    r"|Thượng tướng|Trung tướng|Thiếu tướng|Đại tá|Thượng tá|Trung tá|Thiếu tá|Đại úy|Đại uý"
    r"|Thượng úy|Trung úy|Thiếu úy|Hòa thượng|Thượng tọa|Linh mục|Đồng chí)"
)
_JSON_START: Final = re.compile(r"\s*(?:\[\s*)?\{\s*[\"'][\w@$:. -]+[\"']\s*:")
_FIRST_ADDRESS: Final = re.compile(r"\s*(https?://\S+)[ \t]*\r?\n(?=\s*\S)")
_LABEL: Final = re.compile(r"\s*(?P<name>[^\W\d][\w /]{1,29}?)\s*:[ \t]*(?P<value>[^\n]*)")
#: So many lines with labels make a text one of fields, so many escaped letters a text escaped.
_LABELS: Final = 2
_ESCAPED: Final = 8
_ADDRESSES: Final = re.compile(r"(?:https?://\S+\s*)+")
_PERSON_AND_ROLE: Final = re.compile(rf"{_TITLE}[.\w]* [^-–—.,:]{{2,50}} [-–—] \S")
_SPEAKER: Final = re.compile(
    rf"(?:PV|Phóng viên|MC|BTV|Hỏi|Đáp|Trả lời|{_TITLE})\b[^:.!?]{{0,50}}:(?:\s|$)"
)
_LIST_ITEM: Final = re.compile(r"[-–+*•]|\d{1,2}[.)]\s|[a-zđ]\)")


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page by what they are; `blocks` is the text, split at blank lines."""

    headline: str
    blocks: list[list[str]]
    related: list[str]


def read_scraped_page(source: SourceFile, told: Listener, names: FieldNames) -> Iterator[Article]:
    """The one article of the file; its records, where it holds JSON in spite of its name."""
    path = str(source.path)
    try:
        text, broken = source.read_text()
        if _JSON_START.match(text):
            yield from read_json_document(source, told, names, iter((text.encode(),)))
            return
        if not source.begins(None):
            return
        if broken:
            told.notice(FieldNotice(path, None, broken))
        if "\0" in text:
            raise RecordError("binary data, expected UTF-8 or UTF-16 text")
        if _ADDRESSES.fullmatch(text.strip()):
            raise RecordError("a list of addresses, no article")
        if text.count("&#") >= _ESCAPED:
            text = unescape(text)
        provenance = Provenance(reader="scraped_page", path=path)
        if record := _labelled(text, provenance, names):
            draft = draft_from_json(record, names)
            article = draft.to_article(provenance)
            for notice in draft.notices:
                told.notice(FieldNotice(path, None, notice))
            yield article
            return
        yield parse_scraped_page(text, provenance)
    except RecordError as error:
        told.bad(BadRecord(path, None, error.reason))


def _labelled(text: str, provenance: Provenance, names: FieldNames) -> dict[str, object] | None:
    """The fields of a text whose first lines say what they are: "Tiêu đề: …", "Ngày: …"."""
    if not _LABEL.match(text):
        return None
    (text,), _ = convert_legacy((text,), provenance, ())
    lines = repair_text(text).strip().split("\n")
    record: dict[str, object] = {}
    for at, line in enumerate(lines):
        label = _LABEL.match(line)
        keys = names.keys({label["name"]: ""}) if label else {}
        if label is None or not keys:
            break
        if "body" in keys:
            record[label["name"]] = "\n".join((label["value"], *lines[at + 1 :]))
            break
        record[label["name"]] = label["value"]
    else:
        at = len(lines)
    fields = names.keys(record)
    if len(record) < _LABELS or "headline" not in fields:
        return None
    return record if "body" in fields else {**record, "body": "\n".join(lines[at:])}


def parse_scraped_page(text: str, provenance: Provenance) -> Article:
    """The article that the page's text holds.

    The first line is the headline, or the second where the page's address stands first. The lead
    is the line near the top that an agency prefix marks
    ("VOV.VN - "): the prefix becomes the source, and a page without one keeps all its paragraphs
    in the body. The related block is taken to reach to the end of the page.

    Raises:
        RecordError: the page is empty.
    """
    # First of all: headings such as "Tin liên quan" are told by their letters.
    (text,), provenance = convert_legacy((text,), provenance, (text,))
    address = _FIRST_ADDRESS.match(text)
    page = _split_page(join_lines(repair_text(text[address.end() :] if address else text)))
    inline: list[RawLink] = []
    blocks = []
    for block in page.blocks:
        links = [link for line in block if (link := split_inline_link(line))]
        inline += map(RawLink, links)
        blocks.append([line for line in block if not split_inline_link(line)])
    source, lead = _take_lead(blocks)
    body, captions = _take_captions([block for block in blocks if block])
    draft = Draft(
        headline=page.headline,
        lead=lead,
        url=address[1] if address else "",
        source=source,
        body=body,
        captions=captions,
        related=inline + parse_related(page.related),
    )
    return draft.to_article(provenance)


def _split_page(text: str) -> _Page:
    lines = [line.strip() for line in text.split("\n")]
    first = next((at for at, line in enumerate(lines) if line), len(lines))
    headline = lines[first] if first < len(lines) else ""
    blocks: list[list[str]] = [[]]
    in_comments = False
    for at in range(first + 1, len(lines)):
        line = lines[at]
        if is_related_marker(line):
            return _Page(headline, blocks, lines[at + 1 :])
        if is_comment_marker(line):
            # Comments of readers follow it; a bare marker above the text is a button.
            in_comments = any(blocks)
        elif not line:
            blocks.append([])
        elif not in_comments and (any(blocks) or line != headline):
            blocks[-1].append(line)
    return _Page(headline, blocks, [])


def _take_lead(blocks: list[list[str]]) -> tuple[str, str]:
    """The source and lead, taken out of the blocks; two empty texts where nothing marks a lead."""
    seen = 0
    for block in blocks:
        for at, line in enumerate(block):
            source, lead = split_agency(line)
            if source:
                del block[at]
                return source, lead
            seen += 1
            if seen == _LEAD_WITHIN:
                return "", ""
    return "", ""


def _take_captions(blocks: list[list[str]]) -> tuple[list[str], list[str]]:
    """The paragraphs and the captions among the blocks' lines, each in order."""
    body: list[str] = []
    captions: list[str] = []
    for block in blocks:
        above: list[str] = []
        # In text set without blank lines, a line directly above another tells nothing.
        if len(blocks) > 1 and len(block) <= _CAPTION_BLOCK_LINES:
            above = [line for line in block[:-1] if _reads_like_caption(line)]
        for line in block:
            is_caption = line in above or _is_marked_caption(line)
            (captions if is_caption else body).append(line)
    return body, captions


def _reads_like_caption(line: str) -> bool:
    """Whether the line, directly above a paragraph, is a caption rather than a paragraph."""
    return (
        len(line.split()) <= _CAPTION_WORDS
        and not _ends_sentence(line)
        and not _SPEAKER.match(line)
        and not _LIST_ITEM.match(line)
    )


def _is_marked_caption(line: str) -> bool:
    """Whether the line shows by itself that it is a caption: a photo credit, a person and role."""
    words = len(line.split())
    if words <= _CREDITED_CAPTION_WORDS and _PHOTO_CREDIT.search(line):
        return True
    return (
        words <= _CAPTION_WORDS
        and not _ends_sentence(line)
        and not _SPEAKER.match(line)
        and _PERSON_AND_ROLE.match(line) is not None
    )


def _ends_sentence(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith(_SENTENCE_END)
