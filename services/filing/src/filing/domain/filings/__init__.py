"""A filing: its commands, its state, and how it decides."""
