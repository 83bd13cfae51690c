"""An outlet: its commands, its state, and how it decides."""
