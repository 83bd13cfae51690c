"""Visits on site: requests of a phone and what carries them out."""
