"""The query parameters for filings, their resources and papers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from qingyuan_events.filing import BusinessScope, PaperKind, ResourceKind
from qingyuan_runtime.domain.text import Text

from views.shared.query_models import NumberedQuery

FilingState = Literal["draft", "first_review", "second_review", "returned", "filed"]
ResourceState = Literal["draft", "submitted", "returned", "passed", "filed", "changed", "ended"]
Search = Annotated[str, Text(100)]


class FilingQuery(NumberedQuery):
    """`waiting`: in one of the two reviews. The list begins with those that are longest in their state."""

    state: FilingState | Literal["waiting"] | None = None
    search: Search | None = Field(default=None, description="a part of the name or of the credit code")
    late: bool | None = None
    standing: Literal["active", "locked", "asked", "cancelled"] | None = None


class ResourceQuery(NumberedQuery):
    kind: ResourceKind | None = None
    state: ResourceState | None = None
    search: Search | None = None
    ends_within: Annotated[int, Field(ge=0, le=3_650)] | None = Field(
        default=None, description="days within which one of its papers ends, or has ended"
    )


class PaperQuery(NumberedQuery):
    """Those that end within so many days, and those that have ended; the first to end comes first."""

    ends_within: Annotated[int, Field(ge=0, le=3_650)] = 60
    operator_id: UUID | None = None
    resource_kind: ResourceKind | None = None
    kind: PaperKind | None = None


class PublicQuery(NumberedQuery):
    search: Search | None = Field(default=None, description="a part of the name")
    scope: BusinessScope | None = None
