"""Every command explains itself, with an example."""

import pytest
from qingyuan_cli.app import app
from qingyuan_cli.seeding import town
from registry.domain.shared import codes
from typer.testing import CliRunner

COMMANDS = (
    "up",
    "down",
    "status",
    "logs",
    "reset",
    "seed",
    "rebuild",
    "dead-letters",
    "audit",
    "keys",
    "restored",
    "user",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"], env={"TERMINAL_WIDTH": "200"})
    assert shown.exit_code == 0
    assert "例：qingyuan" in shown.output


def test_the_demo_town_has_codes_that_could_be_real() -> None:
    for enterprise in town.ENTERPRISES:
        assert codes.is_uscc(enterprise["particulars"]["uscc"])
        assert codes.is_permit_number(enterprise["particulars"]["permit_number"])
