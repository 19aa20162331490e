"""One search and its address: parameters, labels, links."""
