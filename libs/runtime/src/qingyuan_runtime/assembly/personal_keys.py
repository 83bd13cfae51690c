"""The keys of personal data, for a service whose log holds some: its settings, its adapter, its migration, its erasures."""

import asyncio
import json
import sys
from pathlib import Path

from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log import privacy
from qingyuan_runtime.log.erasures import Erasures
from qingyuan_runtime.log.privacy import KeyStore, PostgresKeys, read_kek
from qingyuan_runtime.process.settings import LogSettings
from qingyuan_runtime.publishing.restoring import open_log_pool


class KeysSettings(LogSettings):
    keys_database_url: str = ""
    key_encryption_key_file: Path | None = None


async def stored_keys(settings: KeysSettings) -> KeyStore:
    assert settings.key_encryption_key_file
    keys_pool = await open_pool(settings.keys_database_url, size=3)
    return PostgresKeys(keys_pool, read_kek(settings.key_encryption_key_file))


def migrate_keys(settings: KeysSettings) -> None:
    migrating.run_once(settings.keys_database_url, privacy.create_script())


async def erasures(settings: KeysSettings, recorded: str) -> None:
    """Destroys the keys of those whose erasure the log holds. `recorded`: as in `Erasures`."""
    pool = await open_log_pool(settings.database_url, size=1)
    await Erasures(pool, await stored_keys(settings), recorded).run()


def erase_again(package: str, settings: KeysSettings, recorded: str) -> None:
    """After a restore: erases again those whose erasure the log holds, in case the backup of the keys had them."""

    async def sweep() -> int:
        pool = await open_pool(settings.migration_database_url, size=1)
        return await Erasures(pool, await stored_keys(settings), recorded).sweep()

    sys.stdout.write(json.dumps({"service": package, "people_erased_again": asyncio.run(sweep())}) + "\n")
