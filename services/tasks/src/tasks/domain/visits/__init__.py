"""A visit: its parts, its commands, its state, and how it decides."""
