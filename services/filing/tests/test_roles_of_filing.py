"""Regulators who only look up review nothing, whatever the gateway lets through; an operator's filing is its managers'."""

from datetime import date
from uuid import UUID

import pytest
from filing.shared.policy import operator_of, require_office
from qingyuan_events import Actor, ActorRole
from qingyuan_runtime.edge.problems import Forbidden

DAY = date(2026, 11, 24)


def regulator(role: ActorRole | None) -> Actor:
    return Actor(account=UUID(int=1), kind="regulator", district="310000", role=role)


@pytest.mark.parametrize("role", ["reviewer", None])
def test_who_reviews_and_who_did_before_there_were_roles_reviews(role: ActorRole | None) -> None:
    require_office(regulator(role), DAY)


def test_who_only_looks_up_reviews_nothing() -> None:
    with pytest.raises(Forbidden) as refused:
        require_office(regulator("reader"), DAY)
    assert refused.value.code == "role.other"


@pytest.mark.parametrize("role", ["technician", "quality_officer"])
def test_a_filing_is_written_by_managers_alone(role: ActorRole) -> None:
    with pytest.raises(Forbidden) as refused:
        operator_of(Actor(account=UUID(int=1), kind="operator", organisation=UUID(int=2), role=role))
    assert refused.value.code == "role.manager-only"
