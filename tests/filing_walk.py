"""Every command of the filing service with right bodies, which a test then bends."""

from uuid import UUID

import filing.main
import filing_samples as filed
import test_credit as credit
from bending import KEY, Bend, Body, Walk
from filing.domain.filings.undertaking import Undertaking
from pydantic import BaseModel
from qingyuan_events import Actor
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day
from registry_calls import NOON, plain

REVIEWER = Actor(account=UUID(int=8), kind="regulator", district="310000")
WHY = {"reason": "录错"}


async def filings(bend: Bend) -> MemoryStore:
    """Taken back once, returned once by each review, filed; then a paper is renewed and revoked, and everything ends."""
    app = filing.main.SERVICE.twin(lambda: NOON, KEY)
    walk = Walk(app, bend)
    manager = Actor(account=UUID(int=7), kind="operator", organisation=filed.OPERATOR, role="manager")
    await walk.says(manager, "/filing", {})
    people = {
        "legal_representative": {"name": "张清源"},
        "contact": {"name": "李敏", "phone": "021-5555 0101"},
    }
    await walk.says(manager, "/filing/basics", {"basics": whole(filed.basics)} | people | _known(manager))
    await walk.says(manager, "/filing/undertaking", _undertaking(manager))
    name = {"name": "王工"}
    worker = await walk.says(manager, "/resources", plain(filed.person) | name | _known(manager))
    others = (filed.device, filed.vehicle, filed.part)
    things = [await walk.says(manager, "/resources", plain(thing) | _known(manager)) for thing in others]
    await walk.says(manager, "/filing/submission", {})
    await walk.says(manager, "/filing/withdrawal", {})
    await _is_reviewed(walk, manager, worker)
    senior = changed(filed.person, title="高级工程师") | name | _known(manager) | WHY
    await walk.says(manager, f"/resources/{worker}/correction", senior)
    await _has_papers(walk, manager, things[0])
    for thing in (worker, *things):
        await walk.says(manager, f"/resources/{thing}/ending", {"last_day": "2026-11-20"} | WHY)
    await _informs(walk, manager)
    await _stands(walk, manager)
    return app.state.repository.store  # type: ignore[no-any-return]


async def _is_reviewed(walk: Walk, manager: Actor, worker: str) -> None:
    remark = {"reason": "unreadable", "text": "看不清"}
    of_person = [remark | {"resource_id": worker, "field": "papers.0"}] if worker else []
    await _answered(walk, manager, 2, first=[remark | {"field": "business_licence"}])
    await _answered(walk, manager, 3, first=[], second=of_person)
    again = changed(filed.person, post="质控") | _known(manager) | WHY
    await walk.says(manager, f"/resources/{worker}/correction", again)
    await _answered(walk, manager, 4, second=[])


async def _answered(walk: Walk, manager: Actor, number: int, **remarks_of: list[Body]) -> None:
    """A submission, and each review, opened, with its remarks; without any it passes."""
    await walk.says(manager, "/filing/submission", {})
    filing_path = f"/filings/{filed.OPERATOR}"
    for stage, remarks in remarks_of.items():
        await walk.says(REVIEWER, f"{filing_path}/opening", {"number": number})
        answer = {"number": number, "passed": not remarks, "remarks": remarks}
        await walk.says(REVIEWER, f"{filing_path}/{stage}-review", answer)


async def _has_papers(walk: Walk, manager: Actor, device: str) -> None:
    newer = filed.calibration.model_copy(update={"paper_id": UUID(int=105), "number": "JZ-2026-12"})
    renewal = {"paper": whole(newer), "replaces": str(filed.calibration.paper_id)}
    await walk.says(manager, f"/resources/{device}/papers", renewal | _known(manager))
    revoked = f"/resources/{device}/papers/{newer.paper_id}/revocation"
    await walk.says(REVIEWER, revoked, {"first_day": "2026-11-01"} | WHY)


def whole(value: BaseModel) -> Body:
    made: Body = value.model_dump(mode="json")
    return made


def _known(manager: Actor) -> Body:
    """Since when it is so, and the word of files that the scans are stored."""
    token = evidence.issue(manager.account, Evidence({}, filed.STORED), KEY, NOON).token
    return {"changed_on": "2026-11-20", "evidence": token}


def _undertaking(manager: Actor) -> Body:
    value = setting("filing_undertaking", local_day(NOON)).value
    text = Undertaking(value["version"], value["text"])
    factor = second_factor.issue(manager.account, [text.sha256], KEY, NOON).token
    signed = {"version": text.version, "signature": whole(filed.signature), "second_factor": factor}
    return signed | {"evidence": _known(manager)["evidence"]}


async def _informs(walk: Walk, manager: Actor) -> None:
    """Documents of points, and a year."""
    token = {"evidence": _known(manager)["evidence"]}
    document = await walk.says(manager, "/credit/documents", {"document": whole(credit.manual)} | token)
    newer = {"document": whole(credit.manual.model_copy(update={"edition": "第 4 版"}))} | WHY
    await walk.says(manager, f"/credit/documents/{document}/replacement", newer | token)
    await walk.says(manager, f"/credit/documents/{document}/withdrawal", WHY)
    await walk.says(manager, "/credit/years/2026/plan", {"plan": whole(credit.plan)} | token)
    await walk.says(manager, "/credit/years/2026/entries", {"entry": whole(credit.training)} | token)
    withdrawal = f"/credit/years/2026/entries/{credit.training.entry_id}/withdrawal"
    await walk.says(manager, withdrawal, WHY)


async def _stands(walk: Walk, manager: Actor) -> None:
    """Locked, reactivated, given up."""
    office = f"/filings/{filed.OPERATOR}"
    await walk.says(REVIEWER, f"{office}/lock", WHY)
    await walk.says(manager, "/filing/reactivation-request", WHY)
    await walk.says(REVIEWER, f"{office}/reactivation", WHY)
    await walk.says(manager, "/filing/cancellation", WHY)


def changed(particulars: BaseModel, **fields: str) -> Body:
    return plain(particulars.model_copy(update=fields))
