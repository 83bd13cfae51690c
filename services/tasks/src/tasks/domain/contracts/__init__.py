"""A contract: its commands, its state, and how it decides."""
