"""The JSON API under /api/v1/, and its contract."""

from . import article_api as archive
from . import facet_api as facets
from . import openapi_api as contract
from . import query_api as queries
from . import search_api as searches

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (
    searches.blueprint,
    facets.blueprint,
    archive.blueprint,
    queries.blueprint,
    contract.blueprint,
)
