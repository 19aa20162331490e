"""The headlines of one generation as one table, whatever segments they lie in."""

from dataclasses import dataclass

import numpy as np

from ..retrieval.snapshot import Snapshot
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


def headline_table(snapshot: Snapshot) -> HeadlineTable:
    """The headlines of all segments under common numbers."""
    fold_of = _folds_of_forms(snapshot)
    forms = sorted(fold_of, key=lambda form: (fold_of[form], form))
    numbers = {form: number for number, form in enumerate(forms)}
    all_slots, all_docs = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for part in snapshot.parts:
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
        np.concatenate(all_docs).astype(smallest_unsigned(snapshot.size)),
    )


def _folds_of_forms(snapshot: Snapshot) -> dict[str, str]:
    """Every form of a headline with its fold."""
    folds: dict[str, str] = {}
    for part in snapshot.parts:
        vocabulary = part.segment.terms
        used = np.unique(part.segment.headlines.slots)
        used = used[used != NO_TERM]
        of_fold = np.searchsorted(vocabulary.fold_first, used, side="right") - 1
        for number, fold_number in zip(used.tolist(), of_fold.tolist(), strict=True):
            folds[vocabulary.text[number]] = vocabulary.folds[fold_number]
    return folds
