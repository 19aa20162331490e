"""The commands that write, what each makes of an archive, and what must hold after a fault."""

import json
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from multiprocessing import forkserver
from pathlib import Path
from typing import Final

from archives import small_index
from click import Context
from generated_news import numbered_article
from traced import Fault, Traced, traced

from analyzers import ANALYSIS_VERSION
from index import (
    Article,
    BadRecord,
    IndexCorrupt,
    IndexNotFound,
    SearchError,
    Withdrawal,
    read_paths,
)
from index.engines.embedded.disk import (
    LOCK_NAME,
    QUEUE_NAME,
    generations,
    manifest_name,
    segment_name,
)
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.manifest import decode_manifest, kept_segments
from index.engines.embedded.merge_policy import TIER_FACTOR
from index.engines.embedded.store import NewsIndex
from index.withdrawals import register_path
from searchapp.cli import main
from searchapp.keys import KeyStore

_NEWS: Final = "news.jsonl"
_KEYS: Final = "keys.sqlite"
DAY: Final = date(2026, 10, 1)
#: What is written after a fault, to see whether that works.
NEXT_ARTICLE: Final = numbered_article(900)


@dataclass(frozen=True, slots=True)
class State:
    """What a folder holds for its users; `articles` is None where there is no index."""

    articles: dict[str, Article] | None = None
    withdrawn: dict[str, date] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    damaged: bool = False
    """Whether it cannot be read; nothing else is known of it then."""

    def having(self, *articles: Article) -> "State":
        """The same with these articles, but for those that are withdrawn."""
        new = {article.id: article for article in articles if article.id not in self.withdrawn}
        return replace(self, articles={**(self.articles or {}), **new})

    def without(self, *ids: str, withdrawn: bool = False) -> "State":
        """The same without these articles."""
        assert self.articles is not None
        left = {doc_id: self.articles[doc_id] for doc_id in self.articles if doc_id not in ids}
        days = dict.fromkeys(ids, DAY) if withdrawn else {}
        return replace(self, articles=left, withdrawn={**self.withdrawn, **days})


@dataclass(frozen=True, slots=True)
class Command:
    """A command, the archive that it meets, and what it makes of it, commit after commit."""

    args: str
    """`ROOT` stands for the folder that has everything."""
    meets: str
    makes: Callable[[Path, State], Sequence[State]]
    """The states that its commits make, in order, from the root and the state before."""
    folder: str = "index"
    """The index that it writes, below the root."""


def news_of(path: Path) -> list[Article]:
    """The articles of a file, all of which can be read."""
    bad: list[BadRecord] = []
    articles = list(read_paths([path], on_bad=bad.append))
    assert not bad
    return articles


def _indexed(root: Path, before: State) -> list[State]:
    begun = [] if before.articles is not None else [before.having()]
    return [*begun, before.having(*news_of(root / ".." / _NEWS))]


def _copied(root: Path, before: State) -> list[State]:
    source = state_of(root)
    assert source.articles is not None
    copied = before.having(*source.articles.values())
    return [before.having(), copied, replace(copied, withdrawn=source.withdrawn)]


def _backed_up(root: Path, _: State) -> list[State]:
    return [state_of(root)]


def _restored(root: Path, before: State) -> list[State]:
    copy = state_of(root, "backup/index")
    return [copy.without(*before.withdrawn.keys() - copy.withdrawn.keys(), withdrawn=True)]


def _recovered(root: Path, _: State) -> list[State]:
    """What the second newest table of contents names."""
    return [state_of(root, "before")]


def _same(_: Path, before: State) -> list[State]:
    return [before]


#: Every command that writes: a new one is a line here.
_COMMANDS: Final = {
    "index, new": Command(f"index ROOT/../{_NEWS}", "nothing", _indexed),
    "index, more": Command(f"index ROOT/../{_NEWS}", "two segments", _indexed),
    "index, merging": Command(f"index ROOT/../{_NEWS}", "a full tier", _indexed),
    "index, after leftovers": Command(f"index ROOT/../{_NEWS}", "leftovers", _indexed),
    "delete": Command("delete n7", "a full tier", lambda _, state: [state.without("n7")]),
    "delete, rewriting": Command(
        "delete n2 n3", "two segments", lambda _, state: [state.without("n2", "n3")]
    ),
    "withdraw": Command(
        f"withdraw n2 --on {DAY}",
        "two segments",
        lambda _, state: [state.without("n2", withdrawn=True)],
    ),
    "reindex": Command("reindex", "two segments", _same),
    "rollback": Command("rollback", "reindexed", _same),
    "copy": Command("copy whoosh:ROOT/copy", "two segments", _copied, folder="copy"),
    "keys add": Command(
        f"keys --file ROOT/{_KEYS} add desk",
        "two segments",
        lambda _, state: [replace(state, keys=(*state.keys, "desk"))],
    ),
    "backup": Command("backup ROOT/backup", "two segments", _backed_up, folder="backup/index"),
    "restore": Command("restore ROOT/backup", "backed up", _restored),
    "recover": Command("recover", "damaged", _recovered),
}
#: Those that this program has.
COMMANDS: Final = {
    name: command
    for name, command in _COMMANDS.items()
    if command.args.split()[0] in main.list_commands(Context(main))
}
#: Commands that only read: their answer is whole, or they say in a line why there is none.
READING: Final = ("search tin", "show n2", "stats", "verify", "analyze --query tin")


