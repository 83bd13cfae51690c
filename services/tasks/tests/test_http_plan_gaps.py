"""Plans over HTTP of an operator that is filed: what the preview says of papers, and what publishing asks for."""

from datetime import date

import pytest
from contract_calls import PLAN, Person, refusal
from fastapi import FastAPI
from filed_samples import CERTIFICATE, DEVICE, PERSON, TOLD, of_resource
from plan_samples import ACCOUNT, OPERATOR
from qingyuan_events.filing import ResourcePaperRevoked
from qingyuan_events.tasks import PlanPublishedV2
from tasks.filed_copy.memory import MemoryFiledCopy
from tasks.shared.repository import Repository

REVOKED = ResourcePaperRevoked(
    operator_id=OPERATOR,
    resource_id=PERSON,
    paper_id=CERTIFICATE,
    first_day=date(2026, 12, 8),
    reason="挂证",
)
GAP = {
    "resource_id": str(PERSON),
    "kind": "competence_certificate",
    "number": "YW-2025-0001",
    "why": "revoked",
    "from_day": "2026-12-08",
    "windows": 1,
}
TYPED = {"assignees": [{"account": str(ACCOUNT)}], "devices": [{"name": "仪", "serial_number": "DX-2201"}]}


@pytest.fixture
def filed(app: FastAPI) -> MemoryFiledCopy:
    copy = app.state.repository.filed
    assert isinstance(copy, MemoryFiledCopy)
    copy.apply(*TOLD)
    return copy


async def test_the_preview_shows_the_dates_of_the_filing(
    filed: MemoryFiledCopy, operator: Person, contract_id: str
) -> None:
    preview = (await operator.post("/plans/preview", PLAN | TYPED | {"contract_id": contract_id})).json()
    assert preview["assignees"] == [
        {"account": str(ACCOUNT), "certificate_to": "2028-02-29", "resource_id": str(PERSON)}
    ]
    assert preview["devices"] == [
        {
            "name": "便携式多参数水质分析仪 DZS-7",
            "serial_number": "DX-2201",
            "calibrated_to": "2027-01-31",
            "resource_id": str(DEVICE),
        }
    ]
    assert (preview["gaps"], preview["problems"], preview["notes"]) == ([], [], [])


async def test_the_preview_refuses_nobody_and_publishing_asks_for_a_reason(
    filed: MemoryFiledCopy, operator: Person, app: FastAPI, contract_id: str
) -> None:
    filed.apply(*of_resource(PERSON, REVOKED, since=2))
    plan = PLAN | TYPED | {"contract_id": contract_id}
    preview = (await operator.post("/plans/preview", plan)).json()
    sentence = "2026-12-08 起第 1 位人员的运维能力证书（YW-2025-0001）被撤销，影响每个测点 1 个周期。"
    assert preview["problems"] == []
    assert preview["gaps"] == [GAP | {"field": "assignees.0", "sentence": sentence}]
    assert refusal(await operator.post("/plans", plan)) == (422, "command.invalid", ["gaps_reason"])
    plan_id = await operator.makes("/plans", plan | {"gaps_reason": "已报名换证评定"})
    repository: Repository = app.state.repository
    (recorded,) = await repository.store.read(f"plan-{plan_id}")
    assert isinstance(recorded.fact, PlanPublishedV2)
    assert [gap.model_dump(mode="json") for gap in recorded.fact.gaps] == [GAP]
    assert recorded.fact.gaps_reason == "已报名换证评定"


async def test_a_crew_with_gaps_asks_for_a_reason(
    filed: MemoryFiledCopy, operator: Person, contract_id: str
) -> None:
    plan_id = await operator.makes("/plans", PLAN | TYPED | {"contract_id": contract_id})
    filed.apply(*of_resource(PERSON, REVOKED, since=2))
    crew = TYPED | {"devices": [], "reason": "换班"}
    path = f"/plans/{plan_id}/crew"
    assert refusal(await operator.post(path, crew)) == (422, "command.invalid", ["gaps_reason"])
    assert (await operator.post(path, crew | {"gaps_reason": "已报名换证评定"})).json()["version"] == 2
