"""What a check finds with knowledge beyond the document: copied pairs, and instruments that did not stand there."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from qingyuan_events.registry import InstrumentReplaced, InstrumentVoided
from qingyuan_events.tasks import ContractConfirmed
from report_calls import Person, ServiceUnderTest
from report_samples import (
    ANALYSER,
    ELSEWHERE,
    ENTERPRISE,
    OTHER_OPERATOR,
    POINT,
    contract_confirmed,
    contract_submitted,
    document,
)
from reports.contracted.memory import MemoryContracted
from reports.domain import documents
from reports.installed.memory import MemoryInstalled

FACTOR = "/points/0/factors/0"
UNNAMED = UUID(int=99)
LEAVING: dict[str, Any] = {
    "instrument_id": ANALYSER,
    "point_id": POINT,
    "enterprise_id": ENTERPRISE,
    "reason": "更换",
}


async def findings(person: Person, report: str) -> list[dict[str, Any]]:
    shown = (await person.get(f"/reports/{report}")).json()
    found: list[dict[str, Any]] = shown["verdicts"][-1]["findings"]
    return found


async def codes(person: Person, report: str) -> list[str]:
    return [found["code"] for found in await findings(person, report)]


def works_for_another(service: ServiceUnderTest) -> None:
    """Another operator has a contract for the point of another enterprise."""
    contracted = service.repository.contracted
    assert isinstance(contracted, MemoryContracted)
    theirs: dict[str, Any] = {"contract_id": UUID(int=77), "operator_id": OTHER_OPERATOR}
    confirmed: ContractConfirmed = contract_confirmed.model_copy(
        update=theirs | {"points": (ELSEWHERE.point_id,)}
    )
    contracted.apply(contract_submitted.model_copy(update=theirs), confirmed)


async def test_pairs_of_an_earlier_report_are_found_whoever_wrote_it_and_wherever(
    service: ServiceUnderTest, people: dict[str, Person]
) -> None:
    works_for_another(service)
    copied = [("121.0", "118"), ("123", "104.60"), ("120", "118")]
    first = await people["operator"].hands_in()
    second = await people["another operator"].hands_in(
        document(tuple(copied), point=ELSEWHERE.point_id, number="BD-7")
    )
    assert await codes(people["operator"], first) == [], "a later report proves nothing of an earlier one"
    found = await findings(people["another operator"], second)
    assert [(one["code"], one["severity"], one["at"]) for one in found] == [
        ("pairs.in-earlier-report", "warning", FACTOR),
        ("instrument.not-installed", "warning", FACTOR),
    ]
    assert found[0]["earlier"] == [{"report_id": first, "at": FACTOR}]


@pytest.mark.parametrize(
    "pairs",
    [
        (("123", "104.6"), ("120", "118"), ("121", "118.1")),
        (("123", "104.6"), ("120", "118"), ("121", "118"), ("122", "118")),
    ],
)
async def test_other_pairs_are_no_copies(wang: Person, pairs: tuple[tuple[str, str], ...]) -> None:
    await wang.hands_in()
    assert await codes(wang, await wang.hands_in(document(pairs, number="LC-2"))) == []


async def test_what_the_operator_took_back_it_may_hand_in_again(wang: Person) -> None:
    first = await wang.hands_in()
    await wang.does(f"/reports/{first}/withdrawal", {"reason": "选错报告类型"})
    assert await codes(wang, await wang.hands_in()) == []


async def test_a_resubmission_is_no_copy_of_itself(wang: Person, lin: Person) -> None:
    report = await wang.hands_in()
    await lin.does(f"/reports/{report}/return", {"round": 1, "reasons": [{"text": "请补充签名"}]})
    await wang.does(f"/reports/{report}/resubmission", {"answer": "已补充"})
    await wang.service.works()
    assert await codes(wang, report) == []


@pytest.mark.parametrize("last_day", [date(2026, 11, 3), date(2026, 10, 1), None])
async def test_an_instrument_that_did_not_stand_there_that_day(
    service: ServiceUnderTest, wang: Person, last_day: date | None
) -> None:
    """`valid_to` is the first day on which it is gone; None: it was registered by mistake."""
    installed = service.repository.knowledge.installed
    assert isinstance(installed, MemoryInstalled)
    gone = InstrumentReplaced(**LEAVING, replaced_by=UNNAMED, valid_to=last_day) if last_day else None
    installed.apply(gone or InstrumentVoided(**LEAVING))
    (found,) = await findings(wang, await wang.hands_in())
    assert (found["code"], found["at"]) == ("instrument.not-installed", FACTOR)
    assert found["sentence"] == "第 1 个点位第 1 个因子的仪器在实施当日未登记在该测点。"


async def test_one_that_left_the_day_after_stood_there(service: ServiceUnderTest, wang: Person) -> None:
    installed = service.repository.knowledge.installed
    assert isinstance(installed, MemoryInstalled)
    installed.apply(InstrumentReplaced(**LEAVING, replaced_by=UNNAMED, valid_to=date(2026, 11, 4)))
    assert await codes(wang, await wang.hands_in()) == []


async def test_an_unknown_instrument_and_one_that_is_not_named(wang: Person) -> None:
    unknown = await wang.hands_in(document(instrument=UNNAMED))
    assert await codes(wang, unknown) == ["instrument.not-installed"]
    silent = document((("1", "2"), ("2", "3"), ("3", "4")), number="LC-3")
    del silent["points"][0]["factors"][0]["instrument"]
    (found,) = await findings(wang, await wang.hands_in(silent))
    assert (found["code"], found["severity"]) == ("instrument.unnamed", "note")


def test_prints_know_values_and_not_their_spelling_or_order() -> None:
    one = documents.prints(document())
    same = documents.prints(document((("120.0", "１１８"), ("121", "118.00"), ("123", "104.6"))))
    assert one == same
    excluded = document()
    excluded["points"][0]["factors"][0]["pairs"][0]["excluded"] = "故障"
    assert documents.prints(excluded) == (), "two pairs are chance"
