"""Documents that match become a page: interpretation, hits, highlights, facets, explanations."""
