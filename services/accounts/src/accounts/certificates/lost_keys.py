"""A second way in for an organisation whose key is lost: asked for by anybody, reviewed by one administrator, approved by another.

The approval gives a code that serves once: with it the organisation's manager sets a password. Nobody who asks is told
whether the organisation is known here.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NoReturn
from uuid import UUID

import asyncpg
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused

from accounts.attempts import (
    AttemptKeys,
    Locked,
    TooManyFromAddress,
    address_key,
    lost_key_code_key,
)
from accounts.certificates import lost_key_statements as statements
from accounts.managing.rights_now import as_administrator
from accounts.one_at_a_time import one_at_a_time
from accounts.passwords.history import UsedBefore
from accounts.passwords.judging import problem_with, used_before
from accounts.security_log.whom import Nobody, WholeOrganisation, Whom
from accounts.service.account_service import AccountService
from accounts.service.lost_ways import end_certificates
from accounts.service.ways_in import NewPassword
from accounts.settings import AccountsSettings

ASKED_WITHIN: Final = timedelta(hours=1)
ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS: Final = 5
SHOWN_MOST: Final = 200
Told = Literal[
    "lost-key-asked",
    "lost-key-refused",
    "lost-key-reviewed",
    "lost-key-approved",
    "lost-key-code-renewed",
]


class TooManyRequests(Exception):
    """From this address, within the last hour."""


class CodeWrong(Exception):
    """The code was never given, was used, was replaced, or is too old."""


class TooManyWrongCodes(Exception):
    """From this address, within the last quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Request:
    """Chosen by who asks, so a repeated request is the same one."""

    id: UUID
    uscc: str
    name: str
    contact: str
    reason: str


@dataclass(frozen=True, slots=True)
class Approval:
    code: str
    expires: datetime


class LostKeys:
    def __init__(self, accounts: AccountService) -> None:
        self._pool = accounts.pool
        self._accounts = accounts
        self._settings = accounts.settings
        self._log = accounts.log
        self._attempts = accounts.attempts

    async def ask(self, request: Request, address: str) -> None:
        """Raises TooManyRequests."""
        now = self._accounts.now()
        values = (request.id, request.uscc, request.name, request.contact, request.reason, address, now)
        most = self._settings.lost_key_requests_per_address
        async with self._pool.acquire() as connection, connection.transaction():
            await one_at_a_time(connection, f"lost keys asked for from {address}")
            if await connection.fetchval(statements.IS_ASKED, request.id):
                return
            if await connection.fetchval(statements.HOW_MANY, address, now - ASKED_WITHIN) >= most:
                raise TooManyRequests
            if await connection.fetchval(statements.ASK, *values):
                await self._tell("lost-key-asked", request.id, connection)

    async def all(self, state: str | None) -> Sequence[asyncpg.Record]:
        """The newest first, each with the managers of the organisation that has the credit code."""
        return list(await self._pool.fetch(statements.ALL, state, SHOWN_MOST))

    async def review(self, request: UUID, by: Actor, account: UUID | None, note: str) -> None:
        """The first of two steps: who asks is who they say. `account` will get the password; None refuses the request.

        Again where the request was approved, and its code not used, too long ago.
        """
        values = (request, by.account, account, note, self._accounts.now(), self._too_old())
        what: Told = "lost-key-refused" if account is None else "lost-key-reviewed"
        async with as_administrator(self._pool, by.account, "system") as connection:
            if not await connection.fetchval(statements.REVIEW, *values):
                await _say_why_not(connection, request, account, self._too_old())
            await self._tell(what, request, connection)

    async def refuse(self, request: UUID, by: Actor, note: str) -> None:
        """The second step says no, or takes an approval back whose code nobody has used yet."""
        async with as_administrator(self._pool, by.account, "security") as connection:
            values = (request, by.account, note, self._accounts.now())
            if not await connection.fetchval(statements.REFUSE, *values):
                await _say_why_not_second(connection, request, by, self._settings)
            await self._tell("lost-key-refused", request, connection)

    async def approve(self, request: UUID, by: Actor, note: str) -> Approval:
        """The second step says yes, by somebody else. Again by the same person, within some days: a new code instead of the unused one."""
        now, code = self._accounts.now(), _new_code()
        approval = Approval(code, now + timedelta(hours=self._settings.lost_key_code_hours))
        until = now + timedelta(days=self._settings.certificate_demand_suspended_days)
        values = (request, by.account, note, now, _hashed(code), approval.expires, until, self._too_old())
        async with as_administrator(self._pool, by.account, "security") as connection:
            before = await connection.fetchval(statements.APPROVE, *values)
            if before is None:
                await _say_why_not_second(connection, request, by, self._settings)
            what: Told = "lost-key-code-renewed" if before == "approved" else "lost-key-approved"
            await self._tell(what, request, connection)
        return approval

    def again_until(self, row: asyncpg.Record) -> datetime | None:
        """How long the code of an approved request may be given again. None where it is not approved, or the code was used."""
        if row["state"] != "approved":
            return None
        until: datetime = row["decided"] + timedelta(days=self._settings.lost_key_again_days)
        return until

    def _too_old(self) -> datetime:
        """What was approved then or before gives no code any more."""
        return self._accounts.now() - timedelta(days=self._settings.lost_key_again_days)

    async def contact(self, request: UUID) -> asyncpg.Record:
        """How the managers of the organisation are reached, as they have registered it with their accounts. Raises Missing."""
        found = await self._pool.fetchrow(statements.CONTACT, request)
        if found is None:
            raise Missing("lost-key")
        return found

    async def _tell(self, what: Told, request: UUID, within: Connection) -> None:
        """The line of a step, after it: with the account that was chosen by then."""
        about = await within.fetchrow(statements.ABOUT, request)
        assert about is not None
        await self._log.add(what, _whom(about), detail=_detail(about), within=within)

    async def set_password(self, code: str, password: str, address: str) -> str:
        """The name of the account, whose password it now is. A password that is refused spends no code.

        Raises CodeWrong, TooManyWrongCodes or Invalid.
        """
        now, code_hash = self._accounts.now(), _hashed(code)
        known = await self._of_code(code_hash, address, now)
        account: UUID = known["account_id"]
        await self._require_new(password, known, now)
        hashed = await self._accounts.passwords.hash(password)
        async with self._pool.acquire() as connection, connection.transaction():
            used = await connection.fetchrow(statements.USE, code_hash, now)
            if used is None:
                raise CodeWrong
            changed = NewPassword(account=account, hashed=hashed)
            await self._accounts.ways_in.replace_password(changed, connection)
            if await end_certificates(account, now, connection):
                await self._log.add("certificates-ended", account, within=connection)
            await self._log.add("lost-key-used", account, detail=_detail(used), within=connection)
        return str(known["name"])

    async def _of_code(self, code_hash: bytes, address: str, now: datetime) -> asyncpg.Record:
        """Whose code it is. The attempt is counted before the code is looked up."""
        try:
            keys = AttemptKeys(lost_key_code_key(address), address_key(address))
            attempt = await self._attempts.begin(keys, now)
        except (Locked, TooManyFromAddress):
            raise TooManyWrongCodes from None
        known = await self._pool.fetchrow(statements.OF_CODE, code_hash, now)
        if known is None:
            await self._log.add("lost-key-code-wrong", Nobody("unknown-lost-key"))
            raise CodeWrong
        await self._attempts.succeed(attempt)
        return known

    async def _require_new(self, password: str, known: asyncpg.Record, now: datetime) -> None:
        """The rules of every new password. Raises Invalid."""
        if sentence := problem_with(password, known["name"], known["label"]):
            raise Invalid((Problem("password", "password-strength", sentence),))
        try:
            await self._accounts.history.refuse_earlier(known["account_id"], password, now)
        except UsedBefore as used:
            sentence = used_before(used.how_many)
            raise Invalid((Problem("password", "password-used-before", sentence),)) from None

    async def sweep(self, now: datetime) -> None:
        """Requests hold a name and a telephone number: they go after some months."""
        days = timedelta(days=self._settings.lost_key_kept_days)
        await self._pool.execute("delete from lost_keys where asked < $1", now - days)


