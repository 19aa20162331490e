"""What a text that is still being typed may become: queries, headlines, labels."""
