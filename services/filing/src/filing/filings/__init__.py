"""Filings: requests and what carries them out."""
