"""Instruments: requests and what carries them out."""
