"""What requests about all entries of the register have in common."""

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Line


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EndBody(Body):
    valid_to: Day = Field(description="first day on which it no longer holds")
    reason: Line


class ReasonBody(Body):
    reason: Line
