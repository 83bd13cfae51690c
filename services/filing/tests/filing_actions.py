"""What is done to a filing and its resources in drawn sequences. For tests."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from filing_samples import device, part, person, vehicle
from hypothesis import strategies as st
from qingyuan_events.filing import ResourceParticulars

KINDS: Final[tuple[ResourceParticulars, ...]] = (person, device, vehicle, part)
IDS: Final = tuple(UUID(int=number) for number in range(11, 11 + len(KINDS)))


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
opened = st.builds(lambda answer: ["open", answer], answers)
unopened = st.builds(lambda action: [action], st.one_of(answers, st.sampled_from(("open", "withdraw"))))
"""Each of the two reviews is opened; a few answers come without that."""
steps = st.lists(st.one_of(opened, opened, opened, opened, unopened), max_size=4)
reviews = st.builds(lambda parts: [action for part in parts for action in part], steps)
rounds = st.tuples(changes, st.just(["submit"]), reviews)
sequences = st.builds(
    lambda begun, told: [*begun, *(action for each in told for part in each for action in part)],
    st.sampled_from((["basics"], ["basics"], [])),
    st.lists(rounds, min_size=1, max_size=8),
)
"""Rounds of changes, a submission and its review, since few sequences of single commands come to anything."""
