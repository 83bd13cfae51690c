"""The response with choices."""

from uuid import UUID

from pydantic import BaseModel, Field

from views.shared.response_models import Items


class Choice(BaseModel):
    id: UUID
    name: str
    detail: str = Field(
        description="what tells two of one name apart: a point's enterprise, an enterprise's code"
    )


class Choices(Items[Choice]):
    more: bool = Field(description="whether there are more than are listed: then the search has to say more")
