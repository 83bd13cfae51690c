"""运维合同: submitted once, supplemented, never edited; every refusal names its field."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from plan_samples import (
    CONTRACT_ID,
    ENTERPRISE,
    OPERATOR,
    STRANGE,
    TODAY,
    WATER,
    attachment,
    enterprise,
    gas,
    particulars,
    submitted,
    water,
)
from qingyuan_events.tasks import ContractSupplemented
from qingyuan_runtime.decider import Claim
from qingyuan_runtime.testing import given
from tasks.domain.contract import CONTRACT, SubmitContract, SupplementContract
from tasks.domain.tidying import tidy

SUBMIT = SubmitContract(CONTRACT_ID, OPERATOR, enterprise, particulars, (attachment,), TODAY)


def submitting(**bent: Any) -> SubmitContract:
    return replace(SUBMIT, particulars=particulars.model_copy(update=bent))


def test_a_contract_is_submitted_once() -> None:
    given(CONTRACT).when(SUBMIT).then(submitted)
    given(CONTRACT, submitted).when(SUBMIT).refused("contract.exists")


@pytest.mark.parametrize(
    ("bent", "fields"),
    [
        ({"number": " "}, ["number"]),
        ({"number": "一" * 51}, ["number"]),
        ({"name": "合同\n第二行"}, ["name"]),
        ({"operator_name": ""}, ["operator_name"]),
        ({"summary": "一" * 2001}, ["summary"]),
        ({"last_day": date(2025, 12, 31)}, ["last_day"]),
        ({"last_day": date(2036, 1, 2)}, ["last_day"]),
        ({"amount": Decimal("0.001")}, ["amount"]),
        ({"amount": Decimal("-1")}, ["amount"]),
        ({"amount": Decimal("NaN")}, ["amount"]),
        ({"amount": Decimal("1e12")}, ["amount"]),
        ({"subcontract_amount": Decimal(1)}, ["subcontract_amount"]),
        ({"subcontracted": True, "subcontract_amount": Decimal("186000.01")}, ["subcontract_amount"]),
        ({"points": ()}, ["points"]),
        ({"points": (WATER, WATER)}, ["points"]),
        ({"points": (WATER, STRANGE)}, ["points.1"]),
        ({"name": "", "amount": Decimal("0.001")}, ["name", "amount"]),
    ],
)
def test_every_wrong_field_is_named(bent: dict[str, Any], fields: list[str]) -> None:
    named = [f"particulars.{field}" for field in fields]
    given(CONTRACT).when(submitting(**bent)).refused("command.invalid", *named)


@pytest.mark.parametrize(
    "bent",
    [
        {"amount": None},
        {"amount": Decimal("0")},
        {"amount": Decimal("186000.0000")},
        {"subcontracted": True, "subcontract_amount": Decimal("186000")},
        {"summary": "第一行\n第二行"},
        {"last_day": date(2026, 1, 1)},
    ],
)
def test_what_is_unusual_but_right_is_taken(bent: dict[str, Any]) -> None:
    expected = submitted.model_copy(update={"particulars": particulars.model_copy(update=bent)})
    given(CONTRACT).when(submitting(**bent)).then(expected)


def test_a_list_that_would_make_a_huge_fact_is_refused_in_one_sentence() -> None:
    many = tuple(UUID(int=n) for n in range(1000, 1051))
    given(CONTRACT).when(submitting(points=many)).refused("command.invalid", "particulars.points")
    files = tuple(attachment.model_copy(update={"sha256": f"{n:064x}"}) for n in range(21))
    given(CONTRACT).when(replace(SUBMIT, files=files)).refused("command.invalid", "files")


def test_a_closed_point_is_named() -> None:
    for ends, refused in ((date(2026, 11, 24), True), (date(2026, 11, 25), False)):
        closing = replace(enterprise, points=(replace(water, ends=ends), gas))
        outcome = given(CONTRACT).when(replace(SUBMIT, enterprise=closing))
        if refused:
            outcome.refused("command.invalid", "particulars.points.0")
        else:
            outcome.then(submitted)


def test_a_number_is_claimed_by_its_operator() -> None:
    assert CONTRACT.claims(submitted) == (Claim("contract-number", f"{OPERATOR}/LC-2026-018"),)


def test_a_contract_is_supplemented_and_stays_as_it_was() -> None:
    supplemented = ContractSupplemented(
        contract_id=CONTRACT_ID,
        operator_id=OPERATOR,
        enterprise_id=ENTERPRISE,
        district="310118",
        text="补充附件",
        files=(attachment,),
    )
    command = SupplementContract(CONTRACT_ID, "补充附件", (attachment,))
    given(CONTRACT, submitted).when(command).then(supplemented)
    given(CONTRACT, submitted, supplemented).when(command).then(supplemented)
    assert CONTRACT.fold((submitted, supplemented)) == submitted
    assert CONTRACT.claims(supplemented) == ()


def test_a_supplement_needs_its_contract_and_a_text() -> None:
    given(CONTRACT).when(SupplementContract(CONTRACT_ID, "补充", ())).refused("contract.missing")
    given(CONTRACT, submitted).when(SupplementContract(CONTRACT_ID, " ", ())).refused(
        "command.invalid", "text"
    )
    twice = SupplementContract(CONTRACT_ID, "补充", (attachment, attachment))
    given(CONTRACT, submitted).when(twice).refused("command.invalid", "files")


def test_brackets_and_blanks_are_mended_and_told() -> None:
    typed = particulars.model_copy(
        update={"name": " 运维合同(二期) ", "operator_name": "ACME (China) Ltd.", "number": " LC-1 "}
    )
    tidied, notes = tidy(typed)
    assert (tidied.name, tidied.operator_name, tidied.number) == (
        "运维合同（二期）",
        "ACME (China) Ltd.",
        "LC-1",
    )
    assert [note.field for note in notes] == ["particulars.name"]
    assert tidy(particulars) == (particulars, ())
