"""The embedded engine: one folder of memory-mapped segments, which is a Whoosh index too."""
