"""A valid register, contract and report, which tests change field by field."""

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_events.registry import (
    EnterpriseParticulars,
    EnterpriseRegistered,
    InstrumentRegistered,
    MonitoringPointAdded,
    PointParticulars,
    WastewaterAnalyser,
)
from qingyuan_events.reports import (
    OriginalRecord,
    ReportChecked,
    ReportDrafted,
    ReportFileAttached,
    ReportOriginalAttached,
    ReportSubmitted,
)
from qingyuan_events.tasks import ContractConfirmed, ContractSubmittedV3, ContractTerms
from qingyuan_standards.rules import catalogue
from reports.domain import documents
from reports.domain.judging import judge
from reports.domain.places import InstrumentCopy, PointCopy
from reports.domain.reports.commands import Check, Draft, Judgement, Submit
from reports.domain.reports.decider import REPORT
from reports.domain.reports.state import ReportState

REPORTED, OPERATOR, ENTERPRISE, POINT, ANALYSER, WANG, LIN = (UUID(int=n) for n in range(1, 8))
OTHER_ENTERPRISE, OTHER_POINT, CONTRACT, OUTLET, OTHER_OPERATOR = (UUID(int=n) for n in range(21, 26))
DISTRICT = "310118"
SINCE, DAY = date(2024, 3, 1), date(2026, 11, 3)
NOON = datetime(2026, 11, 4, 4, 0, tzinfo=UTC)
HEADER: dict[str, Any] = {
    "report_id": REPORTED,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "district": DISTRICT,
}
HERE = PointCopy(point_id=POINT, enterprise_id=ENTERPRISE, district=DISTRICT)
ELSEWHERE = PointCopy(point_id=OTHER_POINT, enterprise_id=OTHER_ENTERPRISE, district="310115")
STANDING = InstrumentCopy(instrument_id=ANALYSER, point_id=POINT, first_day=SINCE)
PAIRS = (("123", "104.6"), ("120", "118"), ("121", "118"))


def document(
    pairs: tuple[tuple[str, str], ...] = PAIRS,
    point: UUID = POINT,
    instrument: UUID = ANALYSER,
    **changed: Any,
) -> dict[str, Any]:
    """An HJ 355 comparison of COD with three pairs of real samples, all of them within 15 %."""
    factor = {
        "factor": "w01018",
        "unit": "mg/L",
        "instrument": {"about": {"instrument_id": str(instrument)}},
        "reference_method": {"method": "HJ 828-2017"},
        "pairs": [
            {"from": f"2026-11-03T09:{10 * n:02}", "reference": reference, "measured": measured}
            for n, (reference, measured) in enumerate(pairs)
        ],
    }
    whole = {
        "document": "report.v1",
        "doc_type": "sample_comparison",
        "basis": "HJ 355-2019",
        "number": "LC-2026-1103",
        "performed": {"from": "2026-11-03T09:00", "to": "2026-11-03T11:00"},
        "points": [{"id": str(point), "factors": [factor]}],
    }
    return deepcopy(whole | changed)


DOCUMENT = document()
PDF = FileRef(sha256="a" * 64, size=1, media_type="application/pdf", name="比对报告.pdf")
SCAN = FileRef(sha256="b" * 64, size=1, media_type="image/jpeg", name="原始记录.jpg")
STORED = frozenset({PDF.sha256, SCAN.sha256})
ORIGINAL = OriginalRecord(original_id=UUID(int=31), title="实验室分析原始记录", file=SCAN)

drafted = ReportDrafted(**HEADER, document=DOCUMENT, points=(POINT,), by=WANG)
file_attached = ReportFileAttached(**HEADER, file=PDF, by=WANG)
original_attached = ReportOriginalAttached(**HEADER, original=ORIGINAL, by=WANG)
READY = (drafted, file_attached, original_attached)
draft = Draft(
    report_id=REPORTED, operator_id=OPERATOR, document=DOCUMENT, points=(HERE,), replaced=None, by=WANG
)
submit = Submit(uncontracted=frozenset(), verdict_bytes=1, by=WANG, now=NOON)
submitted = ReportSubmitted(
    **HEADER,
    round=1,
    version=3,
    number="LC-2026-1103",
    document_sha256=documents.sha256_of(DOCUMENT),
    prints=documents.prints(DOCUMENT),
    by=WANG,
    submitted_at=NOON,
)


