"""Questions about all reports and exemptions, answered from the service's own log."""
