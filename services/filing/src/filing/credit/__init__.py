"""Information for the credit evaluation: requests and what carries them out."""
