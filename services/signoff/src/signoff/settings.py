"""What the signoff service's processes are told from outside, beside what all services are told."""

from qingyuan_runtime.process.settings import LogSettings


class SignoffSettings(LogSettings):
    tasks_database_url: str = ""
    """The tasks service's event store, read only: what the reaction asks where the topic is not enough."""
