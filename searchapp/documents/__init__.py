"""An article or a page of hits in another form: records, citations, exports, feeds, JSON."""
