"""A whole city for a year, written as facts into the services' logs: for benches and for trying things at size."""
