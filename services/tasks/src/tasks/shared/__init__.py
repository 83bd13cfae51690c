"""What contracts, plans and visits have in common: policy, repository, dependencies of routes."""
