"""The account service: logging in, accounts, their addresses."""
