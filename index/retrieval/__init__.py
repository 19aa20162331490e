"""Evaluating plans with array arithmetic over the segments of one generation."""
