"""The settings of the filing service, in addition to those of all services with personal data."""

from qingyuan_runtime.assembly.personal_keys import KeysSettings


class FilingSettings(KeysSettings):
    tasks_database_url: str = ""
    """The tasks service's event store, read only; needed only to rebuild the read model `business`."""
