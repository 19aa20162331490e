"""Write index/data/prior.xz, counts of syllables and neighbours in news articles, and
index/data/lookalikes.txt, the words of news that also decode as Telex or VNI keystrokes.

    .venv/bin/python scripts/build_prior.py ../shared/data/news60k.jsonl.gz --articles 50000

Figures only: no text of an article is kept. The last 10,000 articles stay out, because
restoration is measured on their headlines.
"""

import argparse
import io
import lzma
import math
from collections import Counter
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from analyzers import (
    TokenKind,
    decode_telex,
    decode_vni,
    expand_piece,
    fold,
    is_syllable,
    raw_pieces,
)
from index import read_path
from index.query.prior import LOG_STEPS
from index.segments.array_file import write_arrays
from index.segments.strings import pack_strings

MIN_COUNT = 5
MIN_PAIR_COUNT = 3
MIN_LOOKALIKE_COUNT = 2
BOUNDARY = ""


def count(path: Path, articles: int) -> tuple[Counter[str], Counter[tuple[str, str]], Counter[str]]:
    """Occurrences of syllables, of neighbouring syllables, and of other ASCII words."""
    singles: Counter[str] = Counter()
    others: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for article in islice(read_path(path, on_bad=print), articles):
        for text in (article.headline, article.lead, *article.body):
            tokens = [t for piece in raw_pieces(text) for t in expand_piece(piece).tokens]
            row = [
                t.exact if t.kind is TokenKind.WORD and is_syllable(t.exact) else BOUNDARY
                for t in tokens
            ]
            others.update(t.exact for t, kept in zip(tokens, row, strict=True) if not kept)
            singles.update(row)
            pairs.update(pairwise(row))
    return singles, pairs, others


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--out", type=Path, default=Path("index/data/prior.xz"))
    arguments = parser.parse_args()
    singles, pairs, others = count(arguments.path, arguments.articles)
    lookalikes = sorted(
        word
        for word, n in others.items()
        if n >= MIN_LOOKALIKE_COUNT and (decode_telex(word) or decode_vni(word))
    )
    arguments.out.with_name("lookalikes.txt").write_text("\n".join(lookalikes) + "\n")
    del singles[BOUNDARY]
    kept = sorted((fold(form), form) for form, n in singles.items() if n >= MIN_COUNT)
    numbers = {form: number for number, (_, form) in enumerate(kept)}
    readings = Counter(folded for folded, _ in kept)
    chosen = sorted(
        (numbers[a], numbers[b], n)
        for (a, b), n in pairs.items()
        if n >= MIN_PAIR_COUNT
        and a in numbers
        and b in numbers
        and readings[fold(a)] * readings[fold(b)] > 1
    )
    first = np.array([a for a, _, _ in chosen])
    rows = np.searchsorted(first, np.arange(len(kept) + 1)).astype(np.uint32)
    steps = [
        b if index == 0 or chosen[index - 1][0] != a else b - chosen[index - 1][1]
        for index, (a, b, _) in enumerate(chosen)
    ]
    starts = [i for i, (f, _) in enumerate(kept) if i == 0 or kept[i - 1][0] != f]
    text, text_offsets = pack_strings([form for _, form in kept])
    folded, fold_offsets = pack_strings([kept[start][0] for start in starts])
    arrays = {
        "text": text,
        "text_offsets": text_offsets,
        "fold": folded,
        "fold_offsets": fold_offsets,
        "fold_first": np.array([*starts, len(kept)], np.uint32),
        "counts": _logarithms([singles[form] for _, form in kept]),
        "rows": rows,
        "second_low": (np.array(steps) & 0xFF).astype(np.uint8),
        "second_high": (np.array(steps) >> 8).astype(np.uint8),
        "pair_counts": _logarithms([n for _, _, n in chosen]),
    }
    stream = io.BytesIO()
    write_arrays(stream, arrays)
    packed = lzma.compress(stream.getvalue(), preset=9 | lzma.PRESET_EXTREME)
    arguments.out.write_bytes(packed)
    print(f"{len(kept)} syllables, {len(chosen)} pairs, {len(packed)} bytes")  # noqa: T201


def _logarithms(counts: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    return np.array([round(LOG_STEPS * math.log2(n)) for n in counts], np.uint8)


if __name__ == "__main__":
    main()
