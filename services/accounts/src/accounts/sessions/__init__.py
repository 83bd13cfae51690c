"""Open sessions: opened, restricted, ended."""
