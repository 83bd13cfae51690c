"""Passing several filings at once: each is decided by itself, so that one that is refused keeps no other back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_runtime.log.handling import Busy, CommandContext, VersionMismatch
from qingyuan_runtime.log.store import Receipt

from filing.domain.filings.state import Stage
from filing.filings import handlers
from filing.filings.bodies import WaitingFiling
from filing.response_models import PassedFiling
from filing.shared import policy
from filing.shared.repository import Repository

MISMATCH: Final = ("version.mismatch", "该备案刚刚有新的动态，请重试。")
BUSY: Final = ("stream.busy", "系统繁忙，请稍后重试。")


async def pass_several(
    repository: Repository, context: CommandContext, stage: Stage, filings: Sequence[WaitingFiling]
) -> list[PassedFiling]:
    """What became of each. A repeated request gets for each that has passed the first receipt."""
    policy.require_office(context.meta.actor, repository.today())
    return [await _pass(repository, context, stage, filing) for filing in filings]


async def _pass(
    repository: Repository, context: CommandContext, stage: Stage, filing: WaitingFiling
) -> PassedFiling:
    try:
        receipt = await handlers.review(
            repository,
            _context_of(context, filing),
            filing.operator_id,
            stage,
            number=filing.number,
            passed=True,
            remarks=(),
            among_others=True,
        )
    except VersionMismatch:
        return _refused(filing.operator_id, *MISMATCH)
    except Busy:
        return _refused(filing.operator_id, *BUSY)
    except (Refused, Forbidden) as refused:
        return _refused(filing.operator_id, refused.code, refused.sentence)
    return _passed(filing.operator_id, receipt)


def _context_of(context: CommandContext, filing: WaitingFiling) -> CommandContext:
    """Each is a command of its own, with the same id at every retry of the request.

    The number of the submission says what the reviewer has opened. Other facts of the filing, such as reminders, do not
    change that.
    """
    command_id = new_id(context.meta.command_id, f"filing {filing.operator_id}")
    meta = context.meta.model_copy(update={"command_id": command_id})
    return replace(context, meta=meta, expected=None)


def _passed(operator_id: UUID, receipt: Receipt) -> PassedFiling:
    return PassedFiling(
        operator_id=operator_id,
        outcome="passed",
        stream=receipt.stream,
        version=receipt.version,
        code=None,
        sentence=None,
    )


def _refused(operator_id: UUID, code: str, sentence: str) -> PassedFiling:
    return PassedFiling(
        operator_id=operator_id, outcome="refused", stream=None, version=None, code=code, sentence=sentence
    )
