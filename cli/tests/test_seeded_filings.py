"""The filings of the demo, on the filing service's own edge: what comes of them, and that asking again changes nothing."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import filing.main
import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from files.checking.inspecting import inspect_file
from files.main import limits
from files.settings import FilesSettings
from qingyuan_cli.seeding.client import sent_key
from qingyuan_cli.seeding.filings import Desk, seed_filings
from qingyuan_cli.seeding.history import pictures
from qingyuan_cli.seeding.identities import id_of
from qingyuan_cli.seeding.refusals import Refusal
from qingyuan_cli.seeding.town import ACCOUNTS, OPERATOR_NAMES, OPERATORS
from qingyuan_events import Actor, Fact
from qingyuan_events import filing as facts
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import EveryIssuer
from qingyuan_standards.days import local_day

Json = dict[str, Any]
KEY = EveryIssuer()
LIMITS = limits(FilesSettings())
FIRST, SECOND = (id_of(f"operator {name}") for name in ("greentest", "blueclean"))


@dataclass
class Account:
    """In place of a `Client`: asks the service itself. `submissions`: what the views know by now."""

    app: FastAPI
    portal: BlockingPortal
    actor: Actor
    organisation: str | None = None
    submissions: dict[UUID, int] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)

    def command(self, path: str, body: Json, *, key: str) -> UUID:
        token = issue(self.actor, KEY, now=time.time(), organisation_name=self.organisation)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": sent_key(key)}
        answer = self.portal.call(self._post, path.removeprefix("/filing"), body, headers)
        if answer.is_error:
            raise Refusal.of(answer)
        return UUID(answer.json()["stream"].split("-", 1)[1])

    async def _post(self, path: str, body: Json, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://filing") as http:
            return await http.post(path, json=body, headers=headers)

    def get(self, path: str) -> Json:
        if path == "/colleagues":
            own = [name for name, *_ in OPERATORS]
            return {"items": [{"id": str(id_of(name)), "name": name} for name in own]}
        if path == "/filing/options":
            return {"undertaking": self.undertaking()}
        return {"number": self.submissions[UUID(path.rpartition("/")[2])]}

    def undertaking(self) -> Json:
        text = self.app.state.repository.undertaking()
        return {"version": text.version, "sha256": text.sha256}

    def post(self, path: str, body: Json) -> Json:
        assert path == "/second-factor"
        return {"token": second_factor.issue(self.actor.account, body["over"], KEY, now()).token}

    def exists(self, path: str) -> bool:
        return UUID(path.rpartition("/")[2]) in self.submissions

    def upload(self, content: bytes, media_type: str, name: str) -> Json:
        """Held to the checks of the files service."""
        self.uploads.append(name)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "scan"
            path.write_bytes(content)
            assert inspect_file(str(path), media_type, LIMITS) == {"media_type": media_type, "blank": False}
        return pictures.Drawing(content, media_type, name).ref

    def evidence(self, *, files: Sequence[Json]) -> str:
        seen = Evidence({}, frozenset(file["sha256"] for file in files))
        return evidence.issue(self.actor.account, seen, KEY, now()).token


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return filing.main.SERVICE.twin(now, KEY)


@pytest.fixture
def people(app: FastAPI) -> Iterator[list[Any]]:
    with start_blocking_portal() as portal:
        operators = {name: (operator, role) for name, _, operator, role in OPERATORS}
        made = []
        for name in ("demo-operator", "demo-operator-2"):
            operator, role = operators[name]
            organisation = id_of(f"operator {operator}")
            actor = Actor(account=id_of(name), kind="operator", organisation=organisation, role=role)  # type: ignore[arg-type]
            made.append(Account(app, portal, actor, OPERATOR_NAMES[operator]))
        district = next(district for name, _, _, district, _ in ACCOUNTS if name == "demo-city")
        city = Actor(account=id_of("demo-city"), kind="regulator", district=district)
        yield [*made, Account(app, portal, city)]


def seeded(people: Sequence[Any], today: date | None = None) -> None:
    first, second, city = people
    day = today or local_day(now())
    desks = Desk(first, "greentest", day, ""), Desk(second, "blueclean", day, "")
    seed_filings(*desks, city, lambda _: None)


def recorded(app: FastAPI) -> list[Fact]:
    return [each.fact for each in app.state.repository.store.everything()]


def of(app: FastAPI, operator: UUID, kind: type[Any]) -> list[Any]:
    return [fact for fact in recorded(app) if isinstance(fact, kind) and fact.operator_id == operator]


def test_the_first_operator_is_filed_and_has_a_change_in_review(app: FastAPI, people: list[Any]) -> None:
    seeded(people)
    filed = of(app, FIRST, facts.Filed)
    kinds = sorted(version.kind for version in filed[0].resources)
    assert kinds == ["device"] * 2 + ["person"] * 3 + ["spare_part"] * 3 + ["vehicle"] * 2
    changed, submitted = of(app, FIRST, facts.ResourceCorrected), of(app, FIRST, facts.FilingSubmitted)
    assert (len(filed), len(changed), [each.number for each in submitted]) == (1, 1, [1, 2])
    assert submitted[1].basics_version is None  # so that it waits in the second review
    assert [(each.resource_id, each.version) for each in submitted[1].resources] == [
        (changed[0].resource_id, 2)
    ]


def test_all_who_stand_in_plans_are_people_with_accounts_and_papers_end(
    app: FastAPI, people: list[Any]
) -> None:
    seeded(people)
    added = [fact.particulars for fact in of(app, FIRST, facts.ResourceAdded)]
    accounts = {each.account_id for each in added if isinstance(each, facts.PersonParticulars)}
    assert accounts == {
        id_of(name)
        for name, _, operator, role in OPERATORS
        if operator == "greentest" and role != "quality_officer"
    }
    days: dict[str, list[int]] = {}
    for paper in (paper for each in added for paper in each.papers):
        days.setdefault(paper.kind, []).append((paper.valid_to - local_day(now())).days)
    assert [0 < left <= 30 for left in sorted(days["competence_certificate"])] == [True, False, False]
    ended, soon = sorted(days["calibration"])
    assert ended < 0 < soon <= 60
    ownership = [each.ownership for each in added if isinstance(each, facts.VehicleParticulars)]
    assert (ownership, len(days["lease"])) == (["owned", "leased"], 1)


def test_the_second_operator_waits_in_its_first_review(app: FastAPI, people: list[Any]) -> None:
    seeded(people)
    (submitted,) = of(app, SECOND, facts.FilingSubmitted)
    assert submitted.basics_version == 2
    assert [version.kind for version in submitted.resources] == ["person"]
    (added,) = of(app, SECOND, facts.ResourceAdded)
    assert added.particulars.account_id == id_of("demo-operator-2")
    assert of(app, SECOND, facts.FilingReviewOpened) == []


@pytest.mark.parametrize("later", [0, 40])
def test_again_adds_nothing_even_where_views_are_behind(app: FastAPI, people: list[Any], later: int) -> None:
    """Tokens of the files service and the days of papers differ, so that the same keys have other bodies."""
    seeded(people)
    before = recorded(app)
    seeded(people, date.fromordinal(local_day(now()).toordinal() - later))
    assert recorded(app) == before


def test_again_asks_for_nothing_where_views_know(people: list[Any]) -> None:
    first, second, _ = people
    first.submissions, second.submissions = {FIRST: 2}, {SECOND: 1}
    seeded(people)
    assert (first.uploads, second.uploads) == ([], [])


def test_a_filing_that_its_users_have_begun_is_theirs(people: list[Any]) -> None:
    fresh = filing.main.SERVICE.twin(now, KEY)
    for person in people:
        person.app = fresh
    people[0].command("/filing/filing", {}, key="begun by a user")
    seeded(people)
    assert [fact.type for fact in recorded(fresh) if fact.operator_id == FIRST] == ["filing.begun.v1"]  # type: ignore[attr-defined]
    assert of(fresh, SECOND, facts.FilingSubmitted)


def test_no_two_papers_have_the_same_scan(app: FastAPI, people: list[Any]) -> None:
    seeded(people)
    added = [fact.particulars for fact in of(app, FIRST, facts.ResourceAdded)]
    scans = [paper.scan.sha256 for each in added for paper in each.papers if paper.scan]
    basics = of(app, FIRST, facts.FilingBasicsChanged)[0].basics
    scans += [basics.business_licence.sha256, basics.workplace_proof.sha256]
    assert len(set(scans)) == len(scans) == 10


def test_a_scan_is_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = pictures.scan("校准证书", ("DEMO-1",), "校准证书.pdf")
    monkeypatch.setattr(time, "gmtime", lambda *_: time.struct_time((2001, 1, 1, 0, 0, 0, 0, 1, 0)))
    assert pictures.scan("校准证书", ("DEMO-1",), "校准证书.pdf") == made
    assert made.content.startswith(b"%PDF")
