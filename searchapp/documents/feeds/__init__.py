"""Searches as feeds that a reader can subscribe to."""

from .atom import atom_feed
from .feed import Feed, FeedEntry, FeedSource, archive_feed, feed_params, search_feed
from .rss import rss_feed

__all__ = [
    "Feed",
    "FeedEntry",
    "FeedSource",
    "archive_feed",
    "atom_feed",
    "feed_params",
    "rss_feed",
    "search_feed",
]
