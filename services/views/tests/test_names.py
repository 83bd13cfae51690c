"""Names in lists and records, on real PostgreSQL: those of the day of the work, whatever was renamed since."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from qingyuan_events.registry import EnterpriseCorrected, InstrumentCorrected
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import (
    ALL,
    ENTERPRISE,
    IDS,
    NEW,
    POINT,
    SampleFacts,
    analyser,
    enterprise,
    registry_facts,
)
from views.board.queries import BoardQueries
from views.board.query_models import BoardQuery
from views.confirmations.queries import ConfirmationQueries
from views.confirmations.query_models import ConfirmationQuery
from views.register.queries import RegisterQueries
from views.shared.scope import Scope
from views.shared.when import When
from views.work import answers
from views.work.queries import WorkQueries
from views.work.query_models import VisitQuery
from working_day import contract, submit
from working_day_facts import (
    CONTRACT,
    OPERATOR,
    OWN,
    THEIRS,
    ConfirmationFacts,
    VisitFacts,
    at,
    sheet,
)

pytestmark = pytest.mark.servers

EARLY, RENAMED_ON, AFTER = date(2026, 11, 4), date(2026, 11, 10), date(2026, 11, 23)
SCOPES = [ALL, Scope("enterprise", str(ENTERPRISE)), Scope("operator", str(OPERATOR)), Scope("district", "310118")]  # fmt: skip


def corrected(sample: SampleFacts, name: str, valid_from: date, known_on: date) -> None:
    correction = EnterpriseCorrected(
        enterprise_id=ENTERPRISE,
        particulars=enterprise(name, "310118"),
        valid_from=valid_from,
        reason="更名",
    )
    sample.add(f"enterprise-{ENTERPRISE}", correction, at(known_on, 20))


def signed_visit(sample: SampleFacts, name: str, day: date) -> None:
    about = sheet(name, day=day).model_copy(update={"instruments": (NEW,)})
    ConfirmationFacts(VisitFacts(sample, name, day=day).whole(about)).signs()


def renumbered(sample: SampleFacts, serial_number: str, valid_from: date, known_on: date) -> None:
    particulars = analyser.model_copy(update={"serial_number": serial_number})
    correction = InstrumentCorrected(
        **IDS | {"instrument_id": NEW}, particulars=particulars, valid_from=valid_from, reason="换表"
    )
    sample.add(f"instrument-{NEW}", correction, at(known_on, 20))


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    """A visit before enterprise and operator were renamed and one after it; what was signed is then corrected once more."""
    sample = registry_facts()
    renumbered(sample, "SN-1", date(2026, 7, 1), date(2026, 10, 1))
    contract(sample, CONTRACT, OWN, POINT, "旧名运维")
    signed_visit(sample, "early", EARLY)
    corrected(sample, "清泉新材", RENAMED_ON, RENAMED_ON)
    renumbered(sample, "SN-2", RENAMED_ON, RENAMED_ON)
    contract(sample, UUID(int=35), OWN, POINT, "新名运维")
    signed_visit(sample, "after", AFTER)
    renumbered(sample, "SN-9", date(2026, 7, 1), date(2026, 12, 19))
    corrected(sample, "清泉（更正）", date(2024, 3, 1), date(2026, 12, 20))
    submit(sample, UUID(int=36), {**THEIRS, "operator_id": OPERATOR}, "谎称的名称")
    made = await model_after(postgres_server, sample.recorded)
    yield made
    await made.close()


@pytest.mark.parametrize("scope", SCOPES, ids=str)
async def test_each_visit_has_the_names_of_its_day_for_everybody(model: Model, scope: Scope) -> None:
    page = await WorkQueries(model.reader).visits(scope, VisitQuery())
    rows = [answers.visit_row(row, page.names) for row in page.rows]
    assert [(row["day"], row["operator_name"]) for row in rows] == [
        ("2026-11-23", "新名运维"),
        ("2026-11-04", "旧名运维"),
    ]
    assert {row["enterprise_name"] for row in rows} == {"清泉（更正）"}


async def test_a_signed_record_has_the_names_that_were_known_when_it_was_signed(model: Model) -> None:
    queries = WorkQueries(model.reader)
    page = await queries.visits(ALL, VisitQuery())
    names = []
    for row in page.rows:
        found = await queries.visit(ALL, row["id"])
        assert found is not None
        shown = answers.visit(found)
        names.append((shown["enterprise_name"], shown["confirmation"]["operator_name"]))
    assert names == [("清泉新材", "新名运维"), ("清泉化工", "旧名运维")]


async def test_the_sheets_instruments_are_shown_as_of_the_day_and_as_known_at_signing(model: Model) -> None:
    queries = WorkQueries(model.reader)
    shown = {}
    for row in (await queries.visits(ALL, VisitQuery())).rows:
        found = await queries.visit(ALL, row["id"])
        assert found is not None
        shown[str(row["day"])] = answers.visit(found)["instruments"]
    named = {
        "id": str(NEW),
        "kind": "wastewater_analyser",
        "factor": "w01018",
        "name": "COD分析仪",
        "voided": False,
    }
    assert shown == {
        "2026-11-04": [named | {"model": "CODmax", "serial_number": "SN-1"}],
        "2026-11-23": [named | {"model": "CODmax", "serial_number": "SN-2"}],
    }


@pytest.mark.parametrize("scope", SCOPES, ids=str)
async def test_whoever_may_see_the_visit_sees_what_its_instruments_are(model: Model, scope: Scope) -> None:
    queries = WorkQueries(model.reader)
    for row in (await queries.visits(scope, VisitQuery())).rows:
        found = await queries.visit(scope, row["id"])
        assert found is not None
        assert [instrument["model"] for instrument in answers.instruments(found)] == ["CODmax"]


async def test_a_confirmation_has_them_too(model: Model) -> None:
    queries = ConfirmationQueries(model.reader)
    page = await queries.page(ALL, ConfirmationQuery())
    found = await queries.one(ALL, page.rows[-1]["id"])
    assert found is not None
    assert found.names.of(found.row, EARLY)["enterprise_name"] == "清泉化工"


async def test_the_board_has_the_names_of_the_end_of_its_period(model: Model) -> None:
    queries = BoardQueries(model.reader)
    for last_day, name in ((EARLY, "旧名运维"), (date(2026, 11, 29), "新名运维")):
        query = BoardQuery(**{"by": "operator", "from": date(2026, 11, 1), "to": last_day})
        board = await queries.board(ALL, query, date(2026, 12, 30))
        assert [row["name"] for row in board.rows] == [name]


async def test_a_point_in_the_register_names_its_enterprise_as_of_the_day(model: Model) -> None:
    for as_of, as_known, name in (
        (EARLY, AFTER, "清泉化工"),
        (AFTER, AFTER, "清泉新材"),
        (EARLY, date(2026, 12, 29), "清泉（更正）"),
    ):
        when = When.of(as_of, as_known, at(date(2026, 12, 30), 9))
        row = await RegisterQueries(model.reader).one(ALL, "monitoring_point", POINT, when)
        assert row is not None
        assert row["enterprise_name"] == name


@pytest.fixture(scope="module")
async def late_model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    """The visit was signed in November; the register was recorded a month later, and then corrected."""
    sample = registry_facts()
    for number, fact in enumerate(sample.recorded):
        sample.recorded[number] = replace(fact, recorded_at=at(date(2026, 12, 20), 1, number))
    contract(sample, CONTRACT, OWN, POINT, "旧名运维")
    signed_visit(sample, "early", EARLY)
    corrected(sample, "改后的名称", EARLY, date(2026, 12, 22))
    made = await model_after(postgres_server, sample.recorded)
    yield made
    await made.close()


async def test_what_was_registered_after_the_signature_shows_as_it_was_first_recorded(
    late_model: Model,
) -> None:
    queries = WorkQueries(late_model.reader)
    page = await queries.visits(ALL, VisitQuery())
    found = await queries.visit(ALL, page.rows[0]["id"])
    assert found is not None
    assert answers.visit(found)["enterprise_name"] == "清泉化工"
    assert answers.visit_row(page.rows[0], page.names)["enterprise_name"] == "改后的名称"
