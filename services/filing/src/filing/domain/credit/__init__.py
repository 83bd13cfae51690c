"""An operator's information for its credit evaluation: commands, states, and how they decide."""
