"""The table of routes, a page for each service."""
