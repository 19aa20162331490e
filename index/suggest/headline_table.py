"""The headlines of one generation as one table, whatever segments they lie in."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..retrieval.snapshot import Part
from ..segments.array_file import Array, smallest_unsigned
from ..segments.headlines import NO_TERM


@dataclass(frozen=True, slots=True)
class HeadlineTable:
    """The tokens of live headlines one after the other, as numbers of forms."""

    forms: list[str]
    """Sorted by fold."""
    folds: list[str]
    slots: Array
    """A form in each, len(forms) after every headline and where a position has none."""
    docs: Array
    """The document of each slot."""


def headline_table(parts: Sequence[Part], size: int) -> HeadlineTable:
    """The headlines of these parts of a snapshot under common numbers.

    Args:
        size: documents of the snapshot.
    """
    fold_of = _folds_of_forms(parts)
    forms = sorted(fold_of, key=lambda form: (fold_of[form], form))
    numbers = {form: number for number, form in enumerate(forms)}
    all_slots, all_docs = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for part in parts:
        headlines = part.segment.headlines
        lengths: Array = np.diff(headlines.ptr)
        docs = np.repeat(np.arange(len(lengths)), lengths)
        used = np.unique(headlines.slots)
        texts = part.segment.terms.text
        renumbered = [
            len(forms) if number == NO_TERM else numbers[texts[number]] for number in used.tolist()
        ]
        slots = np.array(renumbered, np.int64)[np.searchsorted(used, headlines.slots)]
        if part.live is not None:
            live = part.live[docs]
            slots, docs = slots[live], docs[live]
        all_slots.append(slots)
        all_docs.append(docs + part.base)
    return HeadlineTable(
        forms,
        [fold_of[form] for form in forms],
        np.concatenate(all_slots).astype(smallest_unsigned(len(forms))),
        np.concatenate(all_docs).astype(smallest_unsigned(size)),
    )


def _folds_of_forms(parts: Sequence[Part]) -> dict[str, str]:
    """Every form of a headline with its fold."""
    folds: dict[str, str] = {}
    for part in parts:
        vocabulary = part.segment.terms
        used = np.unique(part.segment.headlines.slots)
        used = used[used != NO_TERM]
        of_fold = np.searchsorted(vocabulary.fold_first, used, side="right") - 1
        for number, fold_number in zip(used.tolist(), of_fold.tolist(), strict=True):
            folds[vocabulary.text[number]] = vocabulary.folds[fold_number]
    return folds


def extended(table: HeadlineTable, kept: Array, other: HeadlineTable) -> HeadlineTable:
    """The kept slots of one table, and behind them those of another, under common numbers.

    Args:
        kept: one bool a slot of the first.
    """
    known = set(table.forms)
    added = [
        (fold, form)
        for form, fold in zip(other.forms, other.folds, strict=True)
        if form not in known
    ]
    places = [place(table.folds, table.forms, *each) for each in added]
    forms, folds = list(table.forms), list(table.folds)
    for (fold, form), at in zip(reversed(added), reversed(places), strict=True):
        forms.insert(at, form)
        folds.insert(at, fold)
    # The last number stands for none.
    numbers = np.arange(len(table.forms) + 1)
    numbers += np.searchsorted(np.array(places, np.int64), numbers, side="right")
    of_other = [place(folds, forms, *each) for each in zip(other.folds, other.forms, strict=True)]
    others = np.array([*of_other, len(forms)], np.int64)
    slots = table.slots[kept] if not added else numbers[table.slots[kept]]
    kind = smallest_unsigned(len(forms))
    return HeadlineTable(
        forms,
        folds,
        np.concatenate([slots.astype(kind), others[other.slots].astype(kind)]),
        np.concatenate([table.docs[kept].astype(other.docs.dtype), other.docs]),
    )


def place(folds: Sequence[str], forms: Sequence[str], fold: str, form: str) -> int:
    """Where a form stands or is to stand among others, which are sorted by fold."""
    at = bisect_left(folds, fold)
    while at < len(folds) and folds[at] == fold and forms[at] < form:
        at += 1
    return at
