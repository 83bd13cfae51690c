"""Settings of the tasks service, beside those of all services."""

from qingyuan_runtime.process.settings import LogSettings


class TasksSettings(LogSettings):
    source_database_url: str = ""
    """The registry's event store, read only; needed only to rebuild the read model `places`."""

    filing_database_url: str = ""
    """The event store of filings, read only; needed only to rebuild the read model `filed`."""
