"""An instrument that was registered by mistake: on no day in any list, unless asked for; in the history as ever."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from qingyuan_events.registry import InstrumentRegistered, InstrumentVoided
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ALL, IDS, NOW, SINCE, analyser, registry_facts
from views.register import answers
from views.register.statements import Filter
from views.shared.when import When

pytestmark = pytest.mark.servers

MISTAKE = UUID(int=77)
VOIDED_ON = datetime(2026, 9, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    sample = registry_facts()
    mistake = IDS | {"instrument_id": MISTAKE}
    wrong = analyser.model_copy(update={"model": "误录"})
    sample.add(
        f"instrument-{MISTAKE}",
        InstrumentRegistered(**mistake, particulars=wrong, valid_from=SINCE),
        datetime(2026, 8, 1, tzinfo=UTC),
    )
    sample.add(f"instrument-{MISTAKE}", InstrumentVoided(**mistake, reason="登记到了别的测点"), VOIDED_ON)
    made = await model_after(postgres_server, sample.recorded)
    yield made
    await made.close()


async def statuses(model: Model, status: str, as_known: date | None = None) -> dict[str, str]:
    """Model → status of the instruments in a list of the present day."""
    wanted, when = Filter("instrument", status=status), When.of(None, as_known, NOW)
    page = await model.queries.page(ALL, wanted, when, 50, None)
    rows = [answers.instrument_row(row) for row in page.rows]
    return {row["particulars"]["model"]: row["status"] for row in rows}


async def test_it_is_neither_in_use_nor_ended_but_shown_when_all_are_asked_for(model: Model) -> None:
    assert await statuses(model, "in_use") == {"CODmax 2": "in_use"}
    assert await statuses(model, "ended") == {"CODmax": "replaced"}
    assert (await statuses(model, "all"))["误录"] == "voided"


async def test_it_stood_there_as_far_as_was_known_before(model: Model) -> None:
    assert (await statuses(model, "in_use", date(2026, 8, 15)))["误录"] == "in_use"


async def test_it_was_there_on_no_day(model: Model) -> None:
    assert "误录 源测 甲公司" not in await model.instruments(as_of=SINCE)


async def test_its_history_says_why(model: Model) -> None:
    history = await model.queries.history(ALL, f"instrument-{MISTAKE}")
    assert history is not None
    newest = answers.history_items(history)[0]
    assert (newest["type"], newest["reason"]) == ("instrument.voided.v1", "登记到了别的测点")
