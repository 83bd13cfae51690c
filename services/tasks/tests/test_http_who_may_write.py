"""Who may write contracts and plans, over HTTP."""

import httpx
import pytest
from contract_calls import CONTRACT, NOWHERE, PLAN, Person, people, refusal
from plan_samples import OPERATOR
from visit_samples import ENTERPRISE, POINT

PATHS = {
    "/contracts": CONTRACT,
    f"/contracts/{NOWHERE}/supplement": {"text": "补充"},
    "/plans": PLAN | {"contract_id": NOWHERE},
    "/plans/preview": PLAN | {"contract_id": NOWHERE},
    f"/plans/{NOWHERE}/crew": {"assignees": [], "reason": "换班"},
    f"/plans/{NOWHERE}/stopping": {"last_day": "2026-12-07", "reason": "停产"},
}


@pytest.mark.parametrize("path", PATHS)
async def test_only_operators_of_an_organisation_write(http: httpx.AsyncClient, path: str) -> None:
    for person in [*people(http, "enterprise", "regulator", "administrator"), Person(http, "operator")]:
        assert (await person.post(path, PATHS[path])).status_code == 403
    assert (await Person(http, None).post(path, PATHS[path])).status_code == 401


async def test_a_technician_writes_no_contract_and_no_plan(
    http: httpx.AsyncClient, operator: Person, contract_id: str
) -> None:
    plan = PLAN | {"contract_id": contract_id}
    plan_id = await operator.makes("/plans", plan)
    paths = PATHS | {
        f"/contracts/{contract_id}/supplement": {"text": "补充"},
        f"/plans/{plan_id}/stopping": {"last_day": "2026-12-07", "reason": "停产"},
    }
    for role in ("technician", None):
        person = Person(http, "operator", OPERATOR, role)
        for path, body in paths.items():
            assert refusal(await person.post(path, body)) == (403, "role.manager-only", []), path


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("confirmation", {"points": [str(POINT)]}),
        ("refusal", {"reason": "不认识"}),
        ("ending", {"last_day": "2026-12-31", "reason": "更换"}),
    ],
)
async def test_a_signatory_neither_answers_a_contract_nor_ends_one(
    http: httpx.AsyncClient, contract_id: str, what: str, body: dict[str, object]
) -> None:
    signatory = Person(http, "enterprise", ENTERPRISE, "signatory")
    answer = await signatory.post(f"/contracts/{contract_id}/{what}", body)
    assert refusal(answer) == (403, "role.other", [])
