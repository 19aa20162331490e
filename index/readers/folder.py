"""Files and folders of news: each file goes to the reader that its name asks for."""

import os
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG
from typing import Final

from ..article import Article
from .bad_record import (
    BadRecord,
    Listener,
    OnBad,
    OnNotice,
    OtherFiles,
    pass_over,
)
from .file_kinds import (
    BESIDE_PAGES,
    START_BYTES,
    SUFFIXES,
    is_for_programs,
    is_saved_beside,
    kind_of,
    read_source,
)
from .news_file import NewsFile, OnBytes, ReadWatch, unpacked_suffix
from .record_names import DEFAULT_NAMES, FieldNames

__all__ = ["estimate_bytes", "list_files", "read_file", "read_path", "read_paths"]


def read_path(
    path: Path,
    *,
    on_bad: OnBad,
    on_notice: OnNotice = pass_over,
    on_bytes: OnBytes | None = None,
    names: FieldNames = DEFAULT_NAMES,
) -> Iterator[Article]:
    """The articles of a file, or of the files below a folder, read in this process.

    A folder's files come before its subfolders, both in the order of their names; hidden ones, and
    files whose names no reader knows, are passed over. What cannot be read goes to `on_bad` and
    never stops the rest; `on_notice` hears of single fields of articles. `on_bytes` hears, as
    reading goes on, how many more bytes of the files on disk are done; in the end they add up to
    `estimate_bytes`. `names` says under which keys records hold their fields.
    """
    told, watch = Listener(on_bad, on_notice), ReadWatch(on_bytes)
    for file in list_files([path], on_bad=on_bad, on_notice=on_notice):
        yield from read_file(file, told, watch, names)


def read_paths(
    paths: Iterable[Path],
    *,
    on_bad: OnBad,
    on_notice: OnNotice = pass_over,
    on_bytes: OnBytes | None = None,
    names: FieldNames = DEFAULT_NAMES,
) -> Iterator[Article]:
    """The articles of several files and folders, one after the other."""
    for path in paths:
        yield from read_path(
            path, on_bad=on_bad, on_notice=on_notice, on_bytes=on_bytes, names=names
        )


def estimate_bytes(paths: Iterable[Path], *, follow_links: bool = False) -> int:
    """How many bytes on disk would be gone through; what cannot be seen counts 0."""
    files = list_files(paths, on_bad=lambda bad: None, follow_links=follow_links)
    return sum(map(_size, (file.path for file in files)))


def _size(path: Path) -> int:
    try:
        status = path.stat()
    except OSError:
        return 0
    return status.st_size if S_ISREG(status.st_mode) else 0


def list_files(
    paths: Iterable[Path],
    *,
    on_bad: OnBad,
    on_notice: OnNotice = pass_over,
    follow_links: bool = False,
) -> Iterator[NewsFile]:
    """The readable files at the paths, in the order of `read_path`.

    A file whose name no reader knows is read as a page where it begins like one, as mirrors of
    sites have them. What a folder holds and is not read goes to `on_notice`, by kind.

    A path that is asked for may be a link. Below a folder, a link leads to files inside the
    folder only, which are read once; `follow_links` allows links out of it, too.
    """
    for path in paths:
        # These say no where the system says that it cannot tell; Path's would raise.
        if os.path.isdir(path):
            yield from _Walk(path, on_bad, on_notice, follow_links).files()
        elif os.path.lexists(path) and not _is_regular(path, on_bad):
            continue
        elif not (kind := _kind_of(path, path)):
            reason = (
                f"no reader for this name (expected one of {' '.join(SUFFIXES)}, or any of them "
                "with .gz, .bz2, .xz or .zst)"
            )
            on_bad(
                BadRecord(
                    str(path), None, reason if os.path.exists(path) else "no such file or folder"
                )
            )
        else:
            yield NewsFile(path, kind)


def read_file(
    file: NewsFile, told: Listener, watch: ReadWatch, names: FieldNames = DEFAULT_NAMES
) -> Generator[Article, None, None]:
    """The articles of one file."""
    yield from read_source(file, told, watch, names)


def _kind_of(path: Path, opened: Path | NewsFile) -> str:
    """The suffix of the reader that takes the file: its own, or a page's by what is in it."""

    def start() -> bytes:
        try:
            with opened.open("rb") if isinstance(opened, Path) else opened.open() as stream:
                return stream.read(START_BYTES)
        except OSError:
            return b""  # it is counted among the other files

    return kind_of(path.name, start)


