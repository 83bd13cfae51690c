"""The accounts service: the only module that connects its parts."""

import asyncio
from typing import cast

from fastapi import FastAPI
from qingyuan_runtime.assembly.service import PlainService
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.edge.http import always_ready
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.running import serve
from qingyuan_runtime.tokens.issuers import NOBODY, Signer, Trusted

from accounts import users
from accounts.account_service import AccountService
from accounts.certificate_challenges import Challenges
from accounts.certificate_log_in import CertificateLogIn
from accounts.certificate_trust import TrustFiles
from accounts.http import build_app
from accounts.opening import open_account_service
from accounts.passwords import Passwords
from accounts.settings import AccountsSettings
from accounts.signing import Signing

PACKAGE = "accounts"
SWEEP_EVERY_SECONDS = 300


async def api(settings: AccountsSettings) -> None:
    assert settings.trusted_keys_dir
    assert settings.signing_keys_dir
    async with open_account_service(settings) as (accounts, pool):
        trust = TrustFiles(settings)
        app = build_app(
            accounts,
            CertificateLogIn(pool, accounts, trust),
            Signing(pool, accounts, trust),
            trusted=Trusted(settings.trusted_keys_dir),
            signer=Signer("accounts", settings.signing_keys_dir),
            ready=lambda: migrating.require_head(pool, PACKAGE),
            idle_minutes=settings.session_idle_minutes,
        )
        await serve(app, host=settings.http_host, port=settings.http_port)


async def sweeper(settings: AccountsSettings) -> None:
    """Deletes what has expired, every few minutes. After an error the supervisor starts it again."""
    async with open_account_service(settings) as (accounts, pool):
        while True:
            await accounts.sweep()
            await Challenges(pool).sweep(now())
            await asyncio.sleep(SWEEP_EVERY_SECONDS)


def build_for_documentation() -> FastAPI:
    """The routes without a database, for the OpenAPI document."""
    settings = AccountsSettings()
    accounts = AccountService(cast(Pool, None), Passwords(), settings, now)
    trust = TrustFiles(settings)
    return build_app(
        accounts,
        CertificateLogIn(cast(Pool, None), accounts, trust),
        Signing(cast(Pool, None), accounts, trust),
        trusted=NOBODY,
        signer=NOBODY,
        ready=always_ready,
        idle_minutes=settings.session_idle_minutes,
    )


SERVICE = PlainService(
    package=PACKAGE,
    settings=AccountsSettings,
    serving=api,
    routes=build_for_documentation,
    works=lambda settings: {"sweeper": lambda: sweeper(settings)},
    commands={"user": lambda settings, arguments: users.run(list(arguments), settings)},
)
