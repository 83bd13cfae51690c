"""Conversion of older versions of a fact to the newest class, so that readers need to know only one.

The log and the topic keep every fact as it was written; it is converted when it is read. A version is converted if
the newer one has the same meaning, and a default for each field that it adds. If the newer one means something
else, the older class stays as it is: `contract.submitted.v1` names points that the enterprise never saw,
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
"""A function for each type that is converted. It returns a later version, which is converted in turn if it has a function, too."""


def upcast(fact: Fact) -> Fact:
    """Convert the fact to the newest class with the same meaning. A fact of that class is returned as it is."""
    while upcaster := UPCASTERS.get(fact.type):
        fact = upcaster(fact)
    return fact
