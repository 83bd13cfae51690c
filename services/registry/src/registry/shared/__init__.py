"""What enterprises, outlets, points and instruments have in common: policy, repository, bodies."""
