"""Maintenance plans: requests and what carries them out."""
