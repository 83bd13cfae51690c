"""How a certificate that somebody holds comes to be refused: expired, revoked, of a root that is believed no more, looked up in an old list."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from accounts_certificates import MovedTrust, token
from accounts_over_http import NOW
from qingyuan_certificates import issuing
from qingyuan_certificates.verifying import Trust
from qingyuan_runtime.database.connections import Pool
from signature_corpus import authorities

YESTERDAY = NOW - timedelta(days=1)
Spoils = Callable[[Pool, MovedTrust], Awaitable[object]]


async def expires(pool: Pool, _trust: MovedTrust) -> None:
    holder = token().holder
    expired = issuing.issue(holder, authorities("sm2").middle, NOW - timedelta(days=30), YESTERDAY, 0x1001)
    await pool.execute("update account_certificates set content = $1 where serial = '1001'", expired)


async def is_revoked(_pool: Pool, trust: MovedTrust) -> None:
    trust.revoked.append((0x1001, YESTERDAY))


async def loses_its_root(_pool: Pool, trust: MovedTrust) -> None:
    trust.trust = lambda: Trust([])  # type: ignore[method-assign]


async def has_an_old_list(_pool: Pool, trust: MovedTrust) -> None:
    trust.lists_made, trust.lists_next = YESTERDAY, YESTERDAY


EACH: tuple[Spoils, ...] = (expires, is_revoked, loses_its_root, has_an_old_list)
