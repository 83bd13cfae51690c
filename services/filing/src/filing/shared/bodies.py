"""What requests of this service have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_runtime.domain.text import Line, Text

EvidenceToken = Annotated[str, Text(200_000, code=True)]
"""A token of the files service: which of the named files are stored. Sent with what names new files."""
PersonName = Annotated[str, Text(50, least=1)]
Phone = Annotated[str, Text(30, least=3, code=True), Field(pattern=r"^[0-9+\-（）() ]+$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonBody(Body):
    reason: Line
