"""The embedded engine: one folder of memory-mapped segments, written through Whoosh."""
