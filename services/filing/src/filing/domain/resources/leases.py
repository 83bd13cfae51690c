"""Whether the lease of a vehicle lasts as long as the operator's contracts."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.filing import ResourceParticulars, VehicleParticulars
from qingyuan_runtime.domain.decider import Problem


@dataclass(frozen=True, slots=True)
class RunningContract:
    """A contract that its enterprise has confirmed and that is not over. `last_day`: also where it was ended early."""

    number: str
    last_day: date


def problems(
    particulars: ResourceParticulars, revoked: Set[UUID], contracts: tuple[RunningContract, ...]
) -> Iterator[Problem]:
    """One for each contract that lasts longer than the lease that ends last. Without a lease nothing is said here."""
    papers = particulars.papers if isinstance(particulars, VehicleParticulars) else ()
    leases = {
        number: paper.valid_to
        for number, paper in enumerate(papers)
        if paper.kind == "lease" and paper.valid_to and paper.paper_id not in revoked
    }
    if not leases:
        return
    number, last_day = max(leases.items(), key=lambda lease: lease[1])
    for contract in contracts:
        if contract.last_day > last_day:
            sentence = f"租赁期不覆盖合同 {contract.number}（至 {contract.last_day}）。"
            yield Problem(f"papers.{number}.valid_to", "covers-contract", sentence)
