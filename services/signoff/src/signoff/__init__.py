"""The signoff service."""
