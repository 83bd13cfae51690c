"""A signed visit as the answer of `GET /visits/{id}`, made from facts without a database. For the tests of printing."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from sample_facts import ENTERPRISE, OLD, POINT
from views.confirmations import fold, projection
from views.shared.names import Names
from views.work import answers, visits
from views.work.queries import OneVisit
from working_day_facts import DAY, OPERATOR

ANALYSER = {"factor": "w01018", "name": None, "code": None, "kind": "wastewater_analyser"}
NAMES = Names(
    {
        (ENTERPRISE, DAY): {"name": "清泉化工", "code": None, "kind": None},
        (POINT, DAY): {"name": "总测点", "code": "DW001", "kind": "wastewater"},
        (OLD, DAY): ANALYSER | {"model": "CODmax", "serial_number": "SN-7"},
    },
    {(OPERATOR, ENTERPRISE, DAY): "上海绿测环境运维有限公司"},
)


IN_USE = [{"id": OLD, "kind": "wastewater_analyser", "factor": "w01018"}]


def shown(
    facts: Sequence[Recorded[Fact]],
    visit_id: UUID,
    certificates: Sequence[Any] = (),
    filing_marks: Collection[str] = (),
    devices: Sequence[Any] = (),
) -> dict[str, Any]:
    visit, confirmation = None, None
    for fact in facts:
        if fact.stream == f"visit-{visit_id}":
            visit = visit or visits.begin(fact)
            visits.evolve(visit, fact)
        elif fact.stream.startswith("confirmation-") and fact.fact.visit_id == visit_id:  # type: ignore[attr-defined]
            confirmation = fold.fold(confirmation, fact)
    assert visit is not None
    row = confirmation and asdict(confirmation) | {"detail": projection.confirmation_row(confirmation)[-1]}
    return answers.visit(
        OneVisit(
            _row(visit, confirmation) | dict.fromkeys(filing_marks, True),
            visit.detail,
            list(visit.revisions.values()),
            row,
            NAMES,
            IN_USE,
            certificates,
            devices,
        )
    )


def _row(visit: visits.Visit, confirmation: Any) -> dict[str, Any]:
    heads = visits.current_revisions(visit)
    detail = visit.detail
    return asdict(visit.place) | {
        "id": visit.place.visit_id,
        "version": visit.version,
        "day": visits.day(visit),
        "state": visits.state(visit),
        "by": detail.first_by,
        "contents": sorted({head.content for head in heads}),
        "sheets": len(heads),
        "photos": len(detail.photos),
        "marks": visits.marks(visit),
        "implausible": False,
        "filing_state": "filed",
        "filing_since": None,
        "certificate_missing": False,
        "not_filed_person": False,
        "calibration_missing": False,
        "backfilled": detail.backfill is not None,
        "obstructed": False,
        "conflict": False,
        "sign_in_at": detail.sign_in and detail.sign_in.claimed_at,
        "sign_out_at": detail.sign_out and detail.sign_out.claimed_at,
        "distance_m": visits.distance(detail),
        "confirmation_id": confirmation and confirmation.id,
        "confirmation_state": confirmation and confirmation.state,
        "due_at": confirmation and confirmation.due_at,
        "signed_at": confirmation and confirmation.signed_at,
        "late": confirmation and confirmation.late,
    }
