"""The fields of a cluster's indexes. Strict: a document with any other field is refused."""

from analyzers import ANALYSIS_VERSION

from ...ranking import DEFAULT_RANKING
from ...schema import Zone
from ...segments.columns import KEYWORD_COLUMNS
from ...segments.inversion import PARAGRAPH_GAP
from .cluster_settings import ClusterSettings
from .connection import Json

FORMAT_VERSION = 1
#: Younger than the format: a writer adds it to an index that lacks it.
CHANGED_FIELD: Json = {"changed": {"type": "date", "format": "epoch_millis"}}

#: All zones in one field, with every two neighbours as a term of their own beside it.
ALL_FIELD = "all"
#: Where the cluster keeps the neighbours of a field that has `index_phrases`.
NEIGHBOURS = "_index_phrase"
WORDS_FIELD = "words"
#: Any compound term lies in it, so that a plain count says how many articles have it.
ZONE_FIELDS = {zone: zone.name.lower() for zone in Zone}
#: Tokens that stand on top of others (dates, joined forms), at the same positions.
STACKED_FIELDS = {zone: f"{name}_stacked" for zone, name in ZONE_FIELDS.items()}

_ANALYSED: Json = {"type": "text", "analyzer": "whitespace"}
_UNSEARCHED: Json = {"type": "keyword", "index": False, "doc_values": False}


def neighbours_of(field: str) -> str:
    """The field of the neighbouring tokens of a field."""
    return f"{field}.{NEIGHBOURS}"


def articles_index(settings: ClusterSettings) -> Json:
    """Settings and mapping of an index of articles."""
    zones: Json = {
        name: {
            **_ANALYSED,
            "similarity": "linear",
            "position_increment_gap": PARAGRAPH_GAP,
            "index_phrases": zone is Zone.HEADLINE,
            "copy_to": ALL_FIELD,
        }
        for zone, name in ZONE_FIELDS.items()
    }
    stacked: Json = {
        name: {**_ANALYSED, "norms": False, "position_increment_gap": PARAGRAPH_GAP}
        for name in STACKED_FIELDS.values()
    }
    lengths: Json = {name: {"type": "integer", "index": False} for name in ZONE_FIELDS.values()}
    return {
        "settings": {
            **_layout(settings),
            "similarity": {
                "news": {"type": "BM25", "k1": DEFAULT_RANKING.k1, "b": DEFAULT_RANKING.b},
                # So late to saturate that it gives frequency by length, to be added over zones.
                "linear": {"type": "BM25", "k1": 1000.0, "b": DEFAULT_RANKING.b},
            },
        },
        "mappings": _mappings(
            {
                "id": {"type": "keyword"},
                "digest": _UNSEARCHED,
                "article": {"type": "object", "enabled": False},
                **{name: {"type": "keyword"} for name in KEYWORD_COLUMNS},
                "published": {"type": "date", "format": "epoch_second"},
                **CHANGED_FIELD,
                "title_key": {"type": "keyword", "index": False},
                "lengths": {"properties": lengths},
                **zones,
                **stacked,
                ALL_FIELD: {
                    **_ANALYSED,
                    "similarity": "news",
                    "position_increment_gap": PARAGRAPH_GAP,
                    "index_phrases": True,
                },
                WORDS_FIELD: {**_ANALYSED, "norms": False, "index_options": "docs"},
            }
        ),
    }


def lexicon_index(settings: ClusterSettings) -> Json:
    """Settings and mapping of an index of forms."""
    properties: Json = {
        "kind": {"type": "keyword"},
        "fold": {"type": "keyword"},
        "text": _UNSEARCHED,
    }
    return {"settings": _layout(settings), "mappings": _mappings(properties)}


def control_index(settings: ClusterSettings) -> Json:
    """Settings and mapping of the index of what is neither article nor form."""
    properties: Json = {
        "kind": {"type": "keyword"},
        "id": {"type": "keyword"},
        "day": _UNSEARCHED,
        "generation": {"type": "long", "index": False},
        "previous": _UNSEARCHED,
        "owner": _UNSEARCHED,
        "until": {"type": "double", "index": False},
    }
    layout = {**_layout(settings), "number_of_shards": 1}
    return {"settings": layout, "mappings": _mappings(properties)}


def _layout(settings: ClusterSettings) -> Json:
    # What is written becomes visible when a writer says so.
    return {
        "number_of_shards": settings.shards,
        "number_of_replicas": settings.replicas,
        "refresh_interval": "-1",
    }


def _mappings(properties: Json) -> Json:
    meta = {"format": FORMAT_VERSION, "fingerprint": ANALYSIS_VERSION}
    return {"dynamic": "strict", "_meta": meta, "properties": properties}
