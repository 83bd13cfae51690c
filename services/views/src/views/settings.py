"""What the views' processes are told from outside, beside what all services are told."""

from qingyuan_runtime.settings import Settings


class ViewsSettings(Settings):
    source_database_url: str = ""
    """The registry's event store, read only; needed by a rebuild alone."""