def judged(whole: dict[str, Any] = DOCUMENT) -> Judgement:
    """By the newest catalogue, with nothing known beyond the document but its instrument."""
    instruments = {ANALYSER: STANDING}
    return judge(
        whole, documents.prints(whole), catalogue(), exemptions=(), instruments=instruments, earlier={}
    )


def checked(whole: dict[str, Any] = DOCUMENT, round_: int = 1) -> ReportChecked:
    found = judged(whole)
    return ReportChecked(
        **HEADER,
        round=round_,
        catalogue_version=found.catalogue_version,
        catalogue_sha256=found.catalogue_sha256,
        result=found.result,
        blocking=found.blocking,
        verdict=dict(found.verdict),
        findings=found.findings,
        exemptions=(),
        checked_at=NOON,
    )


def check(whole: dict[str, Any] = DOCUMENT, round_: int = 1) -> Check:
    return Check(round=round_, judgement=judged(whole), now=NOON)


def state_after(*facts: Any) -> ReportState:
    return REPORT.fold(facts)


PLACE = {"enterprise_id": ENTERPRISE, "outlet_id": OUTLET}
enterprise = EnterpriseParticulars(
    name="上海清泉化工有限公司",
    uscc="91130200699229617X",
    district=DISTRICT,
    address="上海市青浦区清源路 88 号",
    industry="C2614 有机化学原料制造",
    permit_number="91130200699229617X001P",
)
point = PointParticulars(code="DW001", name="污水总测点", medium="wastewater", factors=("w01018", "w21003"))
analyser = WastewaterAnalyser(
    factor="w01018",
    model="CODmax",
    brand="源测",
    method="重铬酸钾氧化分光光度法",
    construction="built",
    serial_number="A-17",
    om_operator="甲运维有限公司",
    om_operator_previous="无",
    permit_point_name="污水总排口",
    permit_point_code="DW001",
    integrator="集成公司",
    installer="安装公司",
)
enterprise_registered = EnterpriseRegistered(
    enterprise_id=ENTERPRISE, particulars=enterprise, valid_from=SINCE
)
point_added = MonitoringPointAdded(**PLACE, point_id=POINT, particulars=point, valid_from=SINCE)
analyser_registered = InstrumentRegistered(
    instrument_id=ANALYSER,
    point_id=POINT,
    enterprise_id=ENTERPRISE,
    particulars=analyser,
    valid_from=SINCE,
)
other_enterprise_registered = EnterpriseRegistered(
    enterprise_id=OTHER_ENTERPRISE,
    particulars=enterprise.model_copy(update={"district": "310115"}),
    valid_from=SINCE,
)
other_point_added = MonitoringPointAdded(
    enterprise_id=OTHER_ENTERPRISE,
    outlet_id=UUID(int=26),
    point_id=OTHER_POINT,
    particulars=point,
    valid_from=SINCE,
)
TOWN = (
    enterprise_registered,
    point_added,
    analyser_registered,
    other_enterprise_registered,
    other_point_added,
)
contract_submitted = ContractSubmittedV3(
    contract_id=CONTRACT,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district=DISTRICT,
    terms=ContractTerms(
        number="HT-2026-01",
        name="在线监测运维合同",
        operator_name="甲运维有限公司",
        enterprise_name="上海清泉化工有限公司",
        first_day=date(2026, 1, 1),
        last_day=date(2026, 11, 24),
    ),
)
contract_confirmed = ContractConfirmed(
    contract_id=CONTRACT,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district=DISTRICT,
    points=(POINT,),
)
