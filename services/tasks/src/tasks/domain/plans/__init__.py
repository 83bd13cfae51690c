"""A plan: its draft, its windows, its commands, its state, and how it decides."""
