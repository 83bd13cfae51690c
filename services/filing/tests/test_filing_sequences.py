"""备案: what must never happen in any sequence of commands, and what comes of them by a model of its own."""

from collections.abc import Sequence
from uuid import UUID

from filing_actions import Action, sequences
from filing_world import played
from hypothesis import Phase, find, given, settings
from qingyuan_events.filing import (
    Filed,
    FilingSecondReviewPassed,
    FilingSecondReviewReturned,
    FilingSubmitted,
    ResourceVersion,
)

Version = tuple[UUID, int]


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
        settings=settings(max_examples=5_000, database=None, phases=[Phase.generate]),
    )
