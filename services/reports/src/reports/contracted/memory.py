"""The copy of contracts in memory, for tests. The same tests check it and `postgres`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from qingyuan_events import Fact
from qingyuan_events.tasks import ContractConfirmed, ContractEnded, ContractSubmitted, ContractSubmittedV3

from reports.contracted.terms import days_of


@dataclass(frozen=True, slots=True)
class _Contract:
    operator_id: UUID
    first_day: date
    last_day: date
    points: tuple[UUID, ...] = ()


class MemoryContracted:
    patience = timedelta(0)

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._contracts: dict[UUID, _Contract] = {}
        self.apply(*facts)

    def apply(self, *facts: Fact) -> None:
        for fact in facts:
            self._apply(fact)

    def _apply(self, fact: Fact) -> None:
        match fact:
            case ContractSubmitted() | ContractSubmittedV3():
                self._contracts[fact.contract_id] = _Contract(fact.operator_id, *days_of(fact))
            case ContractConfirmed():
                known = self._contracts[fact.contract_id]
                self._contracts[fact.contract_id] = replace(known, points=fact.points)
            case ContractEnded():
                known = self._contracts[fact.contract_id]
                last_day = min(known.last_day, fact.last_day)
                self._contracts[fact.contract_id] = replace(known, last_day=last_day)
            case _:
                pass

    async def covers(self, operator_id: UUID, point_id: UUID, day: date | None) -> bool:
        return any(
            contract.operator_id == operator_id
            and point_id in contract.points
            and (day is None or contract.first_day <= day <= contract.last_day)
            for contract in self._contracts.values()
        )
