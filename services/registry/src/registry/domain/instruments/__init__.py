"""An instrument: its commands, its state, and how it decides."""
