"""The short scenarios of `make chaos` on the session's system: hurt under load, nothing lost, doubled or believed."""

import pytest
from chaos.running import run
from chaos.scenarios import SCENARIOS, Scenario
from chaos.system import System
from qingyuan_local.testing import Stack

pytestmark = [pytest.mark.servers, pytest.mark.stress, pytest.mark.timeout(300)]
SHORT = [scenario for scenario in SCENARIOS if scenario.short]


@pytest.mark.parametrize("scenario", SHORT, ids=lambda scenario: str(scenario.name))
async def test_the_system_holds(running_stack: Stack, scenario: Scenario) -> None:
    outcome = await run(System(running_stack), scenario)
    assert outcome.wrong() == []
    assert outcome.record.commands, "nobody was told yes"
