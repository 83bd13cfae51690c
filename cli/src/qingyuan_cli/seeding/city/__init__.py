"""A year of data of a whole city, written as facts into the services' logs, for benchmarks and trials at full size."""
