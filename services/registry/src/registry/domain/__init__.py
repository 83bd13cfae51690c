"""Pure: commands, states, decide, evolve."""
