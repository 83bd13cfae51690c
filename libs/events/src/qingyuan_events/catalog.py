"""The one table of event types: it maps the type string of a stored or received event to its class."""

from qingyuan_events import filing, registry, reports, signoff, tasks
from qingyuan_events.envelope import Fact
from qingyuan_events.upcasting import upcast

FACTS: tuple[type[Fact], ...] = (
    registry.EnterpriseRegistered,
    registry.EnterpriseCorrected,
    registry.EnterpriseClosed,
    registry.EnterpriseContactErased,
    registry.EnterpriseChangeRequested,
    registry.EnterpriseChangeConfirmed,
    registry.EnterpriseChangeRefused,
    registry.EnterpriseChangeWithdrawn,
    registry.OutletAdded,
    registry.OutletCorrected,
    registry.OutletClosed,
    registry.OutletVoided,
    registry.MonitoringPointAdded,
    registry.MonitoringPointCorrected,
    registry.MonitoringPointClosed,
    registry.MonitoringPointVoided,
    registry.InstrumentRegistered,
    registry.InstrumentCorrected,
    registry.InstrumentOperatorChanged,
    registry.InstrumentReplaced,
    registry.InstrumentRetired,
    registry.InstrumentVoided,
    tasks.ContractSubmitted,
    tasks.ContractSubmittedV2,
    tasks.ContractSubmittedV3,
    tasks.ContractSupplemented,
    tasks.ContractReminded,
    tasks.ContractConfirmed,
    tasks.ContractDeclined,
    tasks.ContractEnded,
    tasks.PlanPublished,
    tasks.PlanPublishedV2,
    tasks.PlanCrewChanged,
    tasks.PlanCrewChangedV2,
    tasks.PlanStopped,
    tasks.VisitOpened,
    tasks.VisitSignedIn,
    tasks.VisitSheetRecorded,
    tasks.VisitSheetRecordedV2,
    tasks.VisitSheetRecordedV3,
    tasks.VisitSheetCorrected,
    tasks.VisitSheetCorrectedV2,
    tasks.VisitSheetCorrectedV3,
    tasks.VisitPhotoAdded,
    tasks.VisitSignedOut,
    tasks.VisitSignedOutV2,
    tasks.VisitBackfilled,
    tasks.VisitBackfilledV2,
    tasks.VisitObstructed,
    tasks.VisitAborted,
    tasks.VisitCompleted,
    tasks.VisitAmended,
    signoff.ConfirmationRequested,
    signoff.ConfirmationOpened,
    signoff.ConfirmationReminded,
    signoff.ConfirmationSigned,
    signoff.ConfirmationSignedV2,
    signoff.ConfirmationDisputed,
    signoff.DisputeAnswered,
    signoff.ConfirmationEscalated,
    signoff.ConfirmationLapsed,
    signoff.ConfirmationVoided,
    signoff.ConfirmationRenewed,
    signoff.ConfirmationContentChanged,
    signoff.OriginalsCompleted,
    filing.FilingBegun,
    filing.FilingBasicsChanged,
    filing.FilingUndertakingGiven,
    filing.FilingUndertakingGivenV2,
    filing.FilingSubmitted,
    filing.FilingWithdrawn,
    filing.FilingReviewOpened,
    filing.FilingFirstReviewPassed,
    filing.FilingFirstReviewReturned,
    filing.FilingSecondReviewPassed,
    filing.FilingSecondReviewReturned,
    filing.Filed,
    filing.FilingChangeOverdue,
    filing.FilingLocked,
    filing.FilingReactivationAsked,
    filing.FilingReactivated,
    filing.FilingCancelled,
    filing.FilingPersonErased,
    filing.ResourceAdded,
    filing.ResourceCorrected,
    filing.ResourcePaperRenewed,
    filing.ResourcePaperRevoked,
    filing.ResourcePaperEnding,
    filing.ResourceEnded,
    filing.ResourcePersonErased,
    filing.CreditDocumentFiled,
    filing.CreditDocumentReplaced,
    filing.CreditDocumentWithdrawn,
    filing.AnnualPlanFiled,
    filing.AnnualEntryRecorded,
    filing.AnnualEntryWithdrawn,
    filing.AnnualInformationClosed,
    reports.ReportDrafted,
    reports.ReportChanged,
    reports.ReportFileAttached,
    reports.ReportOriginalAttached,
    reports.ReportOriginalRemoved,
    reports.ReportSubmitted,
    reports.ReportResubmitted,
    reports.ReportChecked,
    reports.ReportReevaluated,
    reports.ReportAccepted,
    reports.ReportReturned,
    reports.ReportWithdrawn,
    reports.ReportSuperseded,
    reports.ExemptionGranted,
    reports.ExemptionEnded,
)

CATALOG: dict[str, type[Fact]] = {fact.type: fact for fact in FACTS}


class UnknownType(LookupError):
    """No class has this type string in this version of the package. A newer version may have one."""


def encode(fact: Fact) -> bytes:
    """The bytes that are stored, signed and published: UTF-8 JSON with fields in the order of declaration."""
    return fact.model_dump_json(exclude_none=True).encode()


def decode(type_: str, data: bytes | str) -> Fact:
    """Decode the bytes into the newest class of this fact. Raises as `decode_as_written` does."""
    return upcast(decode_as_written(type_, data))


def decode_as_written(type_: str, data: bytes | str) -> Fact:
    """Inverse of `encode`. Raises `UnknownType`, or pydantic's ValidationError for other data than the class has."""
    try:
        fact = CATALOG[type_]
    except KeyError:
        raise UnknownType(type_) from None
    return fact.model_validate_json(data)
