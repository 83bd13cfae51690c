"""A filing as a clerk would keep it on cards. For tests: it knows nothing of the deciders."""

from dataclasses import dataclass, field

from filing_actions import KINDS, Answer, Touch


@dataclass
class Paperwork:
    """What a clerk would keep on cards: which version of what stands where. Knows nothing of the deciders' state.

    `basics` and `own` are the last versions that the operator made; `latest` counts revocations and reminders, too.
    """

    facts: int = 2
    basics: int = 0
    own: dict[int, int] = field(default_factory=dict)
    latest: dict[int, int] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    basics_passed: int = 0
    basics_filed: int = 0
    passed: dict[int, int] = field(default_factory=dict)
    filed: dict[int, int] = field(default_factory=dict)
    tray: dict[int, int] | None = None
    """What waits for a review, by resource."""
    basics_in_tray: int = 0
    opened: bool = False

    def touched(self, touch: Touch) -> None:
        which = touch.which
        self.latest[which] = self.latest.get(which, 0) + 1
        if touch.what not in ("revoke", "remind"):
            self.own[which] = self.latest[which]
        if touch.what == "end":
            self.ended.add(which)

    def to_hand_in(self) -> tuple[int, dict[int, int]]:
        new = self.basics if self.basics > self.basics_passed else 0
        changed = {
            which: self.latest[which]
            for which, own in self.own.items()
            if own > self.passed.get(which, 0) and (which in self.passed or which not in self.ended)
        }
        return new, changed

    def hand_in(self) -> bool:
        new, changed = self.to_hand_in()
        unfiled = self.basics_passed > self.basics_filed or self.passed != self.filed
        if self.tray is not None or not self.basics or not (new or changed or unfiled):
            return False
        self.tray, self.basics_in_tray, self.opened = changed, new, False
        return True

    def answer(self, answer: Answer) -> bool:
        if self.tray is None or not self.opened or answer.astray:
            return False
        if answer.passed == bool(answer.remarked):
            return False
        if self.basics_in_tray:
            return self._answer_basics(answer)
        if not self.tray and not answer.passed:
            return False  # nothing is there that a remark could be about
        remarked = self.named(answer)
        self.passed |= {which: v for which, v in self.tray.items() if which not in remarked}
        self.tray = None
        if answer.passed:
            self._file()
        return True

    def named(self, answer: Answer) -> set[int]:
        """The resources that have remarks."""
        there = sorted(self.tray or range(len(KINDS)))
        return {there[number % len(there)] for number in answer.remarked}

    def _answer_basics(self, answer: Answer) -> bool:
        """Remarks of the first review are about the basics, whichever resources were drawn."""
        if not answer.passed:
            self.tray, self.basics_in_tray = None, 0
            return True
        self.basics_passed, self.basics_in_tray, self.opened = self.basics_in_tray, 0, False
        if not self.tray:
            self.tray = None
            self._file()
        return True

    def _file(self) -> None:
        self.basics_filed, self.filed = self.basics_passed, dict(self.passed)
