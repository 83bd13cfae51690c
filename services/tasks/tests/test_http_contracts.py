"""Contracts over HTTP, on the fakes that pass the contract suites: who answers one, what is refused, repeats."""

from typing import Any

import httpx
import pytest
from contract_calls import CONTRACT, NOWHERE, PLAN, Person, people, refusal
from fastapi import FastAPI
from plan_samples import OTHER_OPERATOR
from visit_samples import ENTERPRISE, POINT, enterprise


async def test_a_contract_is_submitted_and_a_retry_gets_the_same_answer(operator: Person) -> None:
    first = await operator.post("/contracts", CONTRACT, key="one-of-mine")
    again = await operator.post("/contracts", CONTRACT, key="one-of-mine")
    assert (first.status_code, first.json()) == (202, again.json())
    assert first.json()["version"] == 1
    assert [note["field"] for note in first.json()["notes"]] == ["particulars.name"]


async def test_a_number_is_used_once_by_an_operator_and_again_by_another(
    http: httpx.AsyncClient, operator: Person
) -> None:
    await operator.makes("/contracts", CONTRACT)
    assert refusal(await operator.post("/contracts", CONTRACT)) == (409, "contract-number.taken", [])
    other = await Person(http, "operator", OTHER_OPERATOR).post("/contracts", CONTRACT)
    assert other.status_code == 202


async def test_only_a_declined_contract_frees_its_number(
    operator: Person, enterprise_account: Person
) -> None:
    taken: tuple[int, str, list[str]] = (409, "contract-number.taken", [])
    number = CONTRACT | {"enterprise_id": str(ENTERPRISE)}

    async def next_submission_after(
        what: str, contract: str, body: dict[str, Any]
    ) -> tuple[int, str, list[str]]:
        """How a contract with the same number is refused after the enterprise has done this."""
        await enterprise_account.makes(f"/contracts/{contract}/{what}", body)
        return refusal(await operator.post("/contracts", number))

    first = await operator.makes("/contracts", number)
    assert refusal(await operator.post("/contracts", number)) == taken
    await enterprise_account.makes(f"/contracts/{first}/refusal", {"reason": "期限不符"})
    second = await operator.makes("/contracts", number)
    assert refusal(await operator.post("/contracts", number)) == taken
    await enterprise_account.makes(f"/contracts/{second}/refusal", {"reason": "金额不符"})
    again = await operator.post("/contracts", number, key="the-third")
    third = again.json()["stream"].partition("-")[2]
    points = {"points": [str(POINT)]}
    for replaced in (first, second):
        refused = await enterprise_account.post(f"/contracts/{replaced}/confirmation", points)
        assert refusal(refused) == (409, "contract.replaced", [])
    assert await next_submission_after("confirmation", third, points) == taken
    assert await next_submission_after("ending", third, {"last_day": "2026-11-30", "reason": "更换"}) == taken
    assert (await operator.post("/contracts", number, key="the-third")).json() == again.json()


async def test_a_declined_contract_that_is_confirmed_after_all_keeps_its_number(
    operator: Person, enterprise_account: Person
) -> None:
    first = await operator.makes("/contracts", CONTRACT)
    await enterprise_account.makes(f"/contracts/{first}/refusal", {"reason": "期限不符"})
    await enterprise_account.makes(f"/contracts/{first}/confirmation", {"points": [str(POINT)]})
    assert refusal(await operator.post("/contracts", CONTRACT)) == (409, "contract-number.taken", [])


async def test_a_retry_is_answered_as_before_whatever_came_after_it(
    operator: Person, enterprise_account: Person
) -> None:
    answers: list[httpx.Response] = []
    for key in ("the-first", "the-second", "the-third"):
        for declined in answers[-1:]:
            contract = declined.json()["stream"].partition("-")[2]
            await enterprise_account.makes(f"/contracts/{contract}/refusal", {"reason": "期限不符"})
        answers.append(await operator.post("/contracts", CONTRACT, key=key))
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    for key, answer in zip(("the-first", "the-second", "the-third"), answers, strict=True):
        assert (await operator.post("/contracts", CONTRACT, key=key)).json() == answer.json()


async def test_a_contract_with_an_unknown_enterprise_or_field_is_refused(operator: Person) -> None:
    nowhere = await operator.post("/contracts", CONTRACT | {"enterprise_id": NOWHERE})
    assert refusal(nowhere) == (404, "enterprise.missing", [])
    for field, value in (("colour", "red"), ("operator_name", "别家公司"), ("points", [str(POINT)])):
        malformed = CONTRACT | {"particulars": CONTRACT["particulars"] | {field: value}}
        answer = await operator.post("/contracts", malformed)
        assert refusal(answer) == (422, "request.malformed", [f"particulars.{field}"])


