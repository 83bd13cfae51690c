"""Accounts of an organisation, seen by its managers and by the platform, and invitations to them."""
