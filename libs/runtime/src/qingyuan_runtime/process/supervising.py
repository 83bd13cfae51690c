"""Restarts a role that fails, inside its process and without touching the other roles.

The process ends only when it is told to, not because one role fails: the API role in the same process must go on.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog

from qingyuan_runtime.process.closing import closed_at_the_end, is_cancelled
from qingyuan_runtime.process.role_health import ROLE_HEALTH, acting_as, current_role, reason_of
from qingyuan_runtime.process.unavailable import Backoff, is_unavailable

Work = Callable[[], Awaitable[None]]

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 2.5
STEADY_SECONDS: Final = 3.0
"""A role that has run so long since its last failure has recovered. With the longest pause before it, this is within the ten
seconds in which everything must work again after an outage."""

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
    """Run the role until it fails or ends, and return why. While it runs steadily it is reported as recovered."""
    ROLE_HEALTH.recovered(role)  # if the server is still unavailable, this run will report it again
    steady = asyncio.get_running_loop().call_later(STEADY_SECONDS, _recovered, role)
    try:
        async with closed_at_the_end():
            await work()
    except asyncio.CancelledError:
        if is_cancelled():
            ROLE_HEALTH.forget(role)
            raise
        log.error("role.cancelled_from_within", role=role)
        return "cancelled from within"
    except (Exception, SystemExit) as error:
        return _log_failure(role, error)
    finally:
        steady.cancel()
    log.error("role.ended", role=role)
    return "ended"


def _log_failure(role: str, error: BaseException) -> str:
    unavailable = is_unavailable(error)
    reason = reason_of(error, with_words=unavailable)
    if unavailable:
        log.warning("role.waits", role=role, reason=reason)
    else:
        log.error("role.failed", role=role, reason=reason, exc_info=error)
    return reason


def _recovered(role: str) -> None:
    ROLE_HEALTH.recovered(role, of="failing")


async def run_together(parts: Mapping[str, Work]) -> None:
    """Run parts of one role, each supervised by itself under the role's name and its own."""
    role = current_role()
    async with asyncio.TaskGroup() as group:
        for name, work in parts.items():
            group.create_task(run_supervised(f"{role} {name}", work))
