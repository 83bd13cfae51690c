"""A filing on its way through both reviews, as facts. For tests."""

from typing import Any
from uuid import UUID

from filing.domain.filings.commands import Review
from filing.domain.filings.state import FilingFact
from filing_samples import DEVICE, OPERATOR, PERSON, REVIEWER, TODAY, basics_given, begun, undertaking_given
from qingyuan_events.filing import (
    Filed,
    FilingFirstReviewPassed,
    FilingReviewOpened,
    FilingSecondReviewPassed,
    FilingSubmitted,
    Remark,
    ResourceVersion,
)

REASONS = frozenset({"paper_unreadable", "other"})
PERSON_1 = ResourceVersion(resource_id=PERSON, kind="person", version=1)
DEVICE_1 = ResourceVersion(resource_id=DEVICE, kind="device", version=1)


def submitted(
    number: int, basics_version: int | None, *versions: ResourceVersion, late: bool = False
) -> FilingSubmitted:
    return FilingSubmitted(
        operator_id=OPERATOR, number=number, basics_version=basics_version, resources=versions, late=late
    )


def opened(number: int, by: UUID = REVIEWER) -> FilingReviewOpened:
    return FilingReviewOpened(operator_id=OPERATOR, number=number, by=by)


def review(stage: str, number: int, *remarks: Remark, **changed: Any) -> Review:
    command = {
        "stage": stage,
        "number": number,
        "by": REVIEWER,
        "passed": not remarks,
        "remarks": remarks,
        "reasons": REASONS,
        "today": TODAY,
    }
    return Review(**{**command, **changed})


DRAFT: tuple[FilingFact, ...] = (begun, basics_given, undertaking_given)
SUBMITTED = (*DRAFT, submitted(1, 2, PERSON_1, DEVICE_1), opened(1))
PASSED_ON = (*SUBMITTED, FilingFirstReviewPassed(operator_id=OPERATOR, number=1, by=REVIEWER))
FIRST_PASSED = (*PASSED_ON, opened(1))
FILED = (
    *FIRST_PASSED,
    FilingSecondReviewPassed(operator_id=OPERATOR, number=1, by=REVIEWER),
    Filed(operator_id=OPERATOR, number=1, basics_version=2, resources=(PERSON_1, DEVICE_1), filed_on=TODAY),
)
NO_SCAN = Remark(field="business_licence", reason="paper_unreadable", text="看不清")
NO_CERTIFICATE = Remark(resource_id=PERSON, field="papers.0", reason="paper_unreadable")
