"""Older versions of a fact in the shape of the newest one, so that whoever reads facts knows one shape.

The log and the topic keep every fact as it was written; only its reader sees it converted. A version is converted
when the newer one says the same and has a default for what it says beyond that. Where the newer one means something
else, the older class stays a fact of its own: `contract.submitted.v1` names points that the enterprise never saw,
and no conversion may make a confirmation of them (docs/decisions/0030).
"""

from collections.abc import Callable, Mapping
from typing import Final

from qingyuan_events.contracts import ContractSubmittedV2, ContractSubmittedV3
from qingyuan_events.envelope import Fact

Upcaster = Callable[[Fact], Fact]


def contract_submitted_v2(fact: Fact) -> Fact:
    """Before version 3 no contract could take the number of a declined one."""
    assert isinstance(fact, ContractSubmittedV2)
    return ContractSubmittedV3.model_construct(**dict(fact), replaces=None)


UPCASTERS: Final[Mapping[str, Upcaster]] = {
    ContractSubmittedV2.type: contract_submitted_v2,
}
"""By the type that is converted. Each leads to the next version that is read; chains are followed to their end."""


def upcast(fact: Fact) -> Fact:
    """The fact in the newest shape that says the same; itself, where that is its own."""
    while upcaster := UPCASTERS.get(fact.type):
        fact = upcaster(fact)
    return fact
