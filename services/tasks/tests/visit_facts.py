"""The facts of a valid visit and commands on it, which tests expect or change field by field."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from qingyuan_events.tasks import (
    Judged,
    SignIn,
    SignOutV2,
    VisitOpened,
    VisitSheetRecordedV3,
    VisitSignedIn,
    VisitSignedOutV2,
)
from qingyuan_runtime.domain.testing import given
from tasks.domain.contracts.state import ContractState
from tasks.domain.visits.commands import (
    AbortVisit,
    DeclareBackfill,
    ReportObstruction,
    VisitCommand,
)
from tasks.domain.visits.decider import VISIT as VISITS
from tasks.domain.visits.state import VisitFacts
from visit_samples import (
    COMPANION,
    CONTRACT,
    ENTERPRISE,
    FIRST,
    MORNING,
    OPERATOR,
    OUTLET,
    POINT,
    RECEIVED,
    TECHNICIAN,
    VISIT,
    contract,
    happened,
    near,
    opening,
    record,
    sheet,
    sign_in,
    sign_out,
    signature,
)

HEADER: dict[str, Any] = {
    "visit_id": VISIT,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "outlet_id": OUTLET,
    "point_id": POINT,
    "district": "310118",
}
"""The fields that every event of the visit has in common."""

BY: dict[str, Any] = {"by": TECHNICIAN, "claimed_at": MORNING, "received_at": RECEIVED}
opened = VisitOpened(**HEADER, **BY, contract_id=CONTRACT, cycles=opening.cycles)
judged = Judged(distance_m=Decimal("10.0"), radius_m=Decimal(200))
signed_in = VisitSignedIn(**HEADER, sign_in=SignIn(**BY, companions=(COMPANION,), fix=near(), judged=judged))
recorded = VisitSheetRecordedV3(**HEADER, sheet=sheet())
signed_out = VisitSignedOutV2(
    **HEADER,
    sign_out=SignOutV2(**BY, fix=near(), judged=judged, sheets=(FIRST,), photos=(), signature=signature),
)
backfill = DeclareBackfill(
    opening=opening, reason_class="signal", explanation="地下泵房没有信号", claimed_at=MORNING
)
obstruction = ReportObstruction(opening=opening, what="门卫不让进入", claimed_at=MORNING)
abort = AbortVisit(opening=opening, reason="突发暴雨", claimed_at=MORNING)
complete = happened(sign_in, record(), sign_out())


def content_hash(facts: list[VisitFacts]) -> str:
    return VISITS.fold(facts).content_sha256()


def event_types(command: VisitCommand, *facts: VisitFacts) -> list[str]:
    """The types of the events that the command leads to."""
    return [fact.type.rpartition(".v")[0] for fact in given(VISITS, *facts).when(command).facts]


def with_opening(command: Any, **changed: Any) -> Any:
    return replace(command, opening=replace(command.opening, **changed))


def contract_of(operator_id: UUID) -> ContractState:
    assert contract.submitted
    return replace(contract, submitted=contract.submitted.model_copy(update={"operator_id": operator_id}))


def happened_after(facts: list[VisitFacts], command: VisitCommand) -> tuple[VisitFacts, ...]:
    return VISITS.decide(command, VISITS.fold(facts))
