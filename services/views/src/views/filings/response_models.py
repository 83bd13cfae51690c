"""The responses about filings."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from qingyuan_events.filing import (
    BusinessScope,
    FilingBasics,
    PaperKind,
    Remark,
    ResourceKind,
    ResourceParticulars,
)

from views.filings.fold import FilingStep, GivenUndertaking, Overdue
from views.filings.query_models import FilingState, ResourceState
from views.filings.resource_fold import ResourceStep, Revocation
from views.filings.timeline import Line
from views.shared.response_models import Items, NumberedPage


class FilingRow(BaseModel):
    """`name`, `uscc`: as filed, or as in the draft before that. `returned`: how often since it was last filed."""

    operator_id: UUID
    version: int
    name: str
    uscc: str | None
    state: FilingState
    number: int = Field(description="of the last submission; 0 before the first")
    moved_at: datetime = Field(description="since when it is in this state")
    submitted_at: datetime | None
    returned: int
    late: bool = Field(description="the last submission had a change that was reported after its term")
    filed_on: date | None = Field(description="first day on which it was filed")
    standing: Literal["active", "locked", "asked", "cancelled"] = Field(
        description="asked: locked, and its reactivation is asked for"
    )


class ListedFiling(FilingRow):
    """`opened_by`: who has opened what waits at its present review. `by_itself`: why it is not passed together with others:
    something in it was `returned` before, or `contracts` say other than it declares."""

    opened_by: list[UUID]
    by_itself: list[Literal["returned", "contracts"]]


class FilingPage(NumberedPage[ListedFiling]):
    pass


class EarlierRemark(Remark):
    """A remark of the last return. A paper is named where it stands now."""

    unchanged: bool = Field(description="what it is about is as it was then")


class OpenSubmission(BaseModel):
    number: int
    basics_version: int | None
    late: bool
    opened_by: list[UUID] = []


class Declared(BaseModel):
    """What the operator's contracts say, beside what it declares in the basics."""

    projects: int = Field(description="contracts that its enterprises have confirmed and that run today")
    amount: str | None = Field(description="their amount, 万元; null where no contract names one")


class UncoveredLease(BaseModel):
    """A contract that is not over and lasts longer than the lease of a vehicle."""

    resource_id: UUID
    paper_id: UUID = Field(description="the lease that ends last")
    title: str = Field(description="of the vehicle")
    contract_id: UUID
    contract: str = Field(description="its number")
    last_day: date = Field(description="of the contract")


class Filing(FilingRow):
    """`basics`: the draft; `filed_basics`: what is filed. `remarks`: of the last return of the basics."""

    basics: FilingBasics | None
    basics_version: int | None
    basics_changed_on: date | None
    filed_basics: FilingBasics | None
    submission: OpenSubmission | None
    remarks: list[EarlierRemark]
    steps: list[FilingStep]
    undertaking: GivenUndertaking | None = Field(description="the one that was signed last")
    overdue: list[Overdue] = Field(description="changes that were not reported in their term")
    counts: dict[ResourceKind, int] = Field(description="resources that have not ended")
    unfiled: int = Field(description="resources with something that is not filed and not in a review")
    report_by: date | None = Field(
        description="the last day to report the oldest change that was not handed in; null: none, or nothing is filed"
    )
    contracts: Declared | None = Field(
        description="on the day; null where it is asked as known on an earlier day: contracts are kept as they are"
    )
    uncovered: list[UncoveredLease]


class StatedPaper(BaseModel):
    """`days_left` counts to the last day of validity; negative after it."""

    paper_id: UUID
    kind: PaperKind
    number: str | None
    issuer: str | None
    valid_from: date | None
    valid_to: date | None
    days_left: int | None
    revoked_from: date | None


class ResourceRow(BaseModel):
    """`particulars`: as the operator states them now; `filed`: as they are filed, null before that."""

    id: UUID
    operator_id: UUID
    kind: ResourceKind
    version: int
    title: str
    state: ResourceState
    particulars: ResourceParticulars
    filed: ResourceParticulars | None
    filed_on: date | None
    changed_on: date
    ended_on: date | None
    remarks: list[EarlierRemark]
    revoked: dict[UUID, Revocation]
    uncovered: list[UncoveredLease]


class ResourcePage(NumberedPage[ResourceRow]):
    pass


class Resource(ResourceRow):
    steps: list[ResourceStep]


class Timeline(Items[Line]):
    """Oldest first. No name of a person is in it."""


class BasicsUnderReview(BaseModel):
    now: FilingBasics
    before: FilingBasics | None
    earlier_remarks: list[EarlierRemark]


class ResourceUnderReview(BaseModel):
    """`now`: at the version that was handed in; `before`: as it is filed."""

    id: UUID
    kind: ResourceKind
    version: int
    title: str
    now: ResourceParticulars
    before: ResourceParticulars | None
    changed_on: date
    ended_on: date | None
    earlier_remarks: list[EarlierRemark]
    uncovered: list[UncoveredLease] = Field(description="as the operator states its leases now")


class Review(BaseModel):
    """What a submission hands in. `version`: of the filing's stream, for `If-Match`."""

    operator_id: UUID
    name: str
    version: int
    number: int
    stage: Literal["first_review", "second_review"]
    submitted_at: datetime
    late: bool
    opened_by: list[UUID]
    basics: BasicsUnderReview | None
    resources: list[ResourceUnderReview]


class ExpiringPaper(StatedPaper):
    operator_id: UUID
    operator_name: str
    resource_id: UUID
    resource_kind: ResourceKind
    title: str
    uncovered: list[UncoveredLease]


class ExpiringPage(NumberedPage[ExpiringPaper]):
    pass


class PublicOperator(BaseModel):
    """A filed operator, as anybody may know it."""

    name: str
    uscc: str
    scope: list[BusinessScope]
    scope_other: str | None
    undertaking: str | None = Field(description="the text that it has signed")
    registered_in: str
    filed_on: date
    state: Literal["filed", "locked"]


class PublicPage(NumberedPage[PublicOperator]):
    pass
