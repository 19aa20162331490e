"""Which reader takes a file: by how its name ends, or by what is in it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import PurePath, PurePosixPath
from typing import Final, TypeVar

from ..article import Article
from .archive_file import Archive, ArchiveMember
from .bad_record import BadRecord, FieldNotice, Listener, OtherFiles, RecordError
from .csv_file import read_csv
from .html_page import read_html_page
from .json_file import read_json_document, read_json_lines
from .news_file import InnerWatch, MemberFile, NewsFile, ReadWatch, compression, unpacked_suffix
from .office_file import read_docx, read_table
from .pdf_file import read_pdf
from .record_names import FieldNames
from .scraped_page import read_scraped_page
from .source_file import SourceFile, expands_too_much
from .web_archive import read_mhtml, read_warc
from .xml_file import read_xml

__all__ = [
    "BESIDE_PAGES",
    "START_BYTES",
    "SUFFIXES",
    "is_for_programs",
    "is_saved_beside",
    "kind_of",
    "read_source",
]

_Reader = Callable[[SourceFile, Listener, FieldNames], Iterator[Article]]

_TEXTS: Final[dict[str, _Reader]] = {
    ".txt": read_scraped_page,
    ".html": read_html_page,
    ".htm": read_html_page,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json_document,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xml": read_xml,
    ".rss": read_xml,
    ".atom": read_xml,
    ".nitf": read_xml,
    ".hocr": read_html_page,
}
#: Readers of files that are no text.
_BINARIES: Final[dict[str, _Reader]] = {
    ".mht": read_mhtml,
    ".mhtml": read_mhtml,
    ".warc": read_warc,
    ".docx": read_docx,
    ".pdf": read_pdf,
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), read_table),
}
#: Archives → whether they are zip archives.
_ARCHIVES: Final = {".zip": True, ".wacz": True, ".tar": False}
_READERS: Final = _TEXTS | _BINARIES
#: How the names of files end that are read, before a suffix of compression.
SUFFIXES: Final = (*_READERS, *_ARCHIVES)

#: Of these no page has ever been made, so that they need not be opened.
_NO_PAGES: Final = frozenset(
    (
        *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".bmp", ".tif", ".tiff"),
        *(
            ".mp3",
            ".mp4",
            ".avi",
            ".mov",
            ".webm",
            ".wav",
            ".doc",
            ".rar",
            ".7z",
            ".css",
            ".js",
            ".woff",
            ".woff2",
            ".ttf",
        ),
        *(".exe", ".dll", ".db", ".sqlite", ".py", ".log"),
    )
)
START_BYTES: Final = 1024
_PAGE_STARTS: Final = (b"<!doctype html", b"<html")
_FOR_PROGRAMS: Final = ("robots.txt", "ads.txt", "app-ads.txt", "humans.txt", "security.txt")
BESIDE_PAGES: Final = "saved with a page, or for programs"

_Path = TypeVar("_Path", bound=PurePath)


def kind_of(name: str, start: Callable[[], bytes]) -> str:
    """The suffix of the reader that takes a file of this name, "" for none.

    `start` gives its first START_BYTES, where the name does not tell.
    """
    suffix = unpacked_suffix(name)
    if suffix in SUFFIXES:
        return suffix
    if not _may_be_read(name):
        return ""
    head = start()[:START_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return ".html" if head.startswith(_PAGE_STARTS) or b"<html" in head else ""


def _may_be_read(name: str) -> bool:
    suffix = unpacked_suffix(name)
    return suffix in SUFFIXES or not (suffix in _NO_PAGES or compression(name))


def is_for_programs(name: str) -> bool:
    """Whether only programs read files of this name, on sites or beside open documents."""
    return name.lower() in _FOR_PROGRAMS or name.startswith("~$")


def is_saved_beside(folder: _Path, exists: Callable[[_Path], bool]) -> bool:
    """Whether a browser saved the folder with a page: "Tin_files" beside "Tin.html"."""
    stem = folder.name.removesuffix("_files")
    return stem != folder.name and any(
        exists(folder.with_name(stem + suffix)) for suffix in (".html", ".htm")
    )


def read_source(
    file: NewsFile, told: Listener, watch: ReadWatch, names: FieldNames
) -> Iterator[Article]:
    """The articles of a file, or of the files in an archive."""
    with ExitStack() as stack:
        try:
            source = stack.enter_context(SourceFile(file, watch, binary=file.kind not in _TEXTS))
            if file.kind in _ARCHIVES:
                archive = stack.enter_context(Archive(source, is_zip=_ARCHIVES[file.kind]))
        except RecordError as error:
            told.bad(BadRecord(str(file.path), None, error.reason))
            return
        if file.kind in _ARCHIVES:
            yield from _Members(archive, source, told, names).articles()
            return
        if source.notice:
            told.notice(FieldNotice(str(file.path), None, source.notice))
        yield from _READERS[file.kind](source, told, names)


class _Members:
    """The files of an archive, which are read as those of a folder are."""

    def __init__(
        self, archive: Archive, source: SourceFile, told: Listener, names: FieldNames
    ) -> None:
        self._archive = archive
        self._path = source.path
        self._watch = source.watch
        self._told = told
        self._names = names
        self._names_in = {member.name for member in archive.members}
        self._others: Counter[str] = Counter()

    def articles(self) -> Iterator[Article]:
        packed = 0
        for member in self._archive.members:
            name = member.name
            if any(part.startswith(".") for part in name.parts) or not name.name:
                continue
            if is_for_programs(name.name) or any(map(self._is_beside, name.parents)):
                self._others[BESIDE_PAGES] += 1
            elif not _may_be_read(name.name):
                self._count_other(name)
            else:
                packed += member.packed
                yield from self._articles_of(member)
            if expands_too_much(self._archive.unpacked, packed):
                self._told.bad(BadRecord(str(self._path), None, "made to fill memory: given up"))
                break
        if self._archive.broken:
            self._told.bad(BadRecord(str(self._path), None, self._archive.broken))
        if self._others:
            counts = tuple(self._others.most_common())
            self._told.notice(OtherFiles(str(self._path), counts))

    def _articles_of(self, member: ArchiveMember) -> Iterator[Article]:
        path = self._path / member.name
        try:
            stream, start = self._archive.open(member)
        except RecordError as error:
            self._told.bad(BadRecord(str(path), None, error.reason))
            return
        with stream:
            kind = kind_of(member.name.name, lambda: start)
            if self._path.suffix.lower() == ".wacz" and kind != ".warc":
                return  # lists and pictures of the pages
            if kind in _ARCHIVES:
                self._told.bad(BadRecord(str(path), None, _NESTED))
            elif not kind:
                self._count_other(member.name)
            else:
                self._watch.enters(path)
                file = MemberFile(path, kind, stream=stream, packed=member.packed)
                inner = InnerWatch(self._watch)
                yield from read_source(file, self._told, inner, self._names)

    def _count_other(self, name: PurePath) -> None:
        self._others[unpacked_suffix(name.name) or "no suffix"] += 1

    def _is_beside(self, folder: PurePosixPath) -> bool:
        return bool(folder.name) and is_saved_beside(folder, self._names_in.__contains__)


_NESTED: Final = "an archive inside an archive: unpack the outer one first"
