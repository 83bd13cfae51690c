"""What an account may, as the security log tells it."""

from uuid import UUID

from qingyuan_events import ActorKind, ActorRole
from qingyuan_runtime.database.connections import Connection

from accounts.security_log.writing import SecurityLog


def rights_in_log(kind: ActorKind, role: ActorRole, *, signs: bool) -> dict[str, str]:
    """The detail of a line about rights that were just given. Of enterprises alone anybody signs."""
    said: dict[str, str] = {"role": role}
    return said | {"signs": "yes" if signs else "no"} if kind == "enterprise" else said


async def log_rights(
    log: SecurityLog, account: UUID, kind: ActorKind, role: ActorRole, within: Connection, *, signs: bool
) -> None:
    """The lines of another role, and whether it signs with it."""
    await log.add(f"role-{role}", account, within=within)
    if kind == "enterprise":
        await log.add("signs" if signs else "does-not-sign", account, within=within)
