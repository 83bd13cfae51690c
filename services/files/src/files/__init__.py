"""The files service: what was uploaded, by whom, and who may see it."""
