"""How the roles of this process stand: what /readyz, the metric `qingyuan_role_degraded` and `qingyuan status` show.

One process, one list, as with metrics: whoever waits or fails says so here, under the name of the role it works for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.clock import now

WELL = "ok"


@dataclass(frozen=True, slots=True)
class Trouble:
    reason: str
    since: datetime

    def __str__(self) -> str:
        return f"{self.reason} (since {self.since:%Y-%m-%dT%H:%M:%SZ})"


class RoleHealth:
    """Roles by name. A role in trouble stays so, with the time at which it began, until it is said to be well.

    `of` keeps troubles of several kinds apart: a role that waits for a server is not well because it was restarted.
    """

    def __init__(self) -> None:
        self._troubles: dict[tuple[str, str], Trouble] = {}

    def recovered(self, role: str, *, of: str = "waiting") -> None:
        self._troubles.pop((role, of), None)
        metrics.role_degraded.labels(role).set(role in self.troubles)

    def degraded(self, role: str, reason: str, *, of: str = "waiting") -> None:
        known = self._troubles.get((role, of))
        self._troubles[role, of] = Trouble(reason, known.since if known else now())
        metrics.role_degraded.labels(role).set(1)

    def forget(self, role: str) -> None:
        """It is at work no longer, and nobody misses it."""
        for known, kind in list(self._troubles):
            if known == role:
                self.recovered(role, of=kind)

    @property
    def troubles(self) -> dict[str, Trouble]:
        """For each role in trouble what began first."""
        eldest = sorted(self._troubles.items(), key=lambda named: named[1].since, reverse=True)
        return {role: trouble for (role, _), trouble in eldest}

    def __str__(self) -> str:
        """`ok`, or `degraded: <role>: <reason>; …`, as /readyz answers it."""
        told = "; ".join(f"{role}: {trouble}" for role, trouble in sorted(self.troubles.items()))
        return f"degraded: {told}" if told else WELL


ROLE_HEALTH = RoleHealth()

_role: ContextVar[str] = ContextVar("role", default="")


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """What is done inside is this role's: `current_role` names it, also in the tasks that it starts."""
    token = _role.set(role)
    try:
        yield
    finally:
        _role.reset(token)


def current_role(otherwise: str = "work") -> str:
    return _role.get() or otherwise


def reason_of(error: BaseException, *, with_words: bool) -> str:
    """An error for people to read. Its words may quote what somebody wrote: only a server's own are repeated."""
    words = " ".join(str(error).split())[:200] if with_words else ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
