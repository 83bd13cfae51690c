"""A fake of WeChat's official accounts: their HTTP interface, and pages on which one is a test user. State is in memory."""
