"""Recovery codes: ten, shown once, each good for one log-in when the telephone or the key is lost.

Each is 80 random bits, so a fast hash suffices: there is nothing to guess from a word list.
"""

import base64
import hashlib
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

HOW_MANY: Final = 10
RANDOM_BYTES: Final = 10


class Recovery:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def renew(self, account: UUID, within: Connection) -> list[str]:
        """Ten new codes; the earlier ones are no longer accepted."""
        codes = [_code() for _ in range(HOW_MANY)]
        await within.execute("delete from recovery_codes where account_id = $1", account)
        await within.executemany(
            "insert into recovery_codes (account_id, hash) values ($1, $2)",
            [(account, _hash(code)) for code in codes],
        )
        return codes

    async def use(self, account: UUID, code: str, now: datetime, within: Connection | Pool) -> bool:
        """Whether the code is one of the account's and was not used before. Decided by the database in one statement."""
        return bool(await within.fetchval(_USE, account, _hash(code), now))

    async def left(self, account: UUID) -> int:
        return int(await self._pool.fetchval(_LEFT, account))


def _code() -> str:
    text = base64.b32encode(secrets.token_bytes(RANDOM_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _hash(code: str) -> bytes:
    """Without regard to case, hyphens and spaces, as people copy them from paper."""
    return hashlib.sha256("".join(code.lower().replace("-", " ").split()).encode()).digest()


_USE: Final = """
    update recovery_codes set used = $3 where account_id = $1 and hash = $2 and used is null returning true
"""
_LEFT: Final = "select count(*) from recovery_codes where account_id = $1 and used is null"
