"""Settings of the reports service, beside those of all services."""

from qingyuan_runtime.process.settings import LogSettings


class ReportsSettings(LogSettings):
    source_database_url: str = ""
    """The register's event store, read only; to rebuild `installed`."""

    tasks_database_url: str = ""
    """The tasks service's event store, read only; to rebuild `contracted`."""
