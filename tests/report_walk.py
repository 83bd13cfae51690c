"""Every command of the reports service with right bodies, which a test then bends; its reaction runs in between."""

from uuid import UUID

import report_samples as reported
import reports.main
from bending import KEY, Bend, Body, Walk
from qingyuan_events.parts import FileRef
from qingyuan_events.reports import ReportOriginalAttached
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.tokens import evidence
from qingyuan_runtime.tokens.evidence import Evidence
from report_calls import PEOPLE, ServiceUnderTest
from test_exemptions import TOO_FEW
from test_who_may_report import GRANT

MANAGER, REVIEWER = PEOPLE["operator"], PEOPLE["district"]
WHY = {"reason": "录错"}


async def handed_in_reports(bend: Bend) -> MemoryStore:
    """One is returned, corrected, judged anew, accepted and replaced by another; a third is taken back."""
    store = MemoryStore()
    app = reports.main.SERVICE.twin(lambda: reported.NOON, KEY, store)
    app.state.repository.knowledge.installed.apply(*reported.TOWN)
    app.state.repository.contracted.apply(reported.contract_submitted, reported.contract_confirmed)
    service, walk = ServiceUnderTest(app.state.repository, store), Walk(app, bend)
    first = await _handed_in(walk, service, TOO_FEW, {})
    returning = {"code": "W-N", "at": "/points/0/factors/0", "text": "数据对不足"}
    await walk.says(REVIEWER, f"{first}/return", {"round": 1, "reasons": [returning, {"text": "请补充"}]})
    await walk.says(MANAGER, f"{first}/document", {"document": reported.DOCUMENT})
    await walk.says(MANAGER, f"{first}/resubmission", {"answer": "已补充一对数据"})
    await service.works()
    narrow = {"factor": "w01018", "point_id": str(reported.POINT), "document_number": "青环〔2026〕18 号"}
    exemption = await walk.says(REVIEWER, "/exemptions", GRANT | narrow)
    await walk.says(REVIEWER, f"{first}/reevaluation", {"reason": "已授予豁免"})
    await walk.says(REVIEWER, f"{first}/acceptance", {"round": 2, "remark": "数据完整"})
    await walk.says(REVIEWER, f"/exemptions/{exemption}/ending", {"last_day": "2026-11-20"} | WHY)
    await _is_replaced(walk, service, first)
    third = await _handed_in(walk, service, reported.document(number="LC-3"), {})
    await walk.says(MANAGER, f"{third}/withdrawal", WHY)
    return store


async def _handed_in(walk: Walk, service: ServiceUnderTest, document: Body, more: Body) -> str:
    """The path of a report with its file and two originals, one of which is taken out again, after its check."""
    path = "/reports/" + await walk.says(MANAGER, "/reports", {"document": document} | more)
    await walk.says(MANAGER, f"{path}/file", _file(reported.PDF))
    another = reported.SCAN.model_copy(update={"sha256": "a" * 64})
    for file in (reported.SCAN, another):
        await walk.says(MANAGER, f"{path}/originals", _file(file) | {"title": "实验室分析原始记录"})
    for original in await _originals(service, path):
        await walk.says(MANAGER, f"{path}/originals/{original}/removal", WHY)
    await walk.says(MANAGER, f"{path}/submission", {})
    await service.works()
    return path


async def _originals(service: ServiceUnderTest, path: str) -> list[UUID]:
    """All but the first, of a report that was accepted."""
    facts = await service.store.read(f"report-{path.rpartition('/')[2]}")
    attached = [one.fact for one in facts if isinstance(one.fact, ReportOriginalAttached)]
    return [fact.original.original_id for fact in attached[1:]]


async def _is_replaced(walk: Walk, service: ServiceUnderTest, old: str) -> None:
    replacing = {"replaces": old.rpartition("/")[2]}
    new = await _handed_in(walk, service, reported.document(number="LC-2"), replacing)
    await walk.says(REVIEWER, f"{new}/acceptance", {"round": 1})
    await service.works()


def _file(file: FileRef) -> Body:
    stored = Evidence({}, reported.STORED)
    token = evidence.issue(MANAGER.account, stored, KEY, reported.NOON).token
    return {"file": file.model_dump(mode="json"), "evidence": token}
