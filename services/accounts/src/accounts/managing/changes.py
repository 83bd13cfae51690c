"""What begins and ends with the role of a manager, in the transaction that gives or takes the role."""

from datetime import datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.decider import Refused

from accounts.manager_conditions import DEMANDED, IS_MANAGER
from accounts.managing.held_certificates import HeldCertificates


async def begins_to_manage(account: UUID, within: Connection, now: datetime) -> None:
    """Where the certificate is demanded of managers, a session that was opened without it ends."""
    await within.execute(_END_SESSIONS, account, now)


async def manages_no_more(account: UUID, within: Connection) -> None:
    """Its invitations end for good: they do not come alive again with the role."""
    await within.execute(_END_INVITATIONS, account)


async def require_own_way_in(account: UUID, within: Connection, held: HeldCertificates) -> None:
    """`require_way_in` for what is taken from an account that keeps its role: of others than managers nothing is demanded."""
    if await within.fetchval(_MANAGES, account):
        await require_way_in(account, within, held)


async def require_way_in(account: UUID, within: Connection, held: HeldCertificates) -> None:
    """After a manager's certificate, role or account was taken: another manager still holds a certificate that is demanded.

    The rows of the managers have to be locked. Raises `Refused`.
    """
    organisation = await within.fetchval(_DEMANDS, account)
    if organisation and not await held.by_managers(organisation, within):
        raise Refused(
            "certificate.last-of-managers",
            "本单位要求管理员用证书登录，其他管理员没有现在能登录的证书。请先让另一位管理员添加证书，或取消此要求。",
        )


# In the order of all other statements that lock the managers of an organisation.
LOCK_WITH_MANAGERS: Final = f"""
    select from accounts a
     where a.account_id = $1
        or a.organisation = (select organisation from accounts where account_id = $1) and {IS_MANAGER}
     order by a.account_id for update
"""
_END_SESSIONS: Final = f"""
    delete from sessions s using accounts a
     where s.account_id = $1 and a.account_id = $1 and not s.by_certificate and {DEMANDED.format(now="$2")}
"""
_MANAGES: Final = f"select true from accounts a where a.account_id = $1 and {IS_MANAGER}"
_END_INVITATIONS: Final = "delete from invitations where made_by = $1 and used is null"
# Whoever never held a certificate takes no way in along.
_DEMANDS: Final = """
    select a.organisation from accounts a join certificate_demands d using (organisation)
     where a.account_id = $1 and exists (select from account_certificates c where c.account_id = $1)
"""
