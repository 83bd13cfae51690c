"""What each service lets the roles do, also where a request has come past the gateway: who reads writes nothing."""

from importlib import import_module
from uuid import UUID

import pytest
from qingyuan_events import Actor, ActorKind, ActorRole
from qingyuan_runtime.edge.policy import ROLES_OF, Policy
from qingyuan_runtime.edge.problems import Forbidden

POLICIES: dict[str, Policy] = {
    name.partition(".")[0]: import_module(name).POLICY
    for name in (
        "registry.shared.policy",
        "tasks.shared.policy",
        "filing.shared.policy",
        "signoff.policy",
        "reports.shared.policy",
    )
}
WRITING = [
    (service, action)
    for service, policy in POLICIES.items()
    for action in policy.actions
    if not action.startswith("read-")
]


def may(service: str, action: str, kind: ActorKind, role: ActorRole | None) -> bool:
    actor = Actor(account=UUID(int=1), kind=kind, organisation=UUID(int=2), district="310000", role=role)
    try:
        POLICIES[service].require(action, actor)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize(("service", "action"), WRITING)
def test_who_only_reads_is_refused_whatever_is_written(service: str, action: str) -> None:
    assert not may(service, action, "regulator", "reader")
    assert not may(service, action, "administrator", "audit")
    assert not may(service, action, "administrator", "security")


@pytest.mark.parametrize(("service", "action"), WRITING)
def test_a_signatory_of_an_enterprise_does_what_belongs_to_confirming(service: str, action: str) -> None:
    of_a_signatory = {"open", "sign", "dispute", "escalate", "complete-originals"}
    assert may(service, action, "enterprise", "signatory") == (action in of_a_signatory)


@pytest.mark.parametrize(("service", "action"), WRITING)
def test_every_action_is_somebodys(service: str, action: str) -> None:
    """Otherwise a refusal of everybody would pass for a rule about roles."""
    assert any(may(service, action, kind, role) for kind, roles in ROLES_OF.items() for role in roles)


@pytest.mark.parametrize("service", POLICIES)
def test_administrators_of_security_and_audit_read_no_business_data(service: str) -> None:
    for action in POLICIES[service].actions:
        assert not may(service, action, "administrator", "security"), action
        assert not may(service, action, "administrator", "audit"), action
