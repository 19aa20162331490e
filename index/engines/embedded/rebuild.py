"""Replacing a whole index while it is searched: analyse anew, verify, swap."""

from collections.abc import Callable, Iterator

from ...article import Article
from ...model import VerifyReport
from .bulk import BulkWriter
from .manifest import Commit, kept_segments
from .segment_writer import NewsWriter
from .store import NewsIndex
from .verify_segments import live_articles, verify_segment


def verify(index: NewsIndex) -> VerifyReport:
    """What of an index was read and is sound; raises IndexCorrupt."""

    def read() -> VerifyReport:
        contents = index.any_manifest()
        kept = kept_segments(contents.commit, contents.previous)
        sizes = [verify_segment(index.folder, info) for info in kept]
        return VerifyReport(
            segments=len(sizes), bytes=sum(sizes), articles=contents.commit.documents
        )

    return index.read(read)


def reindex(index: NewsIndex, on_progress: Callable[[int, int], None] | None) -> int:
    """Write every live article anew as one new generation; how many there are."""
    news = NewsWriter.open(index, any_analysis=True)
    replaced = news.drop_committed()
    writer = BulkWriter(lambda: news)
    done = 0
    try:
        for done, _ in enumerate(writer.rewrite(_articles(index, replaced)), 1):
            if on_progress is not None:
                on_progress(done, replaced.documents)
    except BaseException:
        writer.abandon()
        raise
    writer.commit()
    return done


def _articles(index: NewsIndex, commit: Commit) -> Iterator[Article]:
    for info in commit.segments:
        yield from live_articles(index.segment(info), info.live())
