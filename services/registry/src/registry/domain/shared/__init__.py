"""What all entries of the register have in common: lifetime, checks, codes, factors."""
