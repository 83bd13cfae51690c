"""The fold without a database: however facts come in batches and streams interleave, the entries are the same."""

from collections.abc import Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from qingyuan_events import Fact, Recorded
from sample_facts import ENTERPRISE, OLD, registry_facts
from views.register.fold import Entry, fold


def folded(facts: Sequence[Recorded[Fact]]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for fact in facts:
        entries[fact.stream] = fold(entries.get(fact.stream), fact)
    return entries


@given(st.data())
def test_the_order_of_streams_does_not_matter(data: st.DataObject) -> None:
    """Six partitions promise the order inside a stream and nothing more."""
    facts = registry_facts().recorded
    streams = {stream: [f for f in facts if f.stream == stream] for stream in {f.stream for f in facts}}
    shuffled: list[Recorded[Fact]] = []
    while waiting := sorted(stream for stream, rest in streams.items() if rest):
        shuffled.append(streams[data.draw(st.sampled_from(waiting))].pop(0))
    assert folded(shuffled) == folded(facts)


def test_an_entry_knows_its_version_its_place_and_its_end() -> None:
    old = folded(registry_facts().recorded)[f"instrument-{OLD}"]
    assert (old.version, old.status, old.enterprise_id) == (4, "replaced", ENTERPRISE)
    assert old.replaced_by == UUID(int=6)
    assert old.latest["brand"] == "改正"
