"""Immutable segments of the index as plain arrays: building, merging, reading. NumPy only."""
