"""Monitoring points: requests and what carries them out."""
