"""A report: commands, state, and how it decides."""
