"""Which operator has a contract for which point, on which days: a copy of what tasks announces."""
