"""The timers of a service in the history: kept as its projection would keep them, and sent by its own commands."""

from datetime import datetime

from qingyuan_events import Fact, Recorded
from qingyuan_runtime.reacting.timers import Adjusted, Rule, Timer, WhenDue


class Timers:
    def __init__(self, rule: Rule, when_due: WhenDue) -> None:
        self._rule, self.when_due = rule, when_due
        self._of_stream: dict[str, dict[str, Timer]] = {}

    def follow(self, recorded: Recorded[Fact]) -> None:
        change = self._rule(recorded)
        if change is None:
            return
        adjusted = change if isinstance(change, Adjusted) else Adjusted(change, without=("",))
        before = self._of_stream.get(recorded.stream, {})
        kept = {what: timer for what, timer in before.items() if not what.startswith(adjusted.without)}
        new = {what: _timer(recorded, what, at) for what, at in adjusted.moments.items()}
        self._of_stream[recorded.stream] = kept | new

    def before(self, moment: datetime) -> list[Timer]:
        """Those that are due before then."""
        return [timer for own in self._of_stream.values() for timer in own.values() if timer.at < moment]

    def remove(self, timer: Timer) -> None:
        del self._of_stream[timer.stream][timer.what]


def _timer(recorded: Recorded[Fact], what: str, at: datetime) -> Timer:
    return Timer(recorded.stream, what, at, recorded.id, recorded.meta.correlation, None)
