"""The JSON API under /api/v1/, and its contract."""

from . import archive, contract, facets, queries, searches

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (
    searches.blueprint,
    facets.blueprint,
    archive.blueprint,
    queries.blueprint,
    contract.blueprint,
)
