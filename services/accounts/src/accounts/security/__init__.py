"""What the security administrator and the auditor see."""
