"""What requests of this service have in common."""

from typing import Final

from pydantic import BaseModel, ConfigDict
from qingyuan_runtime.domain.text import Line, Paragraph

EVIDENCE: Final = "token of POST /api/files/evidence, over the file"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonBody(Body):
    """Why; it stands in the history that all parties read."""

    reason: Line


class LongReasonBody(Body):
    reason: Paragraph
