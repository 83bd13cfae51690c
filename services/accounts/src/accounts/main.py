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
from accounts.certificates.challenges import Challenges
from accounts.certificates.fetching import TrustFetcher, Web
from accounts.certificates.log_in import CertificateLogIn
from accounts.certificates.lost_keys import LostKeys
from accounts.certificates.trust import TrustFiles
from accounts.http.app import build_app
from accounts.opening import open_account_service
from accounts.organisations import invitations
from accounts.passwords.hashing import Passwords
from accounts.security.desk import SecurityDesk
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings
from accounts.signing import Signing
from accounts.wechat.opening import open_wechat
from accounts.wechat.states import WeChatStates

PACKAGE = "accounts"
SWEEP_EVERY_SECONDS = 300


async def api(settings: AccountsSettings) -> None:
    assert settings.trusted_keys_dir
    assert settings.signing_keys_dir
    async with (
        open_account_service(settings, TrustFiles(settings)) as (accounts, pool),
        open_wechat(settings, pool, accounts) as wechat,
    ):
        app = build_app(
            accounts,
            CertificateLogIn(pool, accounts),
            SecurityDesk(pool, accounts, settings),
            Signing(pool, accounts),
            trusted=Trusted(settings.trusted_keys_dir),
            signer=Signer("accounts", settings.signing_keys_dir),
            ready=lambda: migrating.require_head(pool, PACKAGE),
            idle_minutes=settings.session_idle_minutes,
            wechat=wechat,
        )
        await serve(app, host=settings.http_host, port=settings.http_port)


async def sweeper(settings: AccountsSettings) -> None:
    """Deletes what has expired, and fetches revocation lists. After an error the supervisor starts it again."""
    async with asyncio.TaskGroup() as both:
        both.create_task(_sweep(settings))
        both.create_task(_fetch(settings))


async def _sweep(settings: AccountsSettings) -> None:
    async with open_account_service(settings) as (accounts, pool):
        while True:
            await accounts.sweep()
            await invitations.forget_expired(pool, now())
            await Challenges(pool).sweep(now())
            await LostKeys(accounts).sweep(now())
            await WeChatStates(pool).sweep(now())
            await asyncio.sleep(SWEEP_EVERY_SECONDS)


async def _fetch(settings: AccountsSettings) -> None:
    fetcher = TrustFetcher(settings, Web())
    while True:
        await fetcher.fetch()
        await asyncio.sleep(settings.certificate_fetch_minutes * 60)


def build_for_documentation() -> FastAPI:
    """The routes without a database, for the OpenAPI document."""
    settings = AccountsSettings()
    accounts = AccountService(cast(Pool, None), Passwords(), settings, now)
    return build_app(
        accounts,
        CertificateLogIn(cast(Pool, None), accounts),
        SecurityDesk(cast(Pool, None), accounts, settings),
        Signing(cast(Pool, None), accounts),
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
