"""An enterprise: its commands, its state, and how it decides."""
