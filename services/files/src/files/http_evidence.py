"""HTTP routes about missing files of a visit or a confirmation, and for tokens that attest stored files."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import ActorDep, from_state

from files import policy
from files.evidence import EvidenceService, FileStatus, Noun

router = APIRouter(tags=["文件 · 核对"])
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Hashes = Annotated[tuple[Hash, ...], Field(max_length=100)]


class MissingFiles(BaseModel):
    """How many files the facts refer to, and the hashes of those whose originals are not stored."""

    files: int
    missing: list[str]


class EvidenceBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    contents: Hashes = Field(default=(), description="content_sha256 of visits that are to be signed")
    files: Hashes = Field(default=(), description="own files that a command will name")


class EvidenceGiven(BaseModel):
    """A content that is not among `contents` is not known to this service, or not visible to this account."""

    token: str
    expires_at: datetime
    contents: dict[str, MissingFiles]
    missing: list[str] = Field(description="of `files`: those that the own organisation has not stored")
    blank: list[str] = Field(
        description="of `files`: those that are no signature: an image of one colour, or hardly any strokes"
    )


Service = Annotated[EvidenceService, Depends(from_state("evidence_service"))]


@router.get("/visits/{visit_id}/missing")
async def missing_of_visit(visit_id: UUID, service: Service, actor: ActorDep) -> MissingFiles:
    """For all who may see the visit; 404 also where it refers to no file yet."""
    return await _missing(service, "visit", visit_id, actor)


@router.get("/confirmations/{confirmation_id}/missing")
async def missing_of_confirmation(confirmation_id: UUID, service: Service, actor: ActorDep) -> MissingFiles:
    return await _missing(service, "confirmation", confirmation_id, actor)


@router.post("/evidence")
async def give_evidence(body: EvidenceBody, service: Service, actor: ActorDep) -> EvidenceGiven:
    """A token that attests which files are stored, to be sent with a command that signs contents or names files."""
    policy.uploader(actor)
    attested = await service.attest(actor, body.contents, body.files)
    return EvidenceGiven(
        token=attested.issued.token,
        expires_at=attested.issued.expires_at,
        contents={content: _missing_files(status) for content, status in attested.contents.items()},
        missing=list(attested.not_stored),
        blank=list(attested.blank),
    )


async def _missing(service: EvidenceService, noun: Noun, id_: UUID, actor: Actor) -> MissingFiles:
    status = await service.status(noun, id_, actor)
    if status is None:
        raise Missing(noun)
    return _missing_files(status)


def _missing_files(status: FileStatus) -> MissingFiles:
    return MissingFiles(files=status.files, missing=list(status.missing))
