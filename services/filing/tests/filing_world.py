"""Sequences of commands on a filing, carried out by the deciders and kept on cards by a model of its own. For tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
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
from filing_actions import IDS, KINDS, Action, Answer, Touch
from filing_cards import Paperwork
from filing_samples import (
    NAME,
    OPERATOR,
    REVIEWER,
    STORED,
    TODAY,
    basics,
    sealed,
    undertaking_given,
)
from qingyuan_events.filing import (
    FilingSubmitted,
    Remark,
    ResourceParticulars,
    ResourceVersion,
)
from qingyuan_runtime.domain.decider import Refused


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
