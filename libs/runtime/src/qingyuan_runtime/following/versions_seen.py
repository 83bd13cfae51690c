"""Which facts of a batch are new by the versions of their streams, and which are missing before them. Pure."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qingyuan_events import Fact, Recorded

from qingyuan_runtime.following.owners_log import Hole

Facts = Sequence[Recorded[Fact]]


class StreamGap(Exception):
    """A fact is missing before this one, and the log does not have it either. Nothing may be applied past it."""

    def __init__(self, hole: Hole) -> None:
        super().__init__(f"{hole.stream}: {hole.first} to {hole.last} did not come and are not in the log")


@dataclass
class NewFacts:
    """Facts that are new, up to which version they bring each stream, and what is missing between."""

    fresh: list[Recorded[Fact]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    holes: list[Hole] = field(default_factory=list)


def new_facts(facts: Facts, seen: Mapping[str, int]) -> NewFacts:
    found = NewFacts()
    for fact in facts:
        last = found.versions.get(fact.stream, seen.get(fact.stream, 0))
        if fact.version <= last:
            continue
        if fact.version > last + 1:
            found.holes.append(Hole(fact.stream, last + 1, fact.version - 1))
        found.fresh.append(fact)
        found.versions[fact.stream] = fact.version
    return found


def with_missing(facts: Facts, missing: Facts) -> Iterator[Recorded[Fact]]:
    """The missing ones of a stream, in order, each before the first that comes after it."""
    waiting: dict[str, deque[Recorded[Fact]]] = defaultdict(deque)
    for fact in missing:
        waiting[fact.stream].append(fact)
    for fact in facts:
        before = waiting[fact.stream]
        while before and before[0].version < fact.version:
            yield before.popleft()
        yield fact
