"""运维合同: submitted once, confirmed by its enterprise, never edited, perhaps ended; every refusal names its field."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from plan_samples import (
    CONTRACT_ID,
    ENTERPRISE,
    GAS,
    OPERATOR,
    STRANGE,
    TODAY,
    WATER,
    agreement,
    attachment,
    confirmed,
    enterprise,
    gas,
    submitted,
    terms,
    water,
)
from qingyuan_events import upcast
from qingyuan_events.tasks import (
    ContractDeclined,
    ContractEnded,
    ContractParticulars,
    ContractSubmitted,
    ContractSubmittedV2,
    ContractSupplemented,
)
from qingyuan_runtime.domain.decider import Claim, Refused
from qingyuan_runtime.domain.testing import given
from tasks.domain.contracts.commands import (
    ConfirmContract,
    DeclineContract,
    EndContract,
    SubmitContract,
    SupplementContract,
)
from tasks.domain.contracts.decider import CONTRACT, MAX_SUPPLEMENTS
from tasks.domain.contracts.normalising import normalise

SUBMIT = SubmitContract(
    contract_id=CONTRACT_ID, operator_id=OPERATOR, enterprise=enterprise, terms=terms, files=(attachment,)
)


def submitting(**changes: Any) -> SubmitContract:
    return replace(SUBMIT, terms=terms.model_copy(update=changes))


def test_a_contract_is_submitted_once() -> None:
    given(CONTRACT).when(SUBMIT).then(submitted)
    given(CONTRACT, submitted).when(SUBMIT).refused("contract.exists")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"number": " "}, ["number"]),
        ({"number": "一" * 51}, ["number"]),
        ({"name": "合同\n第二行"}, ["name"]),
        ({"summary": "一" * 2001}, ["summary"]),
        ({"last_day": date(2025, 12, 31)}, ["last_day"]),
        ({"last_day": date(2036, 1, 2)}, ["last_day"]),
        ({"amount": Decimal("0.001")}, ["amount"]),
        ({"amount": Decimal("-1")}, ["amount"]),
        ({"amount": Decimal("NaN")}, ["amount"]),
        ({"amount": Decimal("1e12")}, ["amount"]),
        ({"subcontract_amount": Decimal(1)}, ["subcontract_amount"]),
        ({"subcontracted": True, "subcontract_amount": Decimal("186000.01")}, ["subcontract_amount"]),
        ({"name": "", "amount": Decimal("0.001")}, ["name", "amount"]),
    ],
)
def test_every_wrong_field_is_named(changes: dict[str, Any], fields: list[str]) -> None:
    named = [f"particulars.{field}" for field in fields]
    given(CONTRACT).when(submitting(**changes)).refused("command.invalid", *named)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": None},
        {"amount": Decimal("0")},
        {"amount": Decimal("186000.0000")},
        {"subcontracted": True, "subcontract_amount": Decimal("186000")},
        {"summary": "第一行\n第二行"},
        {"last_day": date(2026, 1, 1)},
    ],
)
def test_what_is_unusual_but_right_is_taken(changes: dict[str, Any]) -> None:
    expected = submitted.model_copy(update={"terms": terms.model_copy(update=changes)})
    given(CONTRACT).when(submitting(**changes)).then(expected)


def test_a_list_that_would_make_a_huge_fact_is_refused_in_one_sentence() -> None:
    many = tuple(UUID(int=n) for n in range(1000, 1051))
    given(CONTRACT, submitted).when(replace(CONFIRM, points=many)).refused("command.invalid", "points")
    files = tuple(attachment.model_copy(update={"sha256": f"{n:064x}"}) for n in range(21))
    given(CONTRACT).when(replace(SUBMIT, files=files)).refused("command.invalid", "files")


CONFIRM = ConfirmContract(contract_id=CONTRACT_ID, enterprise=enterprise, points=(WATER, GAS), today=TODAY)
PARTIES = {
    "contract_id": CONTRACT_ID,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "district": "310118",
}
declined = ContractDeclined(**PARTIES, reason="不是我们的合同")
ended = ContractEnded(**PARTIES, last_day=date(2026, 11, 30), reason="更换运维机构")


def test_a_contract_gives_nothing_until_its_enterprise_has_confirmed_it() -> None:
    for facts in ((submitted,), (submitted, declined)):
        with pytest.raises(Refused) as refused:
            CONTRACT.fold(facts).agreement()
        assert refused.value.code == "contract.unconfirmed"
    given(CONTRACT, submitted).when(CONFIRM).then(confirmed)
    assert CONTRACT.fold((submitted, confirmed)).agreement() == agreement


def test_a_contract_of_before_is_asked_for_like_any_other() -> None:
    """In the first version the operator named the points itself; they count as a proposal."""
    particulars = ContractParticulars(**terms.model_dump(exclude={"enterprise_name"}), points=(WATER,))
    before = ContractSubmitted(**PARTIES, particulars=particulars)
    with pytest.raises(Refused):
        CONTRACT.fold((before,)).agreement()
    given(CONTRACT, before).when(CONFIRM).then(confirmed)
    assert CONTRACT.fold((before, confirmed)).agreement() == agreement
    assert CONTRACT.claims(before) == CONTRACT.claims(submitted)


@pytest.mark.parametrize(
    ("points", "field"), [((), "points"), ((WATER, WATER), "points"), ((WATER, STRANGE), "points.1")]
)
def test_the_enterprise_names_its_own_points(points: tuple[UUID, ...], field: str) -> None:
    given(CONTRACT, submitted).when(replace(CONFIRM, points=points)).refused("command.invalid", field)


def test_a_closed_point_is_named() -> None:
    for ends, refused in ((date(2026, 11, 24), True), (date(2026, 11, 25), False)):
        closing = replace(enterprise, points=(replace(water, ends=ends), gas))
        outcome = given(CONTRACT, submitted).when(replace(CONFIRM, enterprise=closing))
        if refused:
            outcome.refused("command.invalid", "points.0")
        else:
            outcome.then(confirmed)


def test_an_enterprise_declines_with_a_reason_and_may_think_again() -> None:
    decline = DeclineContract(contract_id=CONTRACT_ID, reason="不是我们的合同")
    given(CONTRACT, submitted).when(decline).then(declined)
    given(CONTRACT, submitted).when(replace(decline, reason="")).refused("command.invalid", "reason")
    given(CONTRACT, submitted, declined).when(decline).refused("contract.declined")
    given(CONTRACT, submitted, declined).when(CONFIRM).then(confirmed)
    given(CONTRACT, submitted, confirmed).when(decline).refused("contract.confirmed")


def test_an_enterprise_ends_a_contract_for_the_future() -> None:
    end = EndContract(
        contract_id=CONTRACT_ID, last_day=date(2026, 11, 30), reason="更换运维机构", today=TODAY
    )
    given(CONTRACT, submitted, confirmed).when(end).then(ended)
    agreed = CONTRACT.fold((submitted, confirmed, ended)).agreement()
    assert (agreed.covers(WATER, date(2026, 11, 30)), agreed.covers(WATER, date(2026, 12, 1))) == (
        True,
        False,
    )
    for changes, field in (
        ({"last_day": date(2026, 11, 23)}, "last_day"),
        ({"last_day": date(2027, 12, 31)}, "last_day"),
        ({"reason": " "}, "reason"),
    ):
        given(CONTRACT, submitted, confirmed).when(replace(end, **changes)).refused("command.invalid", field)
    given(CONTRACT, submitted).when(end).refused("contract.unconfirmed")
    for command in (end, CONFIRM, DeclineContract(contract_id=CONTRACT_ID, reason="否")):
        given(CONTRACT, submitted, confirmed, ended).when(command).refused("contract.ended")
    given(CONTRACT).when(CONFIRM).refused("contract.missing")


def test_a_number_is_claimed_by_its_operator() -> None:
    number = (Claim("contract-number", f"{OPERATOR}/LC-2026-018"),)
    assert CONTRACT.claims(submitted) == number
    before = upcast(ContractSubmittedV2(**submitted.model_dump(exclude={"replaces"})))
    assert CONTRACT.claims(before) == number


def test_the_number_of_a_declined_contract_is_of_the_next_or_of_its_own_when_it_is_confirmed_after_all() -> (
    None
):
    again = submitted.model_copy(update={"contract_id": STRANGE, "replaces": CONTRACT_ID})
    command = replace(SUBMIT, contract_id=STRANGE, replaces=CONTRACT_ID)
    given(CONTRACT).when(command).then(again)
    assert CONTRACT.claims(again) == CONTRACT.claims(confirmed)
    assert CONTRACT.claims(again) == (Claim("contract-number", f"after {CONTRACT_ID}"),)
    replaced = replace(CONFIRM, is_replaced=True)
    given(CONTRACT, submitted, declined).when(replaced).refused("contract.replaced")


def test_a_contract_is_supplemented_and_stays_as_it_was() -> None:
    supplemented = ContractSupplemented(
        contract_id=CONTRACT_ID,
        operator_id=OPERATOR,
        enterprise_id=ENTERPRISE,
        district="310118",
        text="补充附件",
        files=(attachment,),
    )
    command = SupplementContract(contract_id=CONTRACT_ID, text="补充附件", files=(attachment,))
    given(CONTRACT, submitted).when(command).then(supplemented)
    given(CONTRACT, submitted, supplemented).when(command).then(supplemented)
    assert CONTRACT.fold((submitted, supplemented)).submitted == submitted
    assert CONTRACT.claims(supplemented) == ()


def test_a_supplement_needs_its_contract_and_a_text() -> None:
    given(CONTRACT).when(SupplementContract(contract_id=CONTRACT_ID, text="补充", files=())).refused(
        "contract.missing"
    )
    given(CONTRACT, submitted).when(SupplementContract(contract_id=CONTRACT_ID, text=" ", files=())).refused(
        "command.invalid", "text"
    )
    twice = SupplementContract(contract_id=CONTRACT_ID, text="补充", files=(attachment, attachment))
    given(CONTRACT, submitted).when(twice).refused("command.invalid", "files")


def test_supplements_without_end_are_refused_and_keep_nobody_from_answering() -> None:
    """Every later event reads all supplements again, and only one side writes them, so their number is bounded."""
    supplement = SupplementContract(contract_id=CONTRACT_ID, text="补充", files=())
    facts = [submitted, *(MAX_SUPPLEMENTS * CONTRACT.decide(supplement, CONTRACT.fold((submitted,))))]
    given(CONTRACT, *facts).when(supplement).refused("contract.full")
    assert given(CONTRACT, *facts).when(DeclineContract(contract_id=CONTRACT_ID, reason="不需要")).facts


def test_brackets_and_blanks_are_mended_and_told() -> None:
    typed = terms.model_copy(
        update={"name": " 运维合同(二期) ", "operator_name": "ACME (China) Ltd.", "number": " LC-1 "}
    )
    tidied, notes = normalise(typed)
    assert (tidied.name, tidied.operator_name, tidied.number) == (
        "运维合同（二期）",
        "ACME (China) Ltd.",
        "LC-1",
    )
    assert [note.field for note in notes] == ["particulars.name"]
    assert normalise(terms) == (terms, ())