class Scene:
    """A folder that is made anew for every run, always at the same place."""

    def __init__(self, place: Path) -> None:
        """Build every archive that a command meets, in the empty folder `place`."""
        self.root = place / "root"
        self._place = place
        self._held = ""
        self._files: dict[str, bytes | None] = {}
        """The archive that the root was last set to, and its files."""
        self._states: dict[Command, list[State]] = {}
        (place / _NEWS).write_text("\n".join(_RECORDS), encoding="utf-8")
        for name, build in _BUILDERS.items():
            self.root.mkdir()
            build(self.root)
            self.root.rename(place / name)

    def set(self, name: str) -> None:
        """Have the root hold this archive and nothing else."""
        if self._held == name and _files(self.root) == self._files:
            return  # nothing has changed it
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self._place / name, self.root)
        self._held, self._files = name, _files(self.root)

    def run(self, args: str, fault: Fault | None = None, *, keep: bool = False) -> Traced:
        """Run a command on what is there, in a process of its own, with this fault."""

        def call() -> int:
            # The server of worker processes is a child of the process that warmed up, not of this
            # one: it cannot be waited for, but asked.
            forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
            return self._call(args)

        return traced(self.root, call, fault, keep=keep)

    def warm(self, command: Command) -> None:
        """Run a command in this process, so that what it imports is there for the others."""
        self.set(command.meets)
        assert self._call(command.args) == 0

    def states(self, command: Command) -> list[State]:
        """Set the archive that a command meets, and what it and every commit of it makes that."""
        self.set(command.meets)
        if command not in self._states:
            before = state_of(self.root, command.folder)
            self._states[command] = [before, *command.makes(self.root, before)]
        return self._states[command]

    def wrong(self, command: Command, fault: Fault) -> list[str]:
        """Run a command with a fault, and say what is wrong with what it left and said."""
        states = self.states(command)
        several = len(states) > 2
        folder = self.root / command.folder
        contents = _contents(folder)
        run = self.run(command.args, fault)
        if _files(self.root) == self._files:
            return wrong_answer(run, fault, changed=False, done=False, several=several)
        try:
            found = state_of(self.root, command.folder)
            changed = found != states[0] or _contents(folder) != contents
            done = found == states[-1]
            wrong = wrong_answer(run, fault, changed=changed, done=done, several=several)
            if found not in states:
                wrong.append(f"the archive is none of the {len(states)} states")
            wrong += wrong_afterwards(self.root, command.folder, found)
            KeyStore(self.root / _KEYS).add("next", public=False, origins=(), scopes=(), on=DAY)
            if len(state_of(self.root).keys) != len(found.keys) + 1:
                wrong.append("the next key is not there")
        except SearchError as error:
            return [repr(error)]
        return wrong

    def _call(self, args: str) -> int:
        words = [word.replace("ROOT", str(self.root)) for word in args.split()]
        if words[0] != "keys":
            words += ["--index", f"whoosh:{self.root}/index"]
        try:
            main(words, prog_name="timbao")
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)
        return 0


def state_of(root: Path, folder: str = "index") -> State:
    """What a newly opened index holds, and the names of the keys."""
    keys = tuple(sorted(key.name for key in KeyStore(root / _KEYS).all()))
    engine = WhooshEngine(root / folder)
    try:
        articles = {article.id: article for article in engine.articles()}
    except IndexNotFound:
        return State(keys=keys)
    except IndexCorrupt:
        return State(keys=keys, damaged=True)
    assert engine.count() == len(articles)
    return State(articles, engine.withdrawals().days, keys)


def wrong_afterwards(root: Path, folder: str, found: State) -> list[str]:
    """What is wrong with the next write to an index, and with the files that it leaves."""
    engine = WhooshEngine(root / folder)
    if found.damaged:
        return []
    if found.articles is not None:
        assert engine.verify().articles == len(found.articles)
    with engine.writer() as writer:
        writer.put(NEXT_ARTICLE)
    if state_of(root, folder) != found.having(NEXT_ARTICLE):
        return ["the next write is not what it was asked for"]
    return [f"{name} is left" for name in sorted(leftovers(root / folder))]


