"""What requests about reports carry."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, JsonValue
from qingyuan_events.parts import FileRef
from qingyuan_events.reports import ReturnReason
from qingyuan_runtime.domain.bounds import Sent, Tidied
from qingyuan_runtime.domain.text import Line, Paragraph, Token

from reports.shared.bodies import EVIDENCE, Body

DEEPEST: Final = 12
"""Parallels of a pair are eight levels deep; `about` may hold something of its own."""
REASONS_MOST: Final = 200
SentDocument = Annotated[dict[str, JsonValue], Tidied(DEEPEST)]
Round = Annotated[int, Field(ge=1, le=1_000_000)]


class DraftBody(Body):
    """`document`: docs/contracts-reports.md, with ids of the register for points; it may be incomplete."""

    document: SentDocument
    replaces: UUID | None = None


class DocumentBody(Body):
    document: SentDocument


class FileBody(Body):
    file: Annotated[FileRef, Sent()]
    evidence: Token = Field(description=EVIDENCE)


class OriginalBody(FileBody):
    title: Line


class ResubmissionBody(Body):
    """`answer`: to the reasons of the return."""

    answer: Paragraph


class AcceptanceBody(Body):
    """`round`: of the submission that the reviewer has seen."""

    round: Round
    remark: Paragraph | None = None


class ReturnBody(Body):
    round: Round
    reasons: Annotated[
        tuple[Annotated[ReturnReason, Sent(text=Paragraph)], ...], Field(max_length=REASONS_MOST)
    ]
