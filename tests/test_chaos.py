"""The short scenarios of `make chaos`: hurt under load, nothing lost, doubled or believed.

On a system of their own: what was put into its topics stays there, and the auditor is right to say so.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chaos.running import run
from chaos.scenarios import SCENARIOS, Scenario
from chaos.system import System
from qingyuan_local.testing import Stack, start_stack

pytestmark = [pytest.mark.servers, pytest.mark.system, pytest.mark.timeout(600)]
SHORT = [scenario for scenario in SCENARIOS if scenario.short]


@pytest.fixture(scope="module")
def hurt(scratch: Path) -> Iterator[Stack]:
    stack = start_stack(scratch / "chaos", TRACE_RATIO="0", SESSIONS_MOST="1000")
    yield stack
    stack.cli("down")


@pytest.mark.parametrize("scenario", SHORT, ids=lambda scenario: str(scenario.name))
async def test_the_system_holds(hurt: Stack, scenario: Scenario) -> None:
    outcome = await run(System(hurt), scenario)
    assert outcome.wrong() == []
    assert outcome.record.commands, "nobody was told yes"
    refused = "remaining connection slots"
    assert refused not in (hurt.folder / "log" / "postgres.log").read_text(), (
        "services want more connections than there are"
    )
