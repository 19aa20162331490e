"""People in, pages out: the website, the JSON API and the command `timbao`."""