async def test_a_contract_takes_the_names_of_its_parties_from_accounts_and_the_register(
    operator: Person, app: FastAPI
) -> None:
    contract_id = await operator.makes("/contracts", CONTRACT)
    (recorded,) = await app.state.repository.store.read(f"contract-{contract_id}")
    terms = recorded.fact.terms
    assert (terms.operator_name, terms.enterprise_name) == (
        "上海绿测环境运维有限公司",
        "上海清泉化工有限公司",
    )


async def test_nothing_is_planned_until_the_enterprise_has_confirmed(
    operator: Person, enterprise_account: Person
) -> None:
    contract_id = await operator.makes("/contracts", CONTRACT)
    plan = PLAN | {"contract_id": contract_id}
    for path in ("/plans/preview", "/plans"):
        assert refusal(await operator.post(path, plan)) == (409, "contract.unconfirmed", [])
    path = f"/contracts/{contract_id}/confirmation"
    wrong = await enterprise_account.post(path, {"points": [NOWHERE]})
    assert refusal(wrong) == (422, "command.invalid", ["points.0"])
    await enterprise_account.makes(path, {"points": [str(POINT)]})
    assert (await operator.post("/plans", plan)).status_code == 202


ANSWERS: dict[str, dict[str, Any]] = {
    "confirmation": {"points": [str(POINT)]},
    "refusal": {"reason": "不是我们的合同"},
    "ending": {"last_day": "2026-11-30", "reason": "更换运维机构"},
}


@pytest.mark.parametrize("what", ANSWERS)
async def test_only_the_enterprise_of_a_contract_answers_it(
    http: httpx.AsyncClient, operator: Person, what: str
) -> None:
    path = f"/contracts/{await operator.makes('/contracts', CONTRACT)}/{what}"
    for person in [operator, *people(http, "regulator", "administrator"), Person(http, "enterprise")]:
        assert (await person.post(path, ANSWERS[what])).status_code == 403
    another = Person(http, "enterprise", OTHER_OPERATOR)
    assert refusal(await another.post(path, ANSWERS[what])) == (404, "contract.missing", [])
    assert (await Person(http, None).post(path, ANSWERS[what])).status_code == 401


async def test_a_confirmed_contract_cannot_be_declined_and_an_ended_one_takes_no_plan_beyond_its_end(
    operator: Person, enterprise_account: Person, contract_id: str
) -> None:
    declined = await enterprise_account.post(f"/contracts/{contract_id}/refusal", ANSWERS["refusal"])
    assert refusal(declined) == (409, "contract.confirmed", [])
    await enterprise_account.makes(f"/contracts/{contract_id}/ending", ANSWERS["ending"])
    answer = await operator.post("/plans", PLAN | {"contract_id": contract_id})
    assert refusal(answer) == (422, "command.invalid", ["last_day"])


async def test_only_the_operator_of_a_contract_supplements_it(
    http: httpx.AsyncClient, operator: Person
) -> None:
    path = f"/contracts/{await operator.makes('/contracts', CONTRACT)}/supplement"
    added = await operator.post(path, {"text": "补充协议", "files": []})
    assert (added.status_code, added.json()["version"]) == (202, 2)
    theirs = await Person(http, "operator", OTHER_OPERATOR).post(path, {"text": "补充协议", "files": []})
    assert refusal(theirs) == (404, "contract.missing", [])
    nowhere = await operator.post(f"/contracts/{NOWHERE}/supplement", {"text": "补充协议"})
    assert refusal(nowhere) == (404, "contract.missing", [])


async def test_an_enterprise_is_found_by_its_exact_code_and_only_its_id_and_name_are_shown(
    http: httpx.AsyncClient, operator: Person
) -> None:
    found = await operator.get(f"/places?uscc={enterprise.uscc}")
    assert found.json() == {"enterprise": {"id": str(ENTERPRISE), "name": "上海清泉化工有限公司"}}
    for part in ("", enterprise.uscc[:17], "91110000600037341L", "%"):
        assert refusal(await operator.get(f"/places?uscc={part}")) == (404, "enterprise.missing", [])


async def test_only_operators_and_administrators_look_up_enterprises(http: httpx.AsyncClient) -> None:
    path = f"/places?uscc={enterprise.uscc}"
    (administrator,) = people(http, "administrator")
    assert (await administrator.get(path)).status_code == 200
    for person in people(http, "enterprise", "regulator"):
        assert (await person.get(path)).status_code == 403
    assert (await Person(http, None).get(path)).status_code == 401
