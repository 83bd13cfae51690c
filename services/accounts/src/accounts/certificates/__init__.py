"""Logging in with an organisation's certificate: challenges, trust, binding, a lost key."""
