"""Binding of WeChat users to accounts, and logging in by them."""
