"""What each service's document says can be asked, asked in odd ways by four kinds of account, without any server.

The services that write are on their fakes; those that need a database find it away, which is answered by 503 and by no
other fault. `FUZZ_EXAMPLES=50` asks longer. `test_fuzz_gateway.py` asks the same of the running system.
"""

import os
import time
import uuid
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, cast
from uuid import UUID

import accounts.http.app
import files.main
import filing.main
import messages.http
import pytest
import registry.main
import reports.main
import schemathesis
import signoff.main
import tasks.main
import views.main
from accounts.certificates.log_in import CertificateLogIn
from accounts.certificates.trust import TrustFiles
from accounts.passwords.hashing import Passwords
from accounts.security.desk import SecurityDesk
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings
from accounts.signing import Signing
from fastapi import FastAPI
from files.settings import FilesSettings
from files.store import FileStore
from files.working import CheckWorker
from gateway.routes import ROUTES
from hypothesis import HealthCheck, Phase, given, settings
from messages.streaming import Hub
from qingyuan_cli.openapi import documents, refusals
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from registry_calls import NOON
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from views.shared.people import MemoryPeople
from visit_samples import ENTERPRISE, OPERATOR, TOWN

pytestmark = pytest.mark.slow
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
KEY = EveryIssuer()
PEOPLE = (
    Actor(account=UUID(int=1), kind="enterprise", organisation=ENTERPRISE),
    Actor(account=UUID(int=2), kind="operator", organisation=OPERATOR, role="manager"),
    Actor(account=UUID(int=3), kind="regulator", district="310000"),
    Actor(account=UUID(int=4), kind="administrator"),
)
AS_DOCUMENTED = [status_code_conformance, content_type_conformance]


class Away:
    """A database that nobody reaches."""

    def __getattr__(self, name: str) -> Any:
        def call(*_: Any, **__: Any) -> Any:
            raise ConnectionRefusedError(name)

        return call


async def ready() -> None:
    return None


def on_fakes() -> Iterator[FastAPI]:
    yield registry.main.SERVICE.twin(lambda: NOON, KEY)
    app = tasks.main.SERVICE.twin(lambda: NOON, KEY)
    app.state.repository.register.apply(*TOWN)
    yield app
    yield signoff.main.SERVICE.twin(lambda: NOON, KEY, MemoryStore())
    yield filing.main.SERVICE.twin(lambda: NOON, KEY)
    yield reports.main.SERVICE.twin(lambda: NOON, KEY)


def without_database() -> Iterator[FastAPI]:
    pool = cast(Pool, Away())
    trust = TrustFiles(AccountsSettings())
    service = AccountService(pool, Passwords(), AccountsSettings(), now, trust=trust)
    certificates, signing = CertificateLogIn(pool, service), Signing(pool, service)
    security = SecurityDesk(pool, service, AccountsSettings())
    yield accounts.http.app.build_app(
        service, certificates, security, signing, trusted=KEY, signer=KEY, ready=ready, idle_minutes=30
    )
    yield views.main.build_app(pool, trusted=KEY, ready=ready, people=MemoryPeople({}))
    yield messages.http.build_app(pool, Hub(1), trusted=KEY, ready=ready, clock=now)
    store, settings = FileStore.open("memory:///"), FilesSettings(files_uploads=Path(mkdtemp()))
    worker = CheckWorker(pool, store, Path(), files.main.limits(settings))
    yield files.main.build(pool, store, worker, settings, trusted=KEY, signer=KEY, ready=ready)


def operations() -> Iterator[Any]:
    for app in (*on_fakes(), *without_database()):
        document = deepcopy(documents()[app.title])
        for asked in (operation for path in document["paths"].values() for operation in path.values()):
            asked["responses"] = refusals(asked["responses"])
        document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = {"type": "object"}
        for found in schemathesis.openapi.from_dict(document).get_all_operations():
            assert isinstance(found, Ok), found
            path = found.ok().path
            if path == "/messages/stream":  # it does not end
                continue
            if app.title == "filing" or "/imports" not in path:  # the desk of the others is a database
                yield pytest.param(app, found.ok(), id=found.ok().label)


OPERATIONS = list(operations())


@pytest.mark.parametrize(("app", "operation"), OPERATIONS)
def test_no_question_is_a_fault(app: FastAPI, operation: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        for person in PEOPLE:
            token = issue(person, KEY, now=time.time(), organisation_name="上海绿测环境运维有限公司")
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
            answer = case.call(app=app, base_url="http://service", headers=headers)
            ours = [] if answer.status_code == 503 else [not_a_server_error]
            case.validate_response(answer, checks=[*ours, *AS_DOCUMENTED])

    ask()


def test_nearly_all_that_the_gateway_lets_through_is_asked() -> None:
    assert len(OPERATIONS) > len(ROUTES) - 6
