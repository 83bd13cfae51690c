"""The keys of personal data, for a service whose log holds some: its settings, its adapter, its migration."""

from pathlib import Path

from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log import privacy
from qingyuan_runtime.log.privacy import KeyStore, PostgresKeys, read_kek
from qingyuan_runtime.process.settings import LogSettings


class KeysSettings(LogSettings):
    keys_database_url: str = ""
    key_encryption_key_file: Path | None = None


async def stored_keys(settings: KeysSettings) -> KeyStore:
    assert settings.key_encryption_key_file
    keys_pool = await open_pool(settings.keys_database_url, size=3)
    return PostgresKeys(keys_pool, read_kek(settings.key_encryption_key_file))


def migrate_keys(settings: KeysSettings) -> None:
    migrating.run_once(settings.keys_database_url, privacy.create_script())
