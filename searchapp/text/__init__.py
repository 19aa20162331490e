"""Texts for people: languages, numbers, dates, addresses of headlines."""
