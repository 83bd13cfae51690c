"""An exemption from a rule: commands, state, and how it decides."""
