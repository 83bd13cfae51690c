"""What `qingyuan status` makes of what the processes say: each service's relay and audit, whichever way it runs."""

import pytest
from breaking_off import ANSWERS, breaking_off
from prometheus_client import generate_latest
from qingyuan_cli import status
from qingyuan_cli.status import DEGRADED, SHOWN, figures_of, troubles_of
from qingyuan_local.state import Running
from qingyuan_local.supervisor import is_healthy
from qingyuan_runtime.process import metrics  # noqa: F401  (registers them)
from qingyuan_runtime.topology import WITH_LOG

TEXT = """\
# HELP qingyuan_relay_lag_seconds x
qingyuan_relay_lag_seconds 1.5
qingyuan_relay_horizon_age_seconds 40.0
qingyuan_audit_faults_total{kind="hole"} 2.0
qingyuan_audit_faults_total{kind="inversion"} 1.0
qingyuan_dead_letters{model="deadlines"} 3.0
qingyuan_follower_parked{model="deadlines"} 1.0
process_open_fds 20.0
"""
RELAY = {"qingyuan_relay_lag_seconds": 1.5, "qingyuan_relay_horizon_age_seconds": 40.0}
AUDIT = {"qingyuan_audit_faults_total": 3.0}
ELSE = {"qingyuan_dead_letters": 3.0, "qingyuan_follower_parked": 1.0}


@pytest.mark.parametrize("service", WITH_LOG)
def test_every_service_with_a_log_shows_its_relay_and_its_audit(service: str) -> None:
    assert figures_of(service, TEXT, {service}) == RELAY | AUDIT | ELSE


def test_in_processes_of_their_own_the_roles_show_what_they_do() -> None:
    names = {"tasks", "tasks-relay", "tasks-auditor"}
    assert figures_of("tasks", TEXT, names) == ELSE
    assert figures_of("tasks-relay", TEXT, names) == RELAY | ELSE
    assert figures_of("tasks-auditor", TEXT, names) == AUDIT | ELSE


def test_who_has_no_relay_shows_none() -> None:
    assert figures_of("views", TEXT, {"views"}) == ELSE


@pytest.mark.parametrize("content", ANSWERS.values(), ids=list(ANSWERS))
def test_a_process_that_dies_while_it_is_asked_is_not_well_and_breaks_nobody(content: bytes) -> None:
    with breaking_off(content) as port:
        process = Running("registry", 1, port, 0, "0")
        assert status._response(process, "/metrics") == ""
        assert status._response(process, "/readyz").startswith(f"{DEGRADED}/readyz: ")
        assert not is_healthy(port)()


def test_troubles_are_told_one_by_one() -> None:
    assert troubles_of("ok") == []
    assert troubles_of("degraded: relay: refused (since x); worker: KeyError (since y)") == [
        "relay: refused (since x)",
        "worker: KeyError (since y)",
    ]
    assert troubles_of("not ready: database is at 0001") == ["not ready: database is at 0001"]


def test_every_figure_that_is_shown_is_a_metric() -> None:
    exported = generate_latest().decode()
    assert [name for name in SHOWN if f"# TYPE {name.removesuffix('_total')}" not in exported] == []
