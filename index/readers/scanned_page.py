"""Scanned newspapers: the text of ALTO and hOCR by pages, of METS by articles."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Final

from lxml import etree
from lxml.html import HTMLParser

from ..article import Article, Provenance
from .bad_record import BadRecord, FieldNotice, Listener, OtherFiles, RecordError
from .draft import Draft
from .source_file import RECORD_LIMIT, TOO_LONG, SourceFile
from .text_repair import join_lines, one_line

__all__ = ["is_hocr", "is_scan", "read_hocr", "read_scan"]

_Element = etree._Element  # lxml has no public name for it

_ROOT: Final = re.compile(rb"<(?:\w+:)?(alto|mets)[\s>]", re.IGNORECASE)
_HOCR: Final = re.compile(r"class\s*=\s*[\"']ocr_page\b")
_TITLE: Final = re.compile(r"(\w+) ([^;]*)")
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
#: Below it a reader should hear that recognition was not sure of the words.
_LITTLE_CONFIDENCE: Final = 0.7
#: A headline is set in so much larger letters than the text, and takes no more than so many words.
_LARGER: Final = 1.4
_HEADLINE_WORDS: Final = 40
_METS_NAME: Final = "*[mM][eE][tT][sS]*.xml"
#: A METS is in the folder of its pages or in one above.
_FOLDERS_ABOVE: Final = 2


@dataclass(slots=True)
class _Line:
    text: str
    height: float
    confidences: list[float]


@dataclass(slots=True)
class _Block:
    name: str
    lines: list[_Line]

    @property
    def text(self) -> str:
        return join_lines("\n".join(line.text for line in self.lines), wrapped=True)


@dataclass(slots=True)
class _Scan:
    """What is recognized of an article, or of a page that is one."""

    blocks: list[_Block]
    pages: list[str]
    draft: Draft = field(default_factory=Draft)


def is_scan(start: bytes) -> bool:
    """Whether an XML file that begins so is ALTO or METS."""
    return _ROOT.search(start, 0, 8192) is not None


def is_hocr(text: str) -> bool:
    """Whether an HTML page is the result of recognition."""
    return "ocr_page" in text and _HOCR.search(text) is not None


def read_scan(source: SourceFile, told: Listener, data: bytes) -> Iterator[Article]:
    """The articles of a METS, or the pages of an ALTO that belongs to none.

    Raises:
        RecordError: broken XML.
    """
    root = _parsed(data)
    if _name(root) == "alto":
        if _has_mets(source):
            told.notice(OtherFiles(str(source.path), (("pages that a METS beside them reads", 1),)))
            return
        scans: Iterable[_Scan] = _alto_pages(root)
    elif source.is_member:
        raise RecordError("a METS in an archive: unpack the archive first")
    else:
        scans = _Mets(root, source, told).scans()
    yield from _articles(source, told, scans)


def read_hocr(source: SourceFile, told: Listener, text: str) -> Iterator[Article]:
    """The pages of an hOCR file, an article each."""
    yield from _articles(source, told, _hocr_pages(text))


def _articles(source: SourceFile, told: Listener, scans: Iterable[_Scan]) -> Iterator[Article]:
    path = str(source.path)
    for number, scan in enumerate(scans, 1):
        if not source.begins(number):
            continue
        sure = [value for b in scan.blocks for line in b.lines for value in line.confidences]
        provenance = Provenance(
            reader="scanned_page",
            path=path,
            line=number,
            pages=", ".join(dict.fromkeys(filter(None, scan.pages))),
            confidence=round(fmean(sure), 3) if sure else None,
        )
        draft = scan.draft
        try:
            if not scan.blocks and not draft.body:
                raise RecordError("no text on the page")
            if not draft.headline:
                draft.headline = _take_headline(scan.blocks)
            draft.body = [block.text for block in scan.blocks]
            article = draft.to_article(provenance)
        except RecordError as error:
            told.bad(BadRecord(path, number, error.reason))
            continue
        notices = draft.notices
        if sure and fmean(sure) < _LITTLE_CONFIDENCE:
            notices.append(f"recognized with little confidence ({fmean(sure):.2f})")
        for notice in notices:
            told.notice(FieldNotice(path, number, notice))
        yield article


def _take_headline(blocks: list[_Block]) -> str:
    """The first lines that are set much larger than the text, which are taken out of it."""
    lines = [line for block in blocks for line in block.lines]
    usual = median(line.height for line in lines)
    for block in blocks:
        large = [line for line in block.lines if line.height >= _LARGER * usual > 0]
        headline = one_line(" ".join(line.text for line in large))
        if large and len(headline.split()) <= _HEADLINE_WORDS:
            block.lines = [line for line in block.lines if line not in large]
            return headline
    return ""


def _parsed(data: bytes) -> _Element:
    if len(data) > RECORD_LIMIT:
        raise RecordError(TOO_LONG)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RecordError(f"broken XML: {error}") from error


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _found(root: _Element, *names: str) -> Iterator[_Element]:
    """The elements of these names, in the order of the document."""
    return (element for element in root.iter(etree.Element) if _name(element) in names)


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _has_mets(source: SourceFile) -> bool:
    """Whether a METS names this page, so that it is read with it."""
    if source.is_member:
        return False
    for folder in list(source.path.parents)[: _FOLDERS_ABOVE + 1]:
        name = source.path.relative_to(folder).as_posix().encode()
        for path in folder.glob(_METS_NAME):
            if path != source.path and path.is_file():
                with path.open("rb") as stream:
                    if name in stream.read(RECORD_LIMIT):
                        return True
    return False


def _alto_pages(root: _Element) -> Iterator[_Scan]:
    for page in _found(root, "Page"):
        label = page.get("PRINTED_IMG_NR") or page.get("PHYSICAL_IMG_NR") or ""
        # Running heads and page numbers are in the margins.
        spaces = list(_found(page, "PrintSpace")) or [page]
        blocks = [block for space in spaces for block in _alto_blocks(space)]
        order = [ref for e in _found(root, "ElementRef") if (ref := e.get("REF"))]
        places = {name: place for place, name in enumerate(order)}
        blocks.sort(key=lambda block: places.get(block.name, len(places)))
        yield _Scan(blocks, [label])


def _alto_blocks(space: _Element) -> Iterator[_Block]:
    for block in _found(space, "TextBlock"):
        lines = [_alto_line(line) for line in _found(block, "TextLine")]
        if lines := [line for line in lines if line.text.strip()]:
            yield _Block(block.get("ID") or "", lines)


def _alto_line(line: _Element) -> _Line:
    words: list[str] = []
    heights: list[float] = []
    confidences: list[float] = []
    is_whole = False
    for child in line:
        if _name(child) == "HYP" and words and not is_whole:
            words[-1] += "-"
        if _name(child) != "String":
            continue
        if (height := _number(child.get("HEIGHT"))) is not None:
            heights.append(height)
        if (sure := _number(child.get("WC"))) is not None:
            confidences.append(min(max(sure, 0.0), 1.0))
        part, whole = child.get("SUBS_TYPE") or "", child.get("SUBS_CONTENT") or ""
        is_whole = bool(whole) and part == "HypPart1"
        if is_whole:
            words.append(whole)
        elif not (whole and part == "HypPart2"):
            words.append(child.get("CONTENT") or "")
    height = median(heights) if heights else _number(line.get("HEIGHT")) or 0.0
    return _Line(" ".join(words), height, confidences)


def _hocr_pages(text: str) -> Iterator[_Scan]:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.replace("\0", "").encode(), parser)
    for at, page in enumerate(_of_class(root, "ocr_page")):
        number = _properties(page).get("lpageno") or _properties(page).get("ppageno", str(at))
        label = number if _properties(page).get("lpageno") else str(int(_number(number) or 0) + 1)
        blocks = []
        pars = list(_of_class(page, "ocr_par")) or [page]
        for par in pars:
            lines = [_hocr_line(line) for line in _of_class(par, *_HOCR_LINES)]
            blocks.append(_Block("", [line for line in lines if line.text]))
        yield _Scan([block for block in blocks if block.lines], [label])


_HOCR_LINES: Final = ("ocr_line", "ocrx_line", "ocr_header", "ocr_caption", "ocr_textfloat")


def _hocr_line(line: _Element) -> _Line:
    words = list(_of_class(line, "ocrx_word")) or [line]
    box = [_number(part) or 0.0 for part in _properties(line).get("bbox", "").split()]
    height = _number(_properties(line).get("x_size")) or (box[3] - box[1] if len(box) > 3 else 0.0)
    sure = [_number(_properties(word).get("x_wconf")) for word in words]
    return _Line(
        one_line(" ".join("".join(map(str, word.itertext())) for word in words)),
        height,
        [value / 100 for value in sure if value is not None],
    )


def _of_class(root: _Element, *names: str) -> Iterator[_Element]:
    return (
        e
        for e in root.iter(etree.Element)
        if not set(names).isdisjoint((e.get("class") or "").split())
    )


def _properties(element: _Element) -> dict[str, str]:
    return {name: value.strip() for name, value in _TITLE.findall(element.get("title") or "")}


class _Mets:
    """An issue: its articles, or its pages where nobody told the articles apart."""

    def __init__(self, root: _Element, source: SourceFile, told: Listener) -> None:
        self._root = root
        self._source = source
        self._told = told
        self._files: dict[str, list[_Block]] = {}
        """Id of a file → its blocks, once it is read."""
        self._addresses = {
            file.get("ID") or "": place.get(_HREF) or ""
            for file in _found(root, "file")
            for place in _found(file, "FLocat")
        }
        self._described = {part.get("ID") or "": part for part in _found(root, "dmdSec")}
        self._labels: dict[str, str] = {}
        for page in self._divs("physical"):
            label = page.get("ORDERLABEL") or page.get("ORDER") or ""
            for pointer in _found(page, "fptr", "area"):
                if page.get("TYPE", "").lower() == "page" and (file_id := pointer.get("FILEID")):
                    self._labels.setdefault(file_id, label)

    def scans(self) -> Iterator[_Scan]:
        issue = self._issue()
        articles = [div for div in self._divs("logical") if _is_article(div)]
        for div in articles:
            pointers = [area for area in _found(div, "area") if area.get("FILEID")]
            blocks = [block for area in pointers for block in self._blocks_of(area)]
            headline = div.get("LABEL") or ""
            draft = self._draft(div, issue)
            draft.headline = one_line(draft.headline or headline)
            if draft.headline and blocks and _same(blocks[0].text, draft.headline):
                del blocks[0]
            pages = [self._labels.get(area.get("FILEID") or "", "") for area in pointers]
            yield _Scan(blocks, pages, draft)
        if articles:
            return
        for file_id, label in self._labels.items():
            if self._addresses.get(file_id, "").lower().endswith(".xml"):
                draft = Draft(source=issue.source, published=issue.published)
                yield _Scan(list(self._blocks(file_id)), [label], draft)

    def _divs(self, kind: str) -> Iterator[_Element]:
        for tree in _found(self._root, "structMap"):
            if (tree.get("TYPE") or "logical").lower() == kind:
                yield from _found(tree, "div")

    def _blocks_of(self, area: _Element) -> Iterator[_Block]:
        """The blocks of an area: one, or all from BEGIN to END."""
        begin, end = area.get("BEGIN"), area.get("END")
        inside = begin is None
        for block in self._blocks(area.get("FILEID") or ""):
            inside = inside or block.name == begin
            if inside:
                yield block
            if block.name == (end or begin):
                inside = False

    def _blocks(self, file_id: str) -> list[_Block]:
        if file_id not in self._files:
            self._files[file_id] = []
            try:
                address = self._addresses.get(file_id, "").removeprefix("file://")
                with self._source.beside(address.removeprefix("./")) as file:
                    scans = _alto_pages(_parsed(file.read_whole()))
                    self._files[file_id] = [block for scan in scans for block in scan.blocks]
            except RecordError as error:
                self._told.notice(FieldNotice(str(self._source.path), None, error.reason))
        return self._files[file_id]

    def _issue(self) -> Draft:
        """What is told of the whole: the newspaper and the day."""
        for div in self._divs("logical"):
            draft = self._draft(div, Draft())
            if draft.published and not _is_article(div):
                return Draft(source=draft.headline, published=draft.published)
        return Draft()

    def _draft(self, div: _Element, issue: Draft) -> Draft:
        """What the descriptions of a part say, in MODS or Dublin Core."""
        texts: dict[str, list[str]] = {}
        for name in (div.get("DMDID") or "").split():
            if (part := self._described.get(name)) is not None:
                for element in part.iter(etree.Element):
                    if text := one_line(element.text or ""):
                        texts.setdefault(_name(element), []).append(text)
        return Draft(
            headline=next(iter(texts.get("title", ())), ""),
            source=issue.source,
            authors=texts.get("namePart", texts.get("creator", [])),
            published=next(
                (days[0] for key in ("dateIssued", "date") if (days := texts.get(key))),
                issue.published,
            ),
        )


def _is_article(div: _Element) -> bool:
    kind = (div.get("TYPE") or "").lower()
    return kind in ("article", "news") and next(_found(div, "area"), None) is not None


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
