"""A resource of an operator: its commands, its state, and how it decides."""
