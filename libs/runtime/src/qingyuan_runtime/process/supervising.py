"""A role that fails is started again inside its process, alone: no other role shares its fate.

The process ends when it is told to, and not because a part of it failed: the part that answers people would go with it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog

from qingyuan_runtime.process.closing import closed_at_the_end, is_asked_for
from qingyuan_runtime.process.role_health import ROLE_HEALTH, acting_as, current_role, reason_of
from qingyuan_runtime.process.unavailable import Backoff, is_unavailable

Work = Callable[[], Awaitable[None]]

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 2.5
STEADY_SECONDS: Final = 3.0
"""Who has run so long since the last failure is well again: with the longest pause before it, within the ten seconds that everything has."""

log = structlog.get_logger()


async def run_supervised(role: str, work: Work) -> None:
    """Do `work` again, after a pause, whenever it fails or ends. Only cancelling this task ends it."""
    pauses = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
    with acting_as(role):
        while True:
            began = time.monotonic()
            reason = await _run_once(role, work)
            if time.monotonic() - began > STEADY_SECONDS:
                pauses = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
            ROLE_HEALTH.degraded(role, reason, of="failing")
            await asyncio.sleep(pauses.next_pause())


async def _run_once(role: str, work: Work) -> str:
    """Why it is no longer at work. A role that is steady is said to be well while it works."""
    ROLE_HEALTH.recovered(role)  # what the run before this one waited for is for this one to find out
    steady = asyncio.get_running_loop().call_later(STEADY_SECONDS, _well, role)
    try:
        async with closed_at_the_end():
            await work()
    except asyncio.CancelledError:
        if is_asked_for():
            ROLE_HEALTH.forget(role)
            raise
        log.error("role.cancelled_from_within", role=role)
        return "cancelled from within"
    except (Exception, SystemExit) as error:
        return _told(role, error)
    finally:
        steady.cancel()
    log.error("role.ended", role=role)
    return "ended"


def _told(role: str, error: BaseException) -> str:
    away = is_unavailable(error)
    reason = reason_of(error, with_words=away)
    if away:
        log.warning("role.waits", role=role, reason=reason)
    else:
        log.error("role.failed", role=role, reason=reason, exc_info=error)
    return reason


def _well(role: str) -> None:
    ROLE_HEALTH.recovered(role, of="failing")


async def run_together(parts: Mapping[str, Work]) -> None:
    """Parts of one role at once, each kept up by itself under the role's name and its own."""
    role = current_role()
    async with asyncio.TaskGroup() as group:
        for name, work in parts.items():
            group.create_task(run_supervised(f"{role} {name}", work))
