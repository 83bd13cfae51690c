"""Fixtures of the tests of accounts: tables in a fresh database, the service with a moved clock, people over HTTP."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from accounts.account import new_account
from accounts.account_service import AccountService
from accounts.certificate_log_in import CertificateLogIn
from accounts.http import build_app
from accounts.passwords import Passwords
from accounts.sealing import Sealing
from accounts.settings import AccountsSettings
from accounts.signing import Signing
from accounts_certificates import MovedTrust
from accounts_making import PASSWORD, Clock, CountedPasswords, make_tables
from accounts_over_http import ACCOUNTS, KEY, NOW, Person
from conforming import Conforming
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def pool(postgres_server: DatabaseServer) -> AsyncIterator[Pool]:
    pool = await open_pool(await postgres_server.fresh("accounts"))
    await make_tables(pool)
    yield pool
    await pool.close()


@pytest.fixture
async def accounts(pool: Pool, clock: Clock) -> AccountService:
    accounts = AccountService(pool, Passwords(), AccountsSettings(), clock)
    await accounts.add(new_account("Zhou", "周", "enterprise", UUID(int=1), None), PASSWORD)
    return accounts


@pytest.fixture
def trust() -> MovedTrust:
    return MovedTrust()


@pytest.fixture
async def people(pool: Pool, trust: MovedTrust) -> AsyncIterator[dict[str, Person]]:
    accounts = AccountService(pool, CountedPasswords(), AccountsSettings(), lambda: NOW, Sealing(bytes(32)))
    rows = [
        (
            account.id,
            account.name,
            account.label,
            account.kind,
            account.organisation,
            account.district,
            PASSWORD,
            account.role,
        )
        for account in ACCOUNTS.values()
    ]
    await pool.executemany(
        """
        insert into accounts (account_id, name, label, kind, organisation, district, password, role)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        rows,
    )
    await accounts.disable(ACCOUNTS["gone"].id, disabled=True)

    async def ready() -> None:
        return None

    certificates = CertificateLogIn(pool, accounts, trust)
    signing = Signing(pool, accounts, trust)
    app = build_app(accounts, certificates, signing, trusted=KEY, signer=KEY, ready=ready, idle_minutes=30)
    async with httpx.AsyncClient(
        transport=Conforming(
            app, without={"/session": "token", "/session/certificate": "token", "/session/step": "token"}
        ),
        base_url="http://accounts",
    ) as http:
        yield {name: Person(http, account) for name, account in ACCOUNTS.items()}
