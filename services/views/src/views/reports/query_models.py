"""The query parameters for reports and exemptions; days are those of the work, or on which an exemption holds."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from qingyuan_events.reports import ReportResult
from qingyuan_runtime.domain.text import Code, Line

from views.reports.response_models import DocType, ExemptionState, Outcome, ReportState
from views.shared.query_models import NumberedQuery, PeriodQuery

CountedAs = Outcome | Literal["blocking", "near_limit"]


class ReportFilter(PeriodQuery):
    """The first day of the work lies in the period."""

    state: ReportState | Literal["waiting", "open", "standing"] | None = None
    point_id: UUID | None = None
    enterprise_id: UUID | None = None
    operator_id: UUID | None = None
    district: Code | None = None
    doc_type: DocType | None = None
    basis: Code | None = None
    factor: Code | None = None
    result: ReportResult | None = None
    blocking: bool | None = None
    rule: Code | None = Field(
        default=None, description="reports in which it was applied; with `outcome`: had it"
    )
    outcome: CountedAs | None = None
    finding: Code | None = Field(default=None, description="the code of a finding")
    exemption_id: UUID | None = Field(default=None, description="reports whose last verdict was told of it")
    number: Line | None = Field(default=None, description="a part of 报告编号")


class ReportQuery(ReportFilter, NumberedQuery):
    order: Literal["newest", "queue"] = Field(
        default="newest", description="`queue`: the worst first, and among equals who has waited longest"
    )


class ExemptionQuery(PeriodQuery, NumberedQuery):
    """Those that have a day in common with the period."""

    state: ExemptionState | None = Field(default=None, description="today")
    rule: Code | None = None
    enterprise_id: UUID | None = None
    point_id: UUID | None = None
    factor: Code | None = None
    report_id: UUID | None = None
    district: Code | None = None
    reason_code: Code | None = None
