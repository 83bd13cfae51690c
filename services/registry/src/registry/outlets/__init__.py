"""Outlets: requests and what carries them out."""