def _is_regular(path: Path, on_bad: OnBad) -> bool:
    """Whether it is a file to open: opening a FIFO would wait, opening a device may do anything."""
    try:
        regular = S_ISREG(path.stat().st_mode)
    except OSError as error:
        on_bad(BadRecord(str(path), None, f"cannot be read: {error.strerror}"))
        return False
    if not regular:
        on_bad(BadRecord(str(path), None, "not a regular file"))
    return regular


class _Walk:
    """One folder that was asked for, and all below it."""

    def __init__(
        self, folder: Path, on_bad: OnBad, on_notice: OnNotice, follow_links: bool
    ) -> None:
        self._folder = folder
        self._on_bad = on_bad
        self._on_notice = on_notice
        self._others: Counter[str] = Counter()
        self._saved: dict[Path, bool] = {}
        """Whether folders were saved with a page."""
        self._follow_links = follow_links
        self._real_folder = folder
        """Without links, once the walk begins."""
        self._visited: set[tuple[int, int]] = set()
        """The folders that were come to by links: a link may lead to one above itself."""
        self._linked: set[Path] = set()
        """The files that were come to by links."""

    def files(self) -> Iterator[NewsFile]:
        """The readable files, sorted, a folder's files before its subfolders."""

        def report(error: OSError) -> None:
            reason = f"cannot be read: {error.strerror}"
            self._report(Path(error.filename or self._folder), reason)

        try:
            self._real_folder = Path(os.path.realpath(self._folder))
        except OSError as error:
            report(error)
            return
        for parent, folders, names in os.walk(
            self._folder, onerror=report, followlinks=self._follow_links
        ):
            folders[:] = sorted(name for name in folders if self._enters(Path(parent, name)))
            for name in sorted(names):
                path = Path(parent, name)
                try:
                    # A list: what becomes of a file is not for this handler.
                    found = [] if name.startswith(".") else list(self._at(path))
                except OSError as error:
                    self._report(path, f"cannot be read: {error.strerror}")
                    continue
                yield from found
        if self._others:
            counts = tuple(self._others.most_common())
            self._on_notice(OtherFiles(str(self._folder), counts))

    def _at(self, path: Path) -> Iterator[NewsFile]:
        """The file of a name in the folder, if there is one to read; raises OSError."""
        if os.path.islink(path):
            yield from self._behind_link(path)
        elif is_for_programs(path.name) or any(map(self._is_beside, path.parents)):
            self._others[BESIDE_PAGES] += 1
        elif _is_regular(path, self._on_bad):
            yield from self._inside(path, self._folder, path)

    def _inside(self, shown: Path, root: Path, path: Path) -> Iterator[NewsFile]:
        """The file, if a reader takes it."""
        file = NewsFile(shown, "")
        if not self._follow_links:
            file = NewsFile(shown, "", root, path.relative_to(root).parts)
        if kind := _kind_of(path, file):
            yield replace(file, kind=kind)
        else:
            self._others[unpacked_suffix(path.name) or "no suffix"] += 1

    def _is_beside(self, folder: Path) -> bool:
        """Whether a browser saved the folder with a page: "Tin_files" beside "Tin.html"."""
        if folder == self._folder:
            return False
        if folder not in self._saved:
            self._saved[folder] = is_saved_beside(folder, os.path.exists)
        return self._saved[folder]

    def _enters(self, folder: Path) -> bool:
        try:
            return not folder.name.startswith(".") and self._is_entered(folder)
        except OSError as error:
            self._report(folder, f"cannot be read: {error.strerror}")
            return False

    def _is_entered(self, folder: Path) -> bool:
        if not folder.is_symlink():
            return True
        if not Path(os.path.realpath(folder)).is_relative_to(self._real_folder):
            if not self._follow_links:
                self._report(folder, _LEADS_OUT)
                return False
            status = folder.stat()
            place = status.st_dev, status.st_ino
            first = place not in self._visited
            self._visited.add(place)
            return first and not self._real_folder.is_relative_to(os.path.realpath(folder))
        return False  # what it leads to is come to without it

    def _behind_link(self, path: Path) -> Iterator[NewsFile]:
        if not _is_regular(path, self._on_bad):
            return
        target = Path(os.path.realpath(path))
        if not target.is_relative_to(self._real_folder):
            if self._follow_links:
                yield from self._inside(path, self._folder, path)
            else:
                self._report(path, _LEADS_OUT)
            return
        parts = target.relative_to(self._real_folder).parts
        hidden = any(part.startswith(".") for part in parts)
        by_itself = _kind_of(target, target) and not hidden
        if not by_itself and target not in self._linked:
            self._linked.add(target)
            yield from self._inside(path, self._real_folder, target)

    def _report(self, path: Path, reason: str) -> None:
        self._on_bad(BadRecord(str(path), None, reason))


_LEADS_OUT: Final = "a link out of the folder, which --follow-links would follow"
