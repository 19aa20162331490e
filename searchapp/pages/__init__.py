"""The HTML pages, and the files and feeds linked from them."""
