"""Finds which facts of a batch are new, and where versions are missing before them. Pure."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qingyuan_events import Fact, Recorded

from qingyuan_runtime.following.owners_log import Gap

Facts = Sequence[Recorded[Fact]]


class StreamGap(Exception):
    """Facts are missing before this one, and the log does not hold them either. No later fact may be applied."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"{gap.stream}: {gap.first} to {gap.last} did not come and are not in the log")


@dataclass
class NewFacts:
    """The new facts, the version each stream has after them, and the gaps before them."""

    fresh: list[Recorded[Fact]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)


def new_facts(facts: Facts, seen: Mapping[str, int]) -> NewFacts:
    new = NewFacts()
    for fact in facts:
        last = new.versions.get(fact.stream, seen.get(fact.stream, 0))
        if fact.version <= last:
            continue
        if fact.version > last + 1:
            new.gaps.append(Gap(fact.stream, last + 1, fact.version - 1))
        new.fresh.append(fact)
        new.versions[fact.stream] = fact.version
    return new


def with_missing(facts: Facts, missing: Facts) -> Iterator[Recorded[Fact]]:
    """Both merged by version: each missing fact before the first fact of its stream with a later version."""
    waiting: dict[str, deque[Recorded[Fact]]] = defaultdict(deque)
    for fact in missing:
        waiting[fact.stream].append(fact)
    for fact in facts:
        before = waiting[fact.stream]
        while before and before[0].version < fact.version:
            yield before.popleft()
        yield fact
