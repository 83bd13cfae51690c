"""What `qingyuan status` makes of what the processes say: each service's relay and audit, whichever way it runs."""

import pytest
from qingyuan_cli.status import figures_of, troubles_of

TEXT = """\
# HELP qingyuan_relay_lag_seconds x
qingyuan_relay_lag_seconds 1.5
qingyuan_relay_horizon_age_seconds 40.0
qingyuan_audit_faults_total{kind="hole"} 2.0
qingyuan_audit_faults_total{kind="inversion"} 1.0
qingyuan_dead_letters{model="deadlines"} 3.0
qingyuan_parked_followers{follower="deadlines"} 1.0
process_open_fds 20.0
"""
RELAY = {"qingyuan_relay_lag_seconds": 1.5, "qingyuan_relay_horizon_age_seconds": 40.0}
AUDIT = {"qingyuan_audit_faults_total": 3.0}
ELSE = {"qingyuan_dead_letters": 3.0, "qingyuan_parked_followers": 1.0}


@pytest.mark.parametrize("service", ["registry", "tasks", "signoff"])
def test_every_service_with_a_log_shows_its_relay_and_its_audit(service: str) -> None:
    assert figures_of(service, TEXT, {service}) == RELAY | AUDIT | ELSE


def test_in_processes_of_their_own_the_roles_show_what_they_do() -> None:
    names = {"tasks", "tasks-relay", "tasks-auditor"}
    assert figures_of("tasks", TEXT, names) == ELSE
    assert figures_of("tasks-relay", TEXT, names) == RELAY | ELSE
    assert figures_of("tasks-auditor", TEXT, names) == AUDIT | ELSE


def test_who_has_no_relay_shows_none() -> None:
    assert figures_of("views", TEXT, {"views"}) == ELSE


def test_troubles_are_told_one_by_one() -> None:
    assert troubles_of("ok") == []
    assert troubles_of("degraded: relay: refused (since x); worker: KeyError (since y)") == [
        "relay: refused (since x)",
        "worker: KeyError (since y)",
    ]
    assert troubles_of("not ready: database is at 0001") == ["not ready: database is at 0001"]
