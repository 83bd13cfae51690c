"""The table of routes, with a module for each service."""
