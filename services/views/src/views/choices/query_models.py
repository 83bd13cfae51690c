"""The query parameters for choices."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from qingyuan_runtime.domain.text import Text

from views.shared.query_models import QueryModel

Kind = Literal["enterprise", "point", "operator", "technician"]


class ChoiceQuery(QueryModel):
    """Choices of a kind, narrowed to those of an enterprise or an operator; with `id` the name of one that was chosen before."""

    of: Kind
    search: Annotated[str, Text(100)] | None = None
    id: UUID | None = None
    enterprise_id: UUID | None = Field(default=None, description="for points, operators and technicians")
    operator_id: UUID | None = Field(default=None, description="for technicians")
