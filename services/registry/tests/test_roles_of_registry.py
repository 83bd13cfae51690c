"""What roles may in the register, whatever the gateway lets through."""

from uuid import UUID

import pytest
from qingyuan_events import Actor, ActorKind, ActorRole
from qingyuan_runtime.edge.problems import Forbidden
from registry.shared.policy import POLICY

WRITES = ("correct-enterprise", "withdraw-change", "write-register", "void-entry", "import")


def actor(kind: ActorKind, role: ActorRole | None) -> Actor:
    return Actor(account=UUID(int=1), kind=kind, organisation=UUID(int=2), role=role)


@pytest.mark.parametrize("action", WRITES)
@pytest.mark.parametrize("role", ["manager", None])
def test_an_enterprises_manager_writes_and_so_did_its_accounts_before_there_were_roles(
    action: str, role: ActorRole | None
) -> None:
    POLICY.require(action, actor("enterprise", role))


@pytest.mark.parametrize("action", WRITES)
def test_a_signatory_writes_nothing_and_reads(action: str) -> None:
    with pytest.raises(Forbidden):
        POLICY.require(action, actor("enterprise", "signatory"))
    POLICY.require("read-contact", actor("enterprise", "signatory"))


@pytest.mark.parametrize("action", ["decide-change", "void-entry"])
def test_a_regulator_who_only_looks_up_decides_nothing(action: str) -> None:
    POLICY.require(action, actor("regulator", "reviewer"))
    with pytest.raises(Forbidden):
        POLICY.require(action, actor("regulator", "reader"))
