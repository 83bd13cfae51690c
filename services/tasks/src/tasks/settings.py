"""What the tasks service's processes are told from outside, beside what all services are told."""

from qingyuan_runtime.process.settings import LogSettings


class TasksSettings(LogSettings):
    source_database_url: str = ""
    """The registry's event store, read only; needed by a rebuild of `places` alone."""
