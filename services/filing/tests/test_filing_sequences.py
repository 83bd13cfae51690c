"""备案: what must never happen in any sequence of commands, and what comes of them by a model of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from filing.domain.filings.commands import (
    BeginFiling,
    ChangeBasics,
    OpenReview,
    Review,
    SubmitFiling,
    WithdrawFiling,
)
from filing.domain.filings.decider import FILING
from filing.domain.filings.state import FilingFact, FilingState
from filing.domain.resources.commands import (
    AddResource,
    CorrectResource,
    EndResource,
    NotePaperEnding,
    RenewPaper,
    ResourceCommand,
    RevokePaper,
)
from filing.domain.resources.decider import RESOURCE
from filing.domain.resources.state import ResourceState
from filing_samples import (
    NAME,
    OPERATOR,
    REVIEWER,
    STORED,
    TODAY,
    basics,
    device,
    part,
    person,
    sealed,
    undertaking_given,
    vehicle,
)
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from qingyuan_events.filing import (
    Filed,
    FilingSecondReviewPassed,
    FilingSecondReviewReturned,
    FilingSubmitted,
    Remark,
    ResourceParticulars,
    ResourceVersion,
)
from qingyuan_runtime.domain.decider import Refused

KINDS: Final[tuple[ResourceParticulars, ...]] = (person, device, vehicle, part)
IDS: Final = tuple(UUID(int=number) for number in range(11, 11 + len(KINDS)))
Version = tuple[UUID, int]


@dataclass(frozen=True)
class Touch:
    """Something is done to one of the four resources."""

    what: Literal["add", "correct", "renew", "revoke", "remind", "end"]
    which: int


@dataclass(frozen=True)
class Answer:
    """A reviewer answers. `remarked`: what has remarks, counted in what was handed in; `astray`: at the other stage."""

    passed: bool
    remarked: frozenset[int] = frozenset()
    astray: bool = False


Simple = Literal["basics", "submit", "withdraw", "open"]
Action = Touch | Answer | Simple
some = st.frozensets(st.integers(0, len(KINDS) - 1), min_size=1, max_size=2)
touches = st.builds(
    Touch,
    st.sampled_from(("add", "add", "correct", "correct", "renew", "revoke", "remind", "end")),
    st.integers(0, len(KINDS) - 1),
)
answers = st.one_of(
    st.just(Answer(True)),
    st.just(Answer(True)),
    st.builds(Answer, st.just(False), some),
    st.builds(Answer, st.booleans(), st.one_of(st.just(frozenset()), some), st.booleans()),
)
changes = st.lists(st.one_of(touches, touches, touches, st.sampled_from(("basics", "withdraw"))), max_size=5)
reviews = st.lists(st.one_of(answers, answers, answers, st.sampled_from(("open", "withdraw"))), max_size=4)
rounds = st.tuples(changes, st.just(["submit"]), st.sampled_from((["open"], ["open"], [])), reviews)
sequences = st.builds(
    lambda begun, told: [*begun, *(action for each in told for part in each for action in part)],
    st.sampled_from((["basics"], ["basics"], [])),
    st.lists(rounds, min_size=1, max_size=8),
)
"""Rounds of changes, a submission and its review, since few sequences of single commands come to anything."""


@dataclass
class World:
    """The filing and its resources, by the deciders. `facts` are those of the filing."""

    filing: FilingState = FILING.initial
    resources: dict[UUID, ResourceState] = field(default_factory=dict)
    facts: list[FilingFact] = field(default_factory=list)
    made: int = 0

    def __post_init__(self) -> None:
        assert self.decides(BeginFiling(operator_id=OPERATOR, name=NAME))
        self.filing = FILING.fold([undertaking_given], self.filing)
        self.facts.append(undertaking_given)

    def decides(self, command: Any) -> tuple[FilingFact, ...] | None:
        """The facts; None where it is refused."""
        try:
            facts = FILING.decide(command, self.filing)
        except Refused:
            return None
        self.filing = FILING.fold(facts, self.filing)
        self.facts += facts
        return facts

    def touched(self, touch: Touch) -> bool:
        key = IDS[touch.which]
        state = self.resources.get(key, RESOURCE.initial)
        self.made += 1
        try:
            facts = RESOURCE.decide(command_of(touch, state, self.made), state)
        except Refused:
            return False
        self.resources[key] = RESOURCE.fold(facts, state)
        return bool(facts)


def command_of(touch: Touch, state: ResourceState, made: int) -> ResourceCommand:
    now = state.particulars or KINDS[touch.which]
    name = sealed if now.kind == "person" else None
    common = {"changed_on": TODAY, "stored": STORED, "today": TODAY}
    match touch.what:
        case "add":
            return AddResource(operator_id=OPERATOR, resource_id=IDS[touch.which], particulars=now, person=name, **common)  # type: ignore[arg-type]  # fmt: skip
        case "correct":
            return CorrectResource(particulars=changed(now, made), person=None, reason="更正", **common)  # type: ignore[arg-type]
        case "renew":
            papers = now.papers or (KINDS[1].papers[0],)
            new = papers[0].model_copy(update={"paper_id": UUID(int=1000 + made), "number": f"N-{made}"})
            return RenewPaper(paper=new, replaces=papers[0].paper_id, **common)  # type: ignore[arg-type]
        case "revoke":
            return RevokePaper(paper_id=last_paper(now), first_day=TODAY, reason="撤销", today=TODAY)
        case "remind":
            return NotePaperEnding(paper_id=last_paper(now), days=10_000 + made, today=TODAY)
        case "end":
            return EndResource(last_day=TODAY, reason="停用", today=TODAY)


def last_paper(now: ResourceParticulars) -> UUID:
    return now.papers[-1].paper_id if now.papers else UUID(int=0)


def changed(now: ResourceParticulars, made: int) -> ResourceParticulars:
    if now.kind == "vehicle":
        return now.model_copy(update={"plate": f"沪AD{made:04d}1"})
    return now.model_copy(update={{"person": "post"}.get(now.kind, "name"): f"改后 {made}"})


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
        self.basics_passed, self.basics_in_tray = self.basics_in_tray, 0
        if not self.tray:
            self.tray = None
            self._file()
        return True

    def _file(self) -> None:
        self.basics_filed, self.filed = self.basics_passed, dict(self.passed)


def played(sequence: Sequence[Action]) -> World:
    """Both do the same; what one accepts the other accepts, and afterwards the same versions stand."""
    world, cards = World(), Paperwork()
    for action in sequence:
        before = len(world.facts)
        accepted, expected = done(action, world, cards)
        assert accepted == expected, action
        cards.facts += len(world.facts) - before
        if action == "basics" and accepted:
            cards.basics = cards.facts
        stands_as_on(world, cards)
    return world


def done(action: Action, world: World, cards: Paperwork) -> tuple[bool, bool]:
    match action:
        case Touch():
            accepted = world.touched(action)
            if accepted:
                cards.touched(action)
            return accepted, accepted
        case Answer():
            accepted = world.decides(review_of(action, world, cards)) is not None
            return accepted, cards.answer(action)
        case "basics":
            return world.decides(basics_changed(len(world.facts))) is not None, True
        case "submit":
            return handed_in(world, cards)
        case "withdraw":
            expected, cards.tray, cards.basics_in_tray = cards.tray is not None, None, 0
            return world.decides(WithdrawFiling()) is not None, expected
        case "open":
            expected, cards.opened = cards.tray is not None, True
            return world.decides(OpenReview(number=number_of(world), by=REVIEWER)) is not None, expected


def handed_in(world: World, cards: Paperwork) -> tuple[bool, bool]:
    command = SubmitFiling(resources=dict(world.resources), term_months=1, today=TODAY)
    facts, expected = world.decides(command), cards.hand_in()
    if facts:
        (submitted,) = facts
        assert isinstance(submitted, FilingSubmitted)
        assert (submitted.basics_version or 0, by_number(submitted.resources)) == (
            cards.basics_in_tray,
            cards.tray,
        )
    return facts is not None, expected


def basics_changed(number: int) -> ChangeBasics:
    return ChangeBasics(
        basics=basics.model_copy(update={"address": f"清源路 {number} 号"}),
        legal_representative=sealed,
        contact=sealed,
        changed_on=TODAY,
        stored=STORED,
        today=TODAY,
    )


def review_of(answer: Answer, world: World, cards: Paperwork) -> Review:
    is_first = bool(cards.basics_in_tray) != answer.astray
    remarks = tuple(
        Remark(resource_id=None if is_first else IDS[which], field="", reason="form")
        for which in sorted(cards.named(answer))
    )
    return Review(
        stage="first" if is_first else "second",
        number=number_of(world),
        by=REVIEWER,
        passed=answer.passed,
        remarks=remarks,
        reasons=frozenset({"form"}),
        today=date(2026, 11, 25),
    )


def number_of(world: World) -> int:
    return max(1, world.filing.submissions)


def by_number(versions: Sequence[ResourceVersion]) -> dict[int, int]:
    return {IDS.index(each.resource_id): each.version for each in versions}


def stands_as_on(world: World, cards: Paperwork) -> None:
    state = world.filing
    assert by_number(tuple(state.filed_resources.values())) == cards.filed
    assert by_number(tuple(state.passed_resources.values())) == cards.passed
    assert (state.filed_basics, state.passed_basics) == (cards.basics_filed, cards.basics_passed)
    assert (state.submission is not None) == (cards.tray is not None)
    assert state.is_filed == (cards.basics_filed > 0)


@given(sequences)
def test_what_stands_is_what_the_cards_say(sequence: Sequence[Action]) -> None:
    played(sequence)


def pairs(versions: Sequence[ResourceVersion]) -> set[Version]:
    return {(each.resource_id, each.version) for each in versions}


def newest(versions: set[Version]) -> dict[UUID, int]:
    return dict(sorted(versions))


@given(sequences)
def test_only_what_was_handed_in_and_passed_is_filed_and_nothing_twice(sequence: Sequence[Action]) -> None:
    """By the facts alone, whatever the state says."""
    handed_in, passed, filed = set[Version](), set[Version](), set[Version]()
    waiting, basics_of = set[Version](), [0]
    for fact in played(sequence).facts:
        match fact:
            case FilingSubmitted():
                waiting = pairs(fact.resources)
                assert not waiting & passed, "handed in again what had passed"
                assert fact.basics_version is None or fact.basics_version > max(basics_of)
                handed_in |= waiting
            case FilingSecondReviewPassed():
                passed |= waiting
            case FilingSecondReviewReturned():
                assert pairs(fact.passed) < waiting
                passed |= pairs(fact.passed)
            case Filed():
                new = pairs(fact.resources)
                assert new <= handed_in & passed
                assert not new & filed, "filed twice"
                filed |= new
                assert newest(filed) == newest(passed), "passed, and not filed"
                assert fact.basics_version not in basics_of
                basics_of.append(fact.basics_version or 0)
            case _:
                pass


def test_the_sequences_reach_what_matters() -> None:
    """Else the properties above would hold of nothing: changed after its filing, returned in part, and filed again."""

    def filed_again_after_a_return(sequence: Sequence[Action]) -> bool:
        facts = played(sequence).facts
        returned = [n for n, fact in enumerate(facts) if isinstance(fact, FilingSecondReviewReturned)]
        filed = [n for n, fact in enumerate(facts) if isinstance(fact, Filed)]
        return len(filed) > 1 and any(filed[0] < number < filed[-1] for number in returned)

    find(
        sequences,
        filed_again_after_a_return,
        settings=settings(max_examples=1_000, database=None, phases=[Phase.generate]),
    )
