"""How many named functions of the product, in how many files, one warm request runs.

    python benchmarks/count_calls.py [--list] [ADDRESS …]

The sample documents are indexed into a temporary folder; each address is asked twice, and the
second time counts. Lambdas, comprehensions, generator expressions and module bodies have no name
and do not count.
"""

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from corpora import REPOSITORY, Corpus

from index import open_engine
from searchapp.app import create_app
from searchapp.settings import RateMode, Settings

ADDRESSES = (
    "/search?q=ha+noi",
    "/api/v1/search?q=ha+noi",
    "/api/v1/suggest?q=ha+n",
    "/api/v1/search?mode=advanced&q=(a",
)
PACKAGES = tuple(str(REPOSITORY / name) for name in ("analyzers", "index", "searchapp"))


class Calls:
    """Counts the calls of named product functions, by file and function."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """The profiler's hook."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(PACKAGES) and code.co_name[0] != "<":
            path = Path(code.co_filename).relative_to(REPOSITORY).as_posix()
            self.counts[path, code.co_qualname] += 1


def main() -> None:
    """Print a line for each address, and with --list every function."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("addresses", nargs="*", default=ADDRESSES)
    parser.add_argument("--list", action="store_true", help="name every function with its calls")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        index = f"whoosh:{folder}/index"
        engine = open_engine(index)
        with engine.writer() as writer:
            for article in Corpus("sample", 0).articles():
                writer.put(article)
        client = create_app(Settings(index=index, rate_mode=RateMode.OFF)).test_client()
        for address in options.addresses:
            client.get(address)
            calls = Calls()
            sys.setprofile(calls.note)
            try:
                client.get(address)
            finally:
                sys.setprofile(None)
            files = Counter(path for path, _ in calls.counts)
            total = sum(calls.counts.values())
            print(f"{address}: {len(calls.counts)} functions in {len(files)} files, {total} calls")
            if options.list:
                for (path, name), count in sorted(calls.counts.items()):
                    print(f"  {count:6} {path} {name}")


if __name__ == "__main__":
    main()
