"""Confirmations: each function checks the actor's rights, loads what the command needs, and carries it out."""

from collections.abc import Callable
from uuid import UUID

from qingyuan_events.parts import FileRef, Signature
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Receipt

from signoff.domain.commands import (
    AnswerDispute,
    CompleteOriginals,
    ConfirmationCommand,
    Dispute,
    Escalate,
    Open,
    Sign,
)
from signoff.domain.decider import CONFIRMATION
from signoff.policy import POLICY
from signoff.repository import Repository


async def open_(repository: Repository, context: CommandContext, confirmation_id: UUID) -> Receipt:
    """Somebody of the enterprise opened the page. Recorded once for each request, and only while it is not answered or lapsed."""
    await _require(repository, context, confirmation_id, "open")
    return await _carry_out(
        repository,
        context,
        confirmation_id,
        lambda: Open(by=context.meta.actor.account, now=repository.clock()),
    )


async def complete_originals(
    repository: Repository,
    context: CommandContext,
    confirmation_id: UUID,
    *,
    content_sha256: str,
    evidence: str,
) -> Receipt:
    """The operator or the enterprise passes on what the files service attests: every original is stored, and since when."""
    await _require(repository, context, confirmation_id, "complete-originals")

    def command() -> CompleteOriginals:
        attested = repository.evidence(evidence, context.meta.actor)
        return CompleteOriginals(
            content_sha256=content_sha256,
            missing=attested.missing.get(content_sha256),
            since=attested.since.get(content_sha256),
        )

    return await _carry_out(repository, context, confirmation_id, command)


async def sign(
    repository: Repository,
    context: CommandContext,
    confirmation_id: UUID,
    *,
    content_sha256: str,
    statement_version: str,
    signature: Signature,
    second_factor: str,
    evidence: str,
) -> Receipt:
    """`second_factor` is a token of the accounts service for this content, `evidence` one of the files service for its files."""
    await _require(repository, context, confirmation_id, "sign")
    actor = context.meta.actor

    def command() -> Sign:
        given = repository.second_factor(second_factor, actor, content_sha256)
        attested = repository.evidence(evidence, actor)
        return Sign(
            content_sha256=content_sha256,
            statement_version=statement_version,
            statement=repository.statement(),
            signature=signature,
            missing=attested.missing.get(content_sha256),
            since=attested.since.get(content_sha256),
            stored=attested.stored,
            by=actor.account,
            not_before=given.given_at,
            now=repository.clock(),
            blank=attested.blank,
            second_factor=given.factor,
            certificate=given.certificate,
        )

    return await _carry_out(repository, context, confirmation_id, command)


async def dispute(
    repository: Repository,
    context: CommandContext,
    confirmation_id: UUID,
    *,
    reason: str,
    photos: tuple[FileRef, ...],
    evidence: str | None,
) -> Receipt:
    await _require(repository, context, confirmation_id, "dispute")
    return await _carry_out(
        repository,
        context,
        confirmation_id,
        lambda: Dispute(
            reason=reason,
            photos=photos,
            stored=repository.evidence(evidence, context.meta.actor).stored,
            by=context.meta.actor.account,
            now=repository.clock(),
        ),
    )


async def answer(
    repository: Repository,
    context: CommandContext,
    confirmation_id: UUID,
    *,
    text: str,
    photos: tuple[FileRef, ...],
    evidence: str | None,
) -> Receipt:
    await _require(repository, context, confirmation_id, "answer-dispute")
    return await _carry_out(
        repository,
        context,
        confirmation_id,
        lambda: AnswerDispute(
            text=text,
            photos=photos,
            stored=repository.evidence(evidence, context.meta.actor).stored,
            by=context.meta.actor.account,
            now=repository.clock(),
        ),
    )


async def escalate(
    repository: Repository, context: CommandContext, confirmation_id: UUID, *, reason: str
) -> Receipt:
    await _require(repository, context, confirmation_id, "escalate")
    return await _carry_out(
        repository,
        context,
        confirmation_id,
        lambda: Escalate(reason=reason, by=context.meta.actor.account, now=repository.clock()),
    )


async def _require(
    repository: Repository, context: CommandContext, confirmation_id: UUID, action: str
) -> None:
    POLICY.require(action, context.meta.actor)
    await repository.confirmation(confirmation_id, context.meta.actor)


async def _carry_out(
    repository: Repository,
    context: CommandContext,
    confirmation_id: UUID,
    make_command: Callable[[], ConfirmationCommand],
) -> Receipt:
    """A repeated request gets the first receipt, also when the tokens that the command needs have expired since."""
    try:
        command = make_command()
    except Refused:
        if receipt := await repository.store.receipt(context.meta.command_id, context.fingerprint):
            return receipt
        raise
    stream = CONFIRMATION.stream(confirmation_id)
    return await handle(repository.store, CONFIRMATION, stream, command, context)
