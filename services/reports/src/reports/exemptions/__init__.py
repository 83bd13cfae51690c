"""Requests about exemptions from rules."""
