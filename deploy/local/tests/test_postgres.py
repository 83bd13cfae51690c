"""PostgreSQL starts for whoever we are: it refuses root, and numbers the machine has no name for."""

import os
import pwd

from qingyuan_local.postgres import as_unprivileged


def test_it_runs_under_a_number_that_has_a_name_and_is_not_root() -> None:
    command = as_unprivileged(["postgres"])
    mapped = [int(option.partition("=")[2]) for option in command if option.startswith("--map-user=")]
    runs_as = mapped[0] if mapped else os.geteuid()
    assert runs_as != 0
    assert pwd.getpwuid(runs_as).pw_uid == runs_as
    assert command[-1] == "postgres"
