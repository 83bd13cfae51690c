"""Second factors of accounts: app codes, security keys, recovery codes."""
