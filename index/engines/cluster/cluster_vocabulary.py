"""The lexicon on the cluster: which forms a folded form has, and how many articles have each."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ...article import vietnamese_day
from .connection import Json
from .fields import COMPOUND, FORM
from .generation import ClusterGeneration, FieldToken
from .mapping import ALL_FIELD, WORDS_FIELD, neighbours_of
from .terms import compound_term, field_term, pair_term

#: Entries that one look-up brings at most.
_MOST_ENTRIES = 10_000
#: Folded forms, compounds or pairs that are remembered.
_REMEMBERED = 20_000
_PAIRS = neighbours_of(ALL_FIELD)


class ClusterVocabulary:
    """Looks up many forms together and remembers them as long as the generation lives."""

    def __init__(self, generation: ClusterGeneration) -> None:
        self._generation = generation
        self._forms: dict[str, Mapping[str, int]] = {}
        self._compounds: dict[str, Mapping[str, int]] = {}
        self._pairs: dict[tuple[str, str], Mapping[tuple[str, str], int]] = {}

    @property
    def document_count(self) -> int:
        """Living documents."""
        return self._generation.document_count

    def load(
        self,
        folds: Iterable[str],
        compounds: Iterable[str] = (),
        pairs: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Bring what a query will ask for in two requests, instead of one after the other."""
        pairs = [pair for pair in dict.fromkeys(pairs) if pair not in self._pairs]
        folds = {*folds, *(fold for pair in pairs for fold in pair)}
        self._load_entries(
            [fold for fold in sorted(folds) if fold not in self._forms],
            [fold for fold in dict.fromkeys(compounds) if fold not in self._compounds],
        )
        self._load_pairs(pairs)

    def variant_counts(self, fold: str) -> Mapping[str, int]:
        """The indexed forms of a folded syllable with their document frequencies."""
        while (found := self._forms.get(fold)) is None:
            self.load([fold])
        return found

    def compound_counts(self, fold: str) -> Mapping[str, int]:
        """The accented readings of a folded compound with their document frequencies."""
        while (found := self._compounds.get(fold)) is None:
            self.load([], [fold])
        return found

    def pair_counts(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """The readings of two folded syllables side by side with their document frequencies."""
        while (found := self._pairs.get((first, second))) is None:
            self.load([], [], [(first, second)])
        return found

    def fold_counts(self, prefix: str) -> Mapping[str, int]:
        """The folded forms that begin with a prefix, with the counts of their forms added up.

        Of more than 10,000 forms, some are left out.
        """
        found = self._entries({"prefix": {"fold": prefix}}, FORM)
        by_fold: dict[str, list[str]] = {}
        for entry in found:
            by_fold.setdefault(entry["fold"], []).append(entry["text"])
        tokens = {text: (ALL_FIELD, field_term(text)) for e in by_fold.values() for text in e}
        counts = self._generation.frequencies(tokens.values())
        for fold, texts in by_fold.items():
            self._remember(self._forms, fold, {text: counts[tokens[text]] for text in texts})
        summed = {
            fold: sum(counts[tokens[text]] for text in texts) for fold, texts in by_fold.items()
        }
        return {fold: count for fold, count in summed.items() if count}

    def years(self) -> range:
        """Those from the first article with a date to the last, in Vietnamese time."""
        edges = [edge for edge in self._generation.published if edge is not None]
        if not edges:
            return range(0)
        first, last = (vietnamese_day(edge / 1000).year for edge in edges)
        return range(first, last + 1)

    def known_folds(self, folds: Collection[str]) -> Collection[str]:
        """Those of the folded forms that are indexed, perhaps in deleted documents only."""
        self.load(folds)
        return [fold for fold in folds if self.variant_counts(fold)]

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        return self._generation.labels(column)

    def _load_entries(self, folds: list[str], compounds: list[str]) -> None:
        if not folds and not compounds:
            return
        asked = {field_term(fold): fold for fold in (*folds, *compounds)}
        texts: dict[tuple[str, str], list[str]] = {}
        for entry in self._entries({"terms": {"fold": list(asked)}}):
            texts.setdefault((entry["kind"], asked[entry["fold"]]), []).append(entry["text"])
        forms = {fold: texts.get((FORM, fold), []) for fold in folds}
        words = {fold: texts.get((COMPOUND, fold), []) for fold in compounds}
        tokens: dict[tuple[str, str], FieldToken] = {}
        tokens |= {(FORM, t): (ALL_FIELD, field_term(t)) for e in forms.values() for t in e}
        tokens |= {
            (COMPOUND, t): (WORDS_FIELD, compound_term(t)) for e in words.values() for t in e
        }
        counts = self._generation.frequencies(tokens.values())
        for fold, found in forms.items():
            self._remember(self._forms, fold, {t: counts[tokens[FORM, t]] for t in found})
        for fold, found in words.items():
            self._remember(self._compounds, fold, {t: counts[tokens[COMPOUND, t]] for t in found})

    def _load_pairs(self, pairs: list[tuple[str, str]]) -> None:
        tokens: dict[tuple[str, str], dict[tuple[str, str], FieldToken]] = {}
        for first, second in pairs:
            tokens[first, second] = {
                (left, right): (_PAIRS, pair_term(field_term(left), field_term(right)))
                for left, count in self.variant_counts(first).items()
                for right, other in self.variant_counts(second).items()
                if count and other
            }
        counts = self._generation.frequencies(t for each in tokens.values() for t in each.values())
        for pair, each in tokens.items():
            found = {forms: counts[token] for forms, token in each.items() if counts[token]}
            self._remember(self._pairs, pair, found)

    def _entries(self, query: Json, kind: str | None = None) -> list[dict[str, Any]]:
        filters = [query] if kind is None else [query, {"term": {"kind": kind}}]
        body: Json = {"size": _MOST_ENTRIES, "query": {"bool": {"filter": filters}}}
        cluster, lexicon = self._generation.cluster, self._generation.version.lexicon
        return [hit["_source"] for hit in cluster.search(lexicon, body)["hits"]["hits"]]

    @staticmethod
    def _remember(kept: dict[Any, Any], key: object, value: object) -> None:
        if len(kept) >= _REMEMBERED:
            kept.clear()
        kept[key] = value
