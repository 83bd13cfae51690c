"""Many guesses in flight through two services on one database: no more are compared than the limit allows, and it outlives them."""

import asyncio
from collections import Counter

import httpx
import pytest
from accounts.certificates.log_in import CertificateLogIn
from accounts.http.app import build_app
from accounts.sealing import Sealing
from accounts.security.desk import SecurityDesk
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings
from accounts.signing import Signing
from accounts_certificates import MovedTrust
from accounts_making import PASSWORD, CountedPasswords
from accounts_over_http import ACCOUNTS, KEY, NOW, Person
from factor_calls import enrol_totp
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
GUESSES = 50
LIMIT = AccountsSettings().failures_before_lock


async def ready() -> None:
    return None


def another(pool: Pool, name: str = "zhou") -> tuple[Person, CountedPasswords]:
    """A service of its own, as another process would have it: nothing in common but the database."""
    passwords = CountedPasswords()
    accounts = AccountService(
        pool, passwords, AccountsSettings(), lambda: NOW, Sealing(bytes(32)), MovedTrust()
    )
    app = build_app(
        accounts,
        CertificateLogIn(pool, accounts),
        SecurityDesk(pool, accounts, AccountsSettings()),
        Signing(pool, accounts),
        trusted=KEY,
        signer=KEY,
        ready=ready,
        idle_minutes=30,
    )
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://accounts")
    return Person(http, ACCOUNTS[name]), passwords


@pytest.mark.usefixtures("people")
async def test_of_fifty_guesses_at_once_at_most_the_limit_are_compared(pool: Pool) -> None:
    (first, compared), (second, also_compared) = another(pool), another(pool)
    guesses = [(first, second)[number % 2].logs_in("zhou", f"guess {number}") for number in range(GUESSES)]
    answered = Counter(answer.status_code for answer in await asyncio.gather(*guesses))
    assert answered[401] == compared.compared + also_compared.compared == LIMIT
    assert answered[401] + answered[423] + answered[429] == GUESSES


@pytest.mark.usefixtures("people")
async def test_the_lock_outlives_the_processes_that_counted(pool: Pool) -> None:
    first, _ = another(pool)
    for _ in range(LIMIT):
        assert (await first.logs_in("zhou", "wrong")).status_code == 401
    restarted, passwords = another(pool)
    assert (await restarted.logs_in("zhou", PASSWORD)).status_code == 423
    assert passwords.compared == 0


async def test_of_fifty_wrong_codes_at_once_at_most_the_limit_are_compared(
    people: dict[str, Person], pool: Pool
) -> None:
    await enrol_totp(people["zhou"])
    services = [another(pool)[0], another(pool)[0]]
    steps = [(await person.logs_in("zhou")).json()["step"] for person in services]

    async def guesses(number: int) -> int:
        body = {"step": steps[number % 2], "method": "totp", "code": f"{number:06}"}
        return (await services[number % 2].posts("/session/step", body)).status_code

    answered = Counter(await asyncio.gather(*(guesses(number) for number in range(GUESSES))))
    assert answered[401] == LIMIT
    assert answered[423] == GUESSES - LIMIT