async def _say_why_not(
    within: Connection, request: UUID, account: UUID | None, too_old: datetime
) -> NoReturn:
    due = await within.fetchval(statements.IS_TO_REVIEW, request, too_old)
    if due is None:
        raise Missing("lost-key")
    if due and account is not None:
        sentence = "请选择该信用代码所属单位的管理员账户。"
        raise Invalid((Problem("account", "not-its-manager", sentence),))
    raise Refused("lost-key.decided", "此申请已由他人处理，请刷新查看。")


async def _say_why_not_second(
    within: Connection, request: UUID, by: Actor, settings: AccountsSettings
) -> NoReturn:
    row = await within.fetchrow(
        "select state, reviewer, approver from lost_keys where request_id = $1", request
    )
    if row is None:
        raise Missing("lost-key")
    if row["state"] == "reviewed" and row["reviewer"] == by.account:
        raise Refused("lost-key.own-review", "核实和批准须由两个人分别完成，您已核实过此申请。")
    if row["state"] == "asked":
        raise Refused("lost-key.not-reviewed", "此申请尚未核实，请等待系统管理员核实。")
    if row["state"] == "approved" and row["approver"] == by.account:
        days = settings.lost_key_again_days
        raise Refused(
            "lost-key.review-anew", f"批准已超过 {days} 天，不能再给出授权码，请系统管理员重新核实。"
        )
    raise Refused("lost-key.decided", "此申请已由他人处理，请刷新查看。")


def _whom(request: asyncpg.Record) -> Whom:
    """The account that gets the password, or while none is chosen the organisation of the credit code."""
    account: UUID | None = request["account_id"]
    organisation: UUID | None = request["organisation"]
    return account or (WholeOrganisation(organisation) if organisation else Nobody("unknown-organisation"))


def _detail(request: asyncpg.Record) -> dict[str, str]:
    return {"request": str(request["request_id"]), "uscc": request["uscc"]}


def _new_code() -> str:
    """125 bits, in a form that can be read out over the telephone: no 0, 1, I or O."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUPS)) for _ in range(GROUPS))


def _hashed(code: str) -> bytes:
    """However it was typed: blanks, dashes and small letters make no difference."""
    return hashlib.sha256(re.sub("[^A-Z0-9]", "", code.upper()).encode()).digest()
