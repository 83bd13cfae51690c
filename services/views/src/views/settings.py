"""What the views' processes are told from outside, beside what all services are told."""

from qingyuan_runtime.settings import Settings


class ViewsSettings(Settings):
    source_database_url: str = ""
    """The registry's event store, read only; needed by a rebuild of `register` alone."""
    tasks_database_url: str = ""
    """The tasks service's event store, read only; needed by a rebuild of `work` alone."""
    signoff_database_url: str = ""
    """The signoff service's event store, read only; needed by a rebuild of `confirmations` alone."""
