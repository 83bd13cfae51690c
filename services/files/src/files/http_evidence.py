"""Over HTTP: which files of a visit or a confirmation are still missing, and the token by which one shows what is here."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.http import current_actor

from files import policy
from files.evidence import Noun, Standing, Witness

router = APIRouter(tags=["文件 · 核对"])
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Hashes = Annotated[tuple[Hash, ...], Field(max_length=100)]
ByActor = Annotated[Actor, Depends(current_actor)]


class MissingFiles(BaseModel):
    """How many files the facts name, and the hashes of those whose originals are not here."""

    files: int
    missing: list[str]


class EvidenceBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    contents: Hashes = Field(default=(), description="content_sha256 of visits that are to be signed")
    files: Hashes = Field(default=(), description="own files that a command will name")


class EvidenceGiven(BaseModel):
    """A content that is not among `contents` is not known here, or not for this account."""

    token: str
    expires_at: datetime
    contents: dict[str, MissingFiles]
    missing: list[str] = Field(description="of `files`: those that the own organisation has not stored")
    blank: list[str] = Field(
        description="of `files`: those that as a signature, image or strokes, show nothing"
    )


async def witness(request: Request) -> Witness:
    found: Witness = request.app.state.witness
    return found


AtWitness = Annotated[Witness, Depends(witness)]


@router.get("/visits/{visit_id}/missing")
async def missing_of_visit(visit_id: UUID, at: AtWitness, actor: ByActor) -> MissingFiles:
    """For all who may see the visit; 404 also where it names no file yet."""
    return await _missing(at, "visit", visit_id, actor)


@router.get("/confirmations/{confirmation_id}/missing")
async def missing_of_confirmation(confirmation_id: UUID, at: AtWitness, actor: ByActor) -> MissingFiles:
    return await _missing(at, "confirmation", confirmation_id, actor)


@router.post("/evidence")
async def give_evidence(body: EvidenceBody, at: AtWitness, actor: ByActor) -> EvidenceGiven:
    """What is here of what is to be signed or named: the token goes with the command that speaks of it."""
    policy.uploader(actor)
    found = await at.attest(actor, body.contents, body.files)
    return EvidenceGiven(
        token=found.issued.token,
        expires_at=found.issued.expires_at,
        contents={content: _shown(one) for content, one in found.contents.items()},
        missing=list(found.not_stored),
        blank=list(found.blank),
    )


async def _missing(at: Witness, noun: Noun, id_: UUID, actor: Actor) -> MissingFiles:
    found = await at.standing(noun, id_, actor)
    if found is None:
        raise Missing(noun)
    return _shown(found)


def _shown(standing: Standing) -> MissingFiles:
    return MissingFiles(files=standing.files, missing=list(standing.missing))
