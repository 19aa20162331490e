"""The engine on an OpenSearch cluster: our analysis, plans and ranking, its storage and search."""
