"""Writing of the security log: who did what, from where, on whom, with what result."""
