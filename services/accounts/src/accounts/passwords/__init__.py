"""Rules, history and hashes of passwords."""
