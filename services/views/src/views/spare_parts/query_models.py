"""The query parameters for what was used."""

from typing import Annotated

from pydantic import Field
from qingyuan_runtime.domain.text import AsItIs

from views.shared.query_models import NumberedQuery, PeriodQuery

Searched = Annotated[str, AsItIs(200)]


class PartUseQuery(PeriodQuery, NumberedQuery):
    search: Searched | None = Field(default=None, description="in name and model")
    lot: Searched | None = Field(default=None, description="in the lot")
    filed: bool | None = Field(default=None, description="whether a filed part has the name and model")
    expired: bool | None = Field(
        default=None, description="whether it had expired before the day of the work"
    )
