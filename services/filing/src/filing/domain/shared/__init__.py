"""Rules that filings and resources have in common."""
