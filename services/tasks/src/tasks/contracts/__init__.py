"""Contracts between an operator and an enterprise: requests and what carries them out."""
