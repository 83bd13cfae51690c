"""Requests about reports."""