def leftovers(folder: Path) -> set[str]:
    """The files that neither of the two newest tables of contents names."""
    kept = {LOCK_NAME, QUEUE_NAME}
    for generation in sorted(generations(folder))[-2:]:
        path = folder / manifest_name(generation)
        manifest = decode_manifest(generation, path.read_bytes(), str(path))
        kept.add(path.name)
        segments = kept_segments(manifest.commit, manifest.previous)
        kept |= {segment_name(segment.segid) for segment in segments}
    # What a recovery has put aside stays until somebody removes it.
    return {path.name for path in folder.iterdir() if path.suffix != ".aside"} - kept


def wrong_answer(
    run: Traced, fault: Fault, *, changed: bool, done: bool, several: bool = False
) -> list[str]:
    """What is untrue in what a command said of its outcome, at a fault.

    Args:
        changed: whether the archive is not what it was.
        done: whether it is what it should become.
        several: whether some of it may have been done before the error that is reported.
    """
    if not fault.error:
        return [] if run.status in (-signal.SIGKILL, 0) else [f"killed, it ended with {run.status}"]
    said = run.stderr.splitlines()
    last = said[-1] if said else ""
    wrong = [line for line in said if line.startswith(("still locked", "Traceback"))]
    if run.status == 0:
        wrong += [] if done else ["it says that it is done"]
    elif run.status not in (1, 2) or not last.startswith("Error: "):
        wrong.append(f"it ends with {run.status}: {last}")
    elif "is made, but perhaps not yet on the disk" in last:
        wrong += [] if changed else [f"it is not done: {last}"]
    elif changed and (done or not several) and "says whether the change is made" not in last:
        wrong.append(f"it is done: {last}")
    elif "is damaged" in last:
        wrong.append(f"nothing is damaged: {last}")
    return wrong


def _files(root: Path) -> dict[str, bytes | None]:
    """Every file below a folder; None stands for a folder."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes()
        for path in root.rglob("*")
    }


def _contents(folder: Path) -> object:
    """The segments and withdrawals of the newest generation; None where there is none."""
    try:
        commit = NewsIndex(folder, ANALYSIS_VERSION).contents().commit
    except (IndexNotFound, IndexCorrupt):
        return None
    return [segment.entry() for segment in commit.segments], commit.withdrawn


# -- the archives that the commands meet

_RECORDS: Final = [
    json.dumps({"id": f"n{number}", "title": f"Bản tin mới số {number}", "body": "Đường sắt."})
    for number in (2, 20, 21)
]


def _two_segments(root: Path) -> None:
    small_index(root / "index")
    WhooshEngine(root / "index").withdraw([Withdrawal(id="n1", on=DAY)])


def _full_tier(root: Path) -> None:
    """One more segment of the size would have them merged."""
    for number in range(TIER_FACTOR - 1):
        with WhooshEngine(root / "index").writer() as writer:
            writer.put(numbered_article(2 * number))
            writer.put(numbered_article(2 * number + 1))


def _with_leftovers(root: Path) -> None:
    """As writers leave it that were killed."""
    _two_segments(root)
    for name in ("NEWS_0123456789ab.arrays", "NEWS_0123456789ab.tmp"):
        (root / "index" / name).write_bytes(b"half of a fi")


def _reindexed(root: Path) -> None:
    _two_segments(root)
    WhooshEngine(root / "index").reindex()


def _damaged(root: Path) -> None:
    """The newest table of contents cannot be read; `before` has the generation before it."""
    _two_segments(root)
    shutil.copytree(root / "index", root / "before")
    shutil.copy(register_path(root / "index"), register_path(root / "before"))
    with WhooshEngine(root / "index").writer() as writer:
        writer.delete("n7")
    newest = root / "index" / manifest_name(max(generations(root / "index")))
    data = newest.read_bytes()
    newest.unlink()
    newest.write_bytes(data[:-1])


def _backed_up_and_changed(root: Path) -> None:
    _two_segments(root)
    if "backup" in main.list_commands(Context(main)):
        args = ["backup", str(root / "backup"), "--index", f"whoosh:{root}/index"]
        main(args, standalone_mode=False)
        WhooshEngine(root / "index").withdraw([Withdrawal(id="n7", on=DAY)])


_BUILDERS: Final[dict[str, Callable[[Path], None]]] = {
    "nothing": lambda _: None,
    "two segments": _two_segments,
    "a full tier": _full_tier,
    "leftovers": _with_leftovers,
    "reindexed": _reindexed,
    "backed up": _backed_up_and_changed,
    "damaged": _damaged,
}
