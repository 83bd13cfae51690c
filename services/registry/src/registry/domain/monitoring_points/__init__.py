"""A monitoring point: its commands, its state, and how it decides."""
