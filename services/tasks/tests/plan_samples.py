"""A valid contract and plan of an operator, which tests change field by field."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_events.tasks import (
    AssigneeV2,
    ContractConfirmed,
    ContractSubmittedV3,
    ContractTerms,
    DeviceV2,
    PlanItem,
    PlanPublishedV2,
    Window,
)
from tasks.domain.contracts.state import Agreement
from tasks.domain.plans.draft import ItemDraft, PlanDraft
from tasks.domain.register import EnterpriseCopy, MonitoringPointCopy

TODAY = date(2026, 11, 24)
OPERATOR, OTHER_OPERATOR, ENTERPRISE, OUTLET = (UUID(int=n) for n in range(0x11, 0x15))
WATER, SECOND, GAS, STRANGE = (UUID(int=n) for n in range(0x21, 0x25))
CONTRACT_ID, PLAN_ID, ACCOUNT = (UUID(int=n) for n in range(0x31, 0x34))


def place(
    point_id: UUID, name: str, medium: str = "wastewater", ends: date | None = None
) -> MonitoringPointCopy:
    return MonitoringPointCopy(
        point_id=point_id,
        code="无",
        name=name,
        medium=medium,  # type: ignore[arg-type]
        factors=(),
        location=None,
        outlet_id=OUTLET,
        enterprise_id=ENTERPRISE,
        district="310118",
        ends=ends,
    )


water = place(WATER, "污水总测点")
second = place(SECOND, "车间排口测点")
gas = place(GAS, "1 号锅炉", "flue_gas")
enterprise = EnterpriseCopy(
    enterprise_id=ENTERPRISE,
    name="上海清泉化工有限公司",
    uscc="91130200699229617X",
    district="310118",
    points=(water, second, gas),
)

attachment = FileRef(sha256="a" * 64, size=482_113, media_type="application/pdf", name="运维合同.pdf")
terms = ContractTerms(
    number="LC-2026-018",
    name="2026 年度自动监控设施运维合同",
    operator_name="上海绿测环境运维有限公司",
    enterprise_name="上海清泉化工有限公司",
    first_day=date(2026, 1, 1),
    last_day=date(2027, 12, 31),
    amount=Decimal("186000.00"),
)
submitted = ContractSubmittedV3(
    contract_id=CONTRACT_ID,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district="310118",
    terms=terms,
    files=(attachment,),
)
confirmed = ContractConfirmed(
    contract_id=CONTRACT_ID,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district="310118",
    points=(WATER, GAS),
)
agreement = Agreement(
    contract_id=CONTRACT_ID,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district="310118",
    points=(WATER, GAS),
    first_day=date(2026, 1, 1),
    last_day=date(2027, 12, 31),
)
technician = AssigneeV2(account=ACCOUNT, certificate_to=date(2028, 6, 30))
meter = DeviceV2(name="便携式多参数水质分析仪", serial_number="DX-2201", calibrated_to=date(2027, 3, 31))
weekly = ItemDraft(content="patrol", rule="FREQ=WEEKLY", gap_days_max=7, basis="WF-WEEK")
draft = PlanDraft(
    name="12 月运维计划",
    points=(WATER,),
    assignees=(technician,),
    devices=(meter,),
    first_day=date(2026, 12, 1),
    last_day=date(2026, 12, 15),
    items=(weekly,),
)
published = PlanPublishedV2(
    plan_id=PLAN_ID,
    contract_id=CONTRACT_ID,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district="310118",
    name="12 月运维计划",
    points=(WATER,),
    assignees=(technician,),
    devices=(meter,),
    first_day=date(2026, 12, 1),
    last_day=date(2026, 12, 15),
    items=(
        PlanItem(
            content="patrol",
            rule="FREQ=WEEKLY",
            gap_days_max=7,
            basis="WF-WEEK",
            windows=(
                Window(number=1, opens=date(2026, 12, 1), closes=date(2026, 12, 7)),
                Window(number=2, opens=date(2026, 12, 8), closes=date(2026, 12, 14)),
            ),
        ),
    ),
    calendar="cn-2026.1",
)
