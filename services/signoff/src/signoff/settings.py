"""Settings of the signoff service, beside those of all services."""

from qingyuan_runtime.process.settings import LogSettings


class SignoffSettings(LogSettings):
    tasks_database_url: str = ""
    """The tasks service's event store, read only; the reaction reads it where the topic is incomplete."""
