"""Which operators have had business, and the lock of those that have had none."""
