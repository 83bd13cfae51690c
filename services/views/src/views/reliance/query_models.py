"""The query parameters for what work stands on papers."""

from typing import Annotated

from pydantic import Field

from views.shared.query_models import Limit, QueryModel


class ImpossibleQuery(QueryModel):
    """The windows that close within so many days, the first to close first."""

    within: Annotated[int, Field(ge=0, le=366, description="days")] = 30
    limit: Limit = 50
    page: Annotated[int, Field(ge=1, le=1_000)] = 1
