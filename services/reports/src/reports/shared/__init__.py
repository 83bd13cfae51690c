"""What reports and exemptions have in common: policy, repository, dependencies of routes."""
