"""The names of organisations, which log-ins and signatures show."""

from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

from accounts.security_log.whom import WholeOrganisation
from accounts.security_log.writing import SecurityLog

LOGGED_MOST: Final = 200
"""Characters of each name: a line of the security log has room for two of them."""


async def name_organisation(
    log: SecurityLog, organisation: UUID, name: str, within: Connection, *, anew: bool
) -> None:
    """Set an organisation's name. An existing name is replaced only with `anew`, and that is in the security log."""
    if await within.fetchval(_NAME, organisation, name) or not anew:
        return
    before = await within.fetchval(_BEFORE, organisation)
    if before == name:
        return
    await within.execute(_RENAME, organisation, name)
    detail = {"before": before[:LOGGED_MOST], "name": name[:LOGGED_MOST]}
    await log.add("organisation-renamed", WholeOrganisation(organisation), detail=detail, within=within)


_NAME: Final = "insert into organisations values ($1, $2) on conflict do nothing returning true"
_BEFORE: Final = "select name from organisations where organisation = $1 for update"
_RENAME: Final = "update organisations set name = $2 where organisation = $1"
