"""Conversion of older versions of a fact to the newest class, so that readers need to know only one.

The log and the topic keep every fact as it was written; it is converted when it is read. A version is converted if
the newer one has the same meaning, and a default for each field that it adds. If the newer one means something
else, the older class stays as it is: `contract.submitted.v1` names points that the enterprise never saw,
and no conversion may make a confirmation of them (docs/decisions/0030).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from qingyuan_events.contracts import ContractSubmittedV2, ContractSubmittedV3
from qingyuan_events.envelope import Fact
from qingyuan_events.filing import FilingUndertakingGiven, FilingUndertakingGivenV2
from qingyuan_events.signoff import ConfirmationSigned, ConfirmationSignedV2
from qingyuan_events.tasks import (
    Assignee,
    AssigneeV2,
    BackfillV2,
    Device,
    DeviceV2,
    PlanCrewChanged,
    PlanCrewChangedV2,
    PlanPublished,
    PlanPublishedV2,
    SheetRevision,
    SheetRevisionV2,
    SheetRevisionV3,
    SignOutV2,
    VisitBackfilled,
    VisitBackfilledV2,
    VisitSheetCorrected,
    VisitSheetCorrectedV2,
    VisitSheetCorrectedV3,
    VisitSheetRecorded,
    VisitSheetRecordedV2,
    VisitSheetRecordedV3,
    VisitSignedOut,
    VisitSignedOutV2,
)

Upcaster = Callable[[Fact], Fact]


def contract_submitted_v2(fact: Fact) -> Fact:
    """Before version 3 no contract could take the number of a declined one."""
    assert isinstance(fact, ContractSubmittedV2)
    return ContractSubmittedV3.model_construct(**dict(fact), replaces=None)


def plan_published(fact: Fact) -> Fact:
    """Before version 2 nothing was known of filings: dates were typed, and an end before the last window was refused."""
    assert isinstance(fact, PlanPublished)
    return PlanPublishedV2.model_construct(**dict(fact) | _crew(fact.assignees, fact.devices))


def plan_crew_changed(fact: Fact) -> Fact:
    assert isinstance(fact, PlanCrewChanged)
    return PlanCrewChangedV2.model_construct(**dict(fact) | _crew(fact.assignees, fact.devices))


def _crew(assignees: tuple[Assignee, ...], devices: tuple[Device, ...]) -> dict[str, Any]:
    return {
        "assignees": tuple(
            AssigneeV2.model_construct(**dict(person), resource_id=None) for person in assignees
        ),
        "devices": tuple(DeviceV2.model_construct(**dict(device), resource_id=None) for device in devices),
        "gaps": (),
        "gaps_reason": None,
    }


def visit_sheet_recorded(fact: Fact) -> Fact:
    assert isinstance(fact, VisitSheetRecorded)
    return VisitSheetRecordedV2.model_construct(**dict(fact) | {"sheet": _sheet_revision(fact.sheet)})


def visit_sheet_corrected(fact: Fact) -> Fact:
    assert isinstance(fact, VisitSheetCorrected)
    return VisitSheetCorrectedV2.model_construct(**dict(fact) | {"sheet": _sheet_revision(fact.sheet)})


def _sheet_revision(sheet: SheetRevision) -> SheetRevisionV2:
    """Before version 2 no page filled a group with one tap."""
    return SheetRevisionV2.model_construct(**dict(sheet), filled_by_group=None)


def visit_sheet_recorded_v2(fact: Fact) -> Fact:
    assert isinstance(fact, VisitSheetRecordedV2)
    return VisitSheetRecordedV3.model_construct(**dict(fact) | {"sheet": _sheet_revision_v2(fact.sheet)})


def visit_sheet_corrected_v2(fact: Fact) -> Fact:
    assert isinstance(fact, VisitSheetCorrectedV2)
    return VisitSheetCorrectedV3.model_construct(**dict(fact) | {"sheet": _sheet_revision_v2(fact.sheet)})


def _sheet_revision_v2(sheet: SheetRevisionV2) -> SheetRevisionV3:
    """Before version 3 no phone said what it had taken from the register, nor how long the sheet took."""
    return SheetRevisionV3.model_construct(**dict(sheet), taken=None, filled_seconds=None)


def visit_signed_out(fact: Fact) -> Fact:
    """Before version 2 nobody named the devices that were used."""
    assert isinstance(fact, VisitSignedOut)
    sign_out = SignOutV2.model_construct(**dict(fact.sign_out), devices=None)
    return VisitSignedOutV2.model_construct(**dict(fact) | {"sign_out": sign_out})


def visit_backfilled(fact: Fact) -> Fact:
    """Before version 2 nobody was asked for the real times."""
    assert isinstance(fact, VisitBackfilled)
    backfill = BackfillV2.model_construct(**dict(fact.backfill), arrived_at=None, left_at=None)
    return VisitBackfilledV2.model_construct(**dict(fact) | {"backfill": backfill})


def confirmation_signed(fact: Fact) -> Fact:
    """Before version 2 the only second factor was the password."""
    assert isinstance(fact, ConfirmationSigned)
    return ConfirmationSignedV2.model_construct(**dict(fact), certificate=None)


def filing_undertaking_given(fact: Fact) -> Fact:
    assert isinstance(fact, FilingUndertakingGiven)
    return FilingUndertakingGivenV2.model_construct(**dict(fact), certificate=None)


UPCASTERS: Final[Mapping[str, Upcaster]] = {
    ContractSubmittedV2.type: contract_submitted_v2,
    PlanPublished.type: plan_published,
    PlanCrewChanged.type: plan_crew_changed,
    VisitSheetRecorded.type: visit_sheet_recorded,
    VisitSheetCorrected.type: visit_sheet_corrected,
    VisitSheetRecordedV2.type: visit_sheet_recorded_v2,
    VisitSheetCorrectedV2.type: visit_sheet_corrected_v2,
    VisitSignedOut.type: visit_signed_out,
    VisitBackfilled.type: visit_backfilled,
    ConfirmationSigned.type: confirmation_signed,
    FilingUndertakingGiven.type: filing_undertaking_given,
}
"""A function for each type that is converted. It returns a later version, which is converted in turn if it has a function, too."""


def upcast(fact: Fact) -> Fact:
    """Convert the fact to the newest class with the same meaning. A fact of that class is returned as it is."""
    while upcaster := UPCASTERS.get(fact.type):
        fact = upcaster(fact)
    return fact
