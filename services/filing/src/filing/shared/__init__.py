"""What filings and resources have in common: policy, repository, dependencies of routes."""
