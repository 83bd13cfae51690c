"""What a filing and its resources are: no I/O here."""
