"""What requests of this service have in common."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_runtime.domain.text import Line, Text

PersonName = Annotated[str, Text(50, least=1)]
Phone = Annotated[str, Text(30, least=3, code=True), Field(pattern=r"^[0-9+\-（）() ]+$")]


EVIDENCE: Final = "token of POST /api/files/evidence, over the files that the command names and are new"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonBody(Body):
    """Why; it stands in the history that the operator and the offices read."""

    reason: Line
