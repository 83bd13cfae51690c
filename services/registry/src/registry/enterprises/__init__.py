"""Enterprises, their contact and requested changes: requests and what carries them out."""
