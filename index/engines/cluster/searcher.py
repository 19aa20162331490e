"""Searching one generation on a cluster."""

from itertools import pairwise

from analyzers import analyze, fold, iy_variants

from ...article import Article
from ...backend import HitRange
from ...errors import DocumentError
from ...model import Explanation, Hit, SearchPage, SearchRequest, SortOrder
from ...plan import And, AtLeast, IdIn, Not, PairSet, Phrase
from ...query.lexicon import Lexicon
from ...query_model import QueryAnalysis
from ...ranking import RankingConstants
from ...results.explain import explained, summed, with_gain, with_lift
from ...results.interpretation import Interpretation
from ...results.related import MIN_SHARED_PAIRS, beginning_pairs, subject_evidence
from ...results.search import Searcher, typed_query
from .cluster_backend import ClusterArchive
from .cluster_vocabulary import ClusterVocabulary
from .connection import Json
from .fields import stored_article
from .generation import ClusterGeneration
from .mapping import ALL_FIELD, neighbours_of
from .scoring import TOKEN_FIELDS, TokenizedZone
from .selections import Selection
from .terms import document_key
from .translation import pair_tokens

_NEIGHBOURS = neighbours_of(ALL_FIELD)


class ClusterSearcher(Searcher[Selection]):
    """Answers requests from one generation; safe to share between threads."""

    def __init__(self, generation: ClusterGeneration, constants: RankingConstants) -> None:
        self._vocabulary = ClusterVocabulary(generation)
        self._archive = ClusterArchive(generation, constants)
        super().__init__(self._archive, Lexicon(self._vocabulary))
        self.generation = generation

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits with the exact total."""
        self._look_up(request)
        return super().search(request)

    def interpret(self, request: SearchRequest) -> Interpretation[Selection]:
        """The query of a request as a search ends up taking it."""
        self._look_up(request)
        return super().interpret(request)

    def analyze(self, request: SearchRequest) -> QueryAnalysis:
        """How a query is understood, step by step."""
        self._look_up(request)
        return super().analyze(request)

    def get(self, doc_id: str) -> Article | None:
        """The article with this id."""
        fields = self._fields(doc_id, ["article"])
        index = self.generation.version.articles
        return None if fields is None else stored_article(index, fields)

    def explain(self, request: SearchRequest, doc_id: str) -> Explanation:
        """How an article gets its score; raises DocumentError where it does not match."""
        fields = self._fields(doc_id, [*TOKEN_FIELDS, "published"])
        if fields is None:
            raise DocumentError(doc_id, None, "there is no such article")
        interpretation = self.interpret(request)
        it = Selection(IdIn(frozenset({doc_id})))
        if not self._archive.count(self._archive.both(interpretation.near.docs, it))[0]:
            raise DocumentError(doc_id, None, "it does not match this query")
        scores = self._archive.exact_scores(interpretation.plan.clauses)
        parts = zip(
            scores.clauses,
            scores.saturated(TokenizedZone.of(fields)),
            scores.frequencies,
            strict=True,
        )
        children = tuple(
            explained(item, saturated, frequency, self.generation.document_count)
            for item, saturated, frequency in parts
            if saturated
        )
        wanted = self.all_hits(request, interpretation)
        children = with_lift(children, self._archive.lift(wanted, doc_id))
        if request.recency is not None:
            factor = self._archive.recency_factor(fields.get("published"), request.recency)
            children = with_gain(children, factor, request.recency)
        return summed(children)

    def related(self, doc_id: str, limit: int) -> tuple[Hit, ...]:
        """Articles about the same subject, without the article itself."""
        article = self.get(doc_id)
        if article is None:
            return ()
        counts = beginning_pairs(article)
        tokens = {pair: (_NEIGHBOURS, pair_tokens(pair)[0]) for pair in counts}
        frequencies = self.generation.frequencies(tokens.values())
        clauses = subject_evidence(
            counts, lambda pair: frequencies[tokens[pair]], self.generation.document_count
        )
        pairs = [item.query for item in clauses if isinstance(item.query, PairSet)]
        shared = AtLeast(
            MIN_SHARED_PAIRS, tuple(Phrase((pair.first, pair.second), (0, 1)) for pair in pairs)
        )
        wanted = HitRange(
            docs=Selection(And((shared, Not(IdIn(frozenset({doc_id})))))),
            clauses=tuple(clauses),
            order=SortOrder.RELEVANCE,
            offset=0,
            limit=limit,
        )
        found = self._archive.hits(wanted)
        return tuple(Hit(id=f.article.id, score=f.score, article=f.article) for f in found)

    def _fields(self, doc_id: str, names: list[str]) -> Json | None:
        """Stored fields of an article; None where there is none."""
        generation = self.generation
        (found,) = generation.cluster.ask_each(
            lambda c: c.mget(
                index=generation.version.articles,
                body={"ids": [document_key(doc_id)]},
                params={"_source_includes": ",".join(names), "realtime": "false"},
            )
        )
        return found["_source"] if found.get("found") else None

    def _look_up(self, request: SearchRequest) -> None:
        """Bring the forms of a whole query at once."""
        tokens = analyze(typed_query(request.query)[0])
        folds = [token.folded for token in tokens]
        variants = [fold(v) for t in tokens for v in iy_variants(t.folded)]
        beside = list(pairwise(folds))
        compounds = [f"{first} {second}" for first, second in beside]
        self._vocabulary.load([*folds, *variants], compounds, beside)
