"""Fixtures of the tests of accounts: tables in a fresh database, the service with a moved clock, people over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from accounts.account import new_account
from accounts.certificates.log_in import CertificateLogIn
from accounts.http.app import build_app
from accounts.passwords.hashing import Passwords
from accounts.sealing import Sealing
from accounts.security.desk import SecurityDesk
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings
from accounts.signing import Signing
from accounts.wechat.opening import parts_of
from accounts_certificates import MovedTrust
from accounts_making import PASSWORD, Clock, CountedPasswords, make_tables
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, KEY, NOW, VENDOR, Person, opened
from accounts_watching import ADD, AUDITOR, SECURITY, Officer
from accounts_wechat import Town, settings
from conforming import Conforming
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from signature_corpus import NAME
from wechat_serving import running_fake


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def database_with_tables(postgres_server: DatabaseServer) -> str:
    """The name of a database in which the migrations have run. A copy of it takes a tenth of their time."""

    async def make() -> str:
        url = await postgres_server.fresh("accounts_tables")
        pool = await open_pool(url)
        await make_tables(pool)
        await pool.close()
        return url.rsplit("/", 1)[1]

    return asyncio.run(make())


@pytest.fixture
async def pool(postgres_server: DatabaseServer, database_with_tables: str) -> AsyncIterator[Pool]:
    pool = await open_pool(await postgres_server.fresh("accounts", like=database_with_tables))
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


async def add_people(pool: Pool, accounts: AccountService) -> None:
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
            account.signs,
        )
        for account in ACCOUNTS.values()
    ]
    await pool.executemany(
        """
        insert into accounts (account_id, name, label, kind, organisation, district, password, role, signs)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        rows,
    )
    for account in ACCOUNTS.values():
        await opened(pool, account.id)
    await accounts.disable(ACCOUNTS["gone"].id, disabled=True)


async def ready() -> None:
    return None


@pytest.fixture
async def people(http: httpx.AsyncClient) -> dict[str, Person]:
    return {name: Person(http, account) for name, account in ACCOUNTS.items()}


@pytest.fixture
def office(http: httpx.AsyncClient, pool: Pool) -> Office:
    return Office(http, pool)


@pytest.fixture
async def http(pool: Pool, trust: MovedTrust) -> AsyncIterator[httpx.AsyncClient]:
    accounts = AccountService(
        pool, CountedPasswords(), AccountsSettings(), lambda: NOW, Sealing(bytes(32)), trust
    )
    await add_people(pool, accounts)
    certificates = CertificateLogIn(pool, accounts)
    security, signing = SecurityDesk(pool, accounts, AccountsSettings()), Signing(pool, accounts)
    app = build_app(
        accounts, certificates, security, signing, trusted=KEY, signer=KEY, ready=ready, idle_minutes=30
    )
    async with httpx.AsyncClient(
        transport=Conforming(
            app,
            without={
                "/session": "token",
                "/session/certificate": "token",
                "/session/step": "token",
                "/invitations/acceptance": "token",
            },
        ),
        base_url="http://accounts",
    ) as client:
        yield client


@pytest.fixture
async def officer(people: dict[str, Person], pool: Pool) -> Officer:
    await pool.execute(ADD)
    return Officer(people["zhou"].http, SECURITY, "security")


@pytest.fixture
async def auditor(people: dict[str, Person], officer: Officer) -> Officer:
    return Officer(people["zhou"].http, AUDITOR, "audit")


@pytest.fixture
def changed() -> dict[str, object]:
    """Settings that a test has otherwise than by default: it parametrizes this."""
    return {}


@pytest.fixture
async def town(
    pool: Pool, clock: Clock, trust: MovedTrust, tmp_path: Path, changed: dict[str, object]
) -> AsyncIterator[Town]:
    async with running_fake() as fake:
        its = settings(tmp_path, fake).model_copy(update=changed)
        accounts = AccountService(pool, CountedPasswords(), its, clock, Sealing(bytes(32)), trust)
        await add_people(pool, accounts)
        wechat = parts_of(its, pool, accounts, fake.http)
        certificates = CertificateLogIn(pool, accounts)
        security = SecurityDesk(pool, accounts, its)
        app = build_app(
            accounts,
            certificates,
            security,
            Signing(pool, accounts),
            trusted=KEY,
            signer=KEY,
            ready=ready,
            idle_minutes=30,
            wechat=wechat,
        )
        paths = ("/session", "/session/step", "/session/wechat", "/session/wechat/choice")
        paths += ("/session/certificate", "/invitations/acceptance")
        transport = Conforming(app, without=dict.fromkeys(paths, "token"))
        async with httpx.AsyncClient(transport=transport, base_url="http://accounts") as http:
            yield Town(http, accounts, pool, clock, fake, wechat)


@pytest.fixture
def door(people: dict[str, Person]) -> Person:
    """Who comes to log in, and is nobody yet."""
    return people["zhou"]


@pytest.fixture
async def wang(people: dict[str, Person], office: Office, pool: Pool) -> Asking:
    """A manager with a password, whose organisation has the name of the certificate."""
    await pool.execute("insert into organisations values ($1, $2)", VENDOR, NAME)
    return office.as_actor(ACCOUNTS["wang"].id, "operator", VENDOR, "manager")


@pytest.fixture
async def somebody(people: dict[str, Person]) -> Person:
    return people["zhou"]


@pytest.fixture
async def system(office: Office) -> Asking:
    return await office.administrator("system", "sys")


@pytest.fixture
async def security(office: Office) -> Asking:
    return await office.administrator("security", "sec")
