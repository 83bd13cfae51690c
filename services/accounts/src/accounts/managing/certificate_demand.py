"""Organisations that demand the certificate of their managers: a password or WeChat alone then opens no session of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Refused

from accounts.manager_conditions import DEMANDED, IS_MANAGER
from accounts.managing.held_certificates import HeldCertificates
from accounts.managing.rights_now import as_administrator, as_manager
from accounts.security_log.whom import WholeOrganisation
from accounts.security_log.writing import SecurityLog
from accounts.sessions.open_sessions import HOLD


class CertificateDemanded(Exception):
    """The log-in was right, but the account's organisation demands the certificate."""


@dataclass(frozen=True, slots=True)
class Demand:
    demanded: bool
    since: datetime | None = None
    suspended_until: datetime | None = None


async def require_not_demanded(pool: Pool, log: SecurityLog, account: UUID, now: datetime) -> None:
    """For each way of logging in that is no certificate, after it was found right. Raises CertificateDemanded."""
    if await pool.fetchval(_IS_DEMANDED, account, now):
        await log.add("certificate-demanded", account, result="refused")
        raise CertificateDemanded


async def require_no_demand(within: Connection, organisation: UUID, now: datetime) -> None:
    """Before a manager is made who has no certificate: it could not log in, or would go round the demand. Raises Refused."""
    if await within.fetchval(_ORGANISATION_DEMANDS, organisation, now):
        raise Refused(
            "certificate.manager-without",
            "本单位要求管理员用法人一证通登录。请对方先用自己的证书登录，再将其角色改为机构管理员；或先取消此要求。",
        )


class CertificateDemands:
    def __init__(
        self, pool: Pool, log: SecurityLog, held: HeldCertificates, clock: Callable[[], datetime]
    ) -> None:
        self._pool = pool
        self._log = log
        self._held = held
        self._clock = clock

    async def of(self, organisation: UUID) -> Demand:
        row = await self._pool.fetchrow(_OF, organisation)
        return Demand(True, row["demanded"], row["suspended_until"]) if row else Demand(False)

    async def all(self) -> list[dict[str, object]]:
        """Of all organisations, by name, with how many managers come in by certificate: without one nobody logs in to manage."""
        managers = await self._held.demanded_of(self._pool)
        return [
            dict(row) | {"managers": managers.get(row["organisation"], 0)}
            for row in await self._pool.fetch(_ALL)
        ]

    async def begin_own(self, organisation: UUID, manager: UUID, session: bytes) -> None:
        """`session` goes on, though it was opened without a certificate. Raises what `_begin` raises, and Forbidden."""
        async with as_manager(self._pool, manager, organisation) as connection:
            await self._begin(connection, organisation, manager, but=session)

    async def begin(self, organisation: UUID, officer: UUID) -> None:
        """By a security administrator. Raises what `_begin` raises, and Forbidden."""
        async with as_administrator(self._pool, officer, "security") as connection:
            await self._begin(connection, organisation, officer, but=None)

    async def _begin(self, within: Connection, organisation: UUID, by: UUID, *, but: bytes | None) -> None:
        """From now on: sessions of managers that were opened without a certificate end, but one.

        Raises Refused where no manager of the organisation holds a certificate: nobody could manage it any more.
        """
        await within.execute(_LOCK_MANAGERS, organisation)
        if not await self._held.by_managers(organisation, within):
            raise Refused(
                "certificate.none-bound",
                "本单位没有管理员持有现在能登录的证书，请先在“我的信息”中添加有效的证书。",
            )
        begun = await within.fetchval(_DEMAND, organisation, by, self._clock())
        await within.execute(_END_SESSIONS, organisation, but)
        if begun:
            await self._log.add("certificate-demand-set", WholeOrganisation(organisation), within=within)

    async def end_own(self, organisation: UUID, manager: UUID, session: bytes) -> None:
        """By a manager who came with the certificate: otherwise a stolen password could end what keeps it out.

        Raises Refused or Forbidden.
        """
        async with as_manager(self._pool, manager, organisation) as connection:
            await connection.execute(HOLD, manager)
            if not await connection.fetchval(_OPENED_BY_CERTIFICATE, session, manager):
                raise Refused(
                    "certificate.session-needed",
                    "只有用证书登录后才能取消此要求。请退出后用证书登录，或请平台的安全管理员办理。",
                )
            await self._end(connection, organisation)

    async def end(self, organisation: UUID, officer: UUID) -> None:
        """By a security administrator, whether or not anybody can still meet it. Raises Forbidden."""
        async with as_administrator(self._pool, officer, "security") as connection:
            await self._end(connection, organisation)

    async def _end(self, within: Connection, organisation: UUID) -> None:
        """Ending it twice is the same as once, but the log has it once."""
        if await within.fetchval(_END, organisation):
            await self._log.add("certificate-demand-ended", WholeOrganisation(organisation), within=within)


_END: Final = "delete from certificate_demands where organisation = $1 returning true"
_OF: Final = "select * from certificate_demands where organisation = $1"
_ALL: Final = """
    select d.organisation, o.name, d.demanded as since, d.suspended_until
      from certificate_demands d left join organisations o using (organisation)
     order by o.name, d.organisation
"""
_IS_DEMANDED: Final = f"select true from accounts a where a.account_id = $1 and {DEMANDED.format(now='$2')}"
_ORGANISATION_DEMANDS: Final = """
    select true from certificate_demands
     where organisation = $1 and (suspended_until is null or suspended_until <= $2)
"""
_LOCK_MANAGERS: Final = f"""
    select from accounts a where a.organisation = $1 and {IS_MANAGER} order by a.account_id for update
"""
_END_SESSIONS: Final = f"""
    delete from sessions s using accounts a
     where a.account_id = s.account_id and a.organisation = $1 and {IS_MANAGER}
       and not s.by_certificate and s.token_hash is distinct from $2
"""
_OPENED_BY_CERTIFICATE: Final = """
    select true from sessions s where s.token_hash = $1 and s.account_id = $2 and s.by_certificate for share
"""
# Nothing is returned where it is demanded already.
_DEMAND: Final = """
    insert into certificate_demands (organisation, demanded_by, demanded) values ($1, $2, $3)
    on conflict (organisation) do update set suspended_until = null where certificate_demands.suspended_until > $3
    returning true
"""
