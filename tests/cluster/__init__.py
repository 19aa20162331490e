"""Tests against a real OpenSearch cluster, and the nodes that they start."""
