"""The settings of the registry, in addition to those of all services."""

from pathlib import Path

from qingyuan_runtime.process.settings import LogSettings


class RegistrySettings(LogSettings):
    keys_database_url: str = ""
    key_encryption_key_file: Path | None = None
