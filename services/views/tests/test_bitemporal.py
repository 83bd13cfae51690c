"""Two times: at most one belief for each day and instant, and a belief is never changed except that another replaces it."""

import itertools
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from views.register.bitemporal import Belief, begin, difference, end, revise

FIRST = date(2026, 1, 1)
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = [FIRST + timedelta(days=n) for n in range(0, 40, 3)]

steps = st.lists(
    st.tuples(st.sampled_from(["revise", "end"]), st.sampled_from(DAYS), st.integers(0, 3)), max_size=8
)


def beliefs_after_steps(taken: list[tuple[str, date, int]]) -> list[list[Belief]]:
    """The beliefs after each step; steps may come at the same instant."""
    beliefs, at = begin({"model": 0}, FIRST, START), START
    results = [beliefs]
    for number, (kind, day, wait) in enumerate(taken, start=1):
        at += timedelta(hours=wait)
        if kind == "end":
            beliefs = end(beliefs, day, at)
        else:
            beliefs = revise(beliefs, day, difference({"model": None}, {"model": number}), at)
        results.append(beliefs)
    return results


@given(steps)
def test_at_most_one_belief_holds_for_each_day_and_instant(taken: list[tuple[str, date, int]]) -> None:
    final = beliefs_after_steps(taken)[-1]
    instants = {belief.known_from for belief in final} | {START + timedelta(days=9)}
    for instant in instants:
        for day in DAYS:
            assert sum(belief.covers(day) and belief.known_at(instant) for belief in final) <= 1


@given(steps)
def test_a_step_changes_no_belief_except_that_it_ends_when_it_was_known(
    taken: list[tuple[str, date, int]],
) -> None:
    results = beliefs_after_steps(taken)
    for earlier, later in itertools.pairwise(results):
        for was, now in zip(earlier, later, strict=False):
            assert (was.valid_from, was.valid_to, was.known_from) == (
                now.valid_from,
                now.valid_to,
                now.known_from,
            )
            assert was.particulars == now.particulars
            assert was.known_to is None or was.known_to == now.known_to
        assert len(later) >= len(earlier)


def at(beliefs: list[Belief], day: date, instant: datetime) -> object:
    found = [b.particulars["model"] for b in beliefs if b.covers(day) and b.known_at(instant)]
    return found[0] if found else None


def test_a_correction_found_in_june_changes_what_we_believe_of_march_but_not_what_we_believed_then() -> None:
    april, june = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    beliefs = begin({"model": "A"}, FIRST, START)
    beliefs = revise(beliefs, FIRST, difference({"model": "A"}, {"model": "B"}), june)
    march = date(2026, 3, 1)
    assert at(beliefs, march, april) == "A"
    assert at(beliefs, march, june) == "B"


def test_a_correction_of_an_early_day_leaves_a_later_change_of_operator_alone() -> None:
    was = {"serial": "1", "om_operator": "甲"}
    beliefs = begin(was, FIRST, START)
    taken_over = was | {"om_operator": "乙"}
    beliefs = revise(beliefs, date(2026, 5, 1), difference(was, taken_over), START + timedelta(days=150))
    corrected = taken_over | {"serial": "2"}
    beliefs = revise(beliefs, FIRST, difference(taken_over, corrected), START + timedelta(days=200))
    now = [(b.valid_from, b.particulars) for b in beliefs if b.held]
    assert now == [
        (FIRST, {"serial": "2", "om_operator": "甲"}),
        (date(2026, 5, 1), {"serial": "2", "om_operator": "乙"}),
    ]


def test_a_belief_that_ends_on_its_first_day_covers_no_day_and_is_still_held() -> None:
    beliefs = end(begin({"model": "A"}, FIRST, START), FIRST, START + timedelta(hours=1))
    held = [b for b in beliefs if b.held]
    assert [(b.valid_from, b.valid_to, b.particulars) for b in held] == [(FIRST, FIRST, {"model": "A"})]
    assert not any(b.covers(day) for b in held for day in DAYS)
