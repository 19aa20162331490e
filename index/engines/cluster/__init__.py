"""The same search on an OpenSearch cluster."""
