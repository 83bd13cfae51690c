"""A quality officer makes no visits."""

from uuid import UUID

import pytest
from qingyuan_events import Actor, ActorRole
from qingyuan_runtime.edge.problems import Forbidden
from tasks.shared.policy import operator_of


def actor(role: ActorRole | None) -> Actor:
    return Actor(account=UUID(int=1), kind="operator", organisation=UUID(int=2), role=role)


@pytest.mark.parametrize("role", ["manager", "technician", None])
def test_who_works_there_makes_visits(role: ActorRole | None) -> None:
    assert operator_of("visit", actor(role)) == UUID(int=2)


@pytest.mark.parametrize("action", ["visit", "write-contract", "write-plan"])
def test_a_quality_officer_writes_nothing(action: str) -> None:
    with pytest.raises(Forbidden):
        operator_of(action, actor("quality_officer"))
