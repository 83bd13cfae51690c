"""Codes of an authenticator app (TOTP, RFC 6238): six digits that change every 30 seconds, each good for one use."""

import hmac
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Refused

from accounts.sealing import Sealing

ISSUER: Final = "清源"
SECONDS: Final = 30
WINDOW: Final = 1
"""Codes before and after the present one that are accepted, since the clocks of telephones differ (RFC 6238, 5.2)."""


class Totp:
    def __init__(self, pool: Pool, sealing: Sealing | None) -> None:
        self._pool = pool
        self._sealing = sealing

    @property
    def is_available(self) -> bool:
        """Without a key to encrypt the secrets with, nobody can enrol."""
        return self._sealing is not None

    async def begin(self, account: UUID, name: str) -> tuple[str, str]:
        """A new secret and its otpauth URI. Nothing asks for its codes until `confirm`. Raises `Refused`."""
        if self._sealing is None:
            raise Refused("factors.unavailable", "本系统未配置密钥，暂不能启用验证器动态码。")
        secret = pyotp.random_base32()
        if not await self._pool.fetchval(_BEGIN, account, self._sealing.seal(account, secret)):
            raise Refused("factors.enrolled", "验证器动态码已启用，请先停用再重新启用。")
        return secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)

    async def confirm(self, account: UUID, code: str, now: datetime, within: Connection) -> bool:
        """Whether the app shows the right code, which then counts as used."""
        step = await self._step_of(account, code, now, within)
        return step is not None and bool(await within.fetchval(_CONFIRM, account, now, step))

    async def use(self, account: UUID, code: str, now: datetime) -> UUID | None:
        """The app whose code it is, None where it is wrong, or it or a later one was used before. The database decides in one statement."""
        step = await self._step_of(account, code, now, self._pool)
        app: UUID | None = None if step is None else await self._pool.fetchval(_USE, account, step)
        return app

    async def _step_of(
        self, account: UUID, code: str, now: datetime, within: Connection | Pool
    ) -> int | None:
        sealed = await within.fetchval("select secret from totp_keys where account_id = $1", account)
        if sealed is None or self._sealing is None:
            return None
        app, present = pyotp.TOTP(self._sealing.open(account, sealed)), int(now.timestamp()) // SECONDS
        steps = range(present - WINDOW, present + WINDOW + 1)
        right = [
            step for step in steps if hmac.compare_digest(app.generate_otp(step).encode(), code.encode())
        ]
        return right[0] if right else None


_BEGIN: Final = """
    insert into totp_keys as k (account_id, secret) values ($1, $2)
    on conflict (account_id) do update set secret = excluded.secret, last_step = 0 where k.confirmed is null
    returning true
"""
_CONFIRM: Final = """
    update totp_keys set confirmed = $2, last_step = $3 where account_id = $1 and confirmed is null returning true
"""
_USE: Final = """
    update totp_keys set last_step = $2
     where account_id = $1 and confirmed is not null and last_step < $2 returning key_id
"""
