"""Whatever a service keeps by following a topic can be rebuilt and looked into from the command line, by its name."""

import pytest
from qingyuan_cli.operations import rebuild
from qingyuan_cli.services import all_services
from qingyuan_runtime.topology import FOLLOWERS, entry_of
from typer.models import ArgumentInfo

SERVICES = all_services()


@pytest.mark.parametrize("name", SERVICES)
def test_the_topology_names_what_a_service_keeps_and_every_role_that_it_has(name: str) -> None:
    service = SERVICES[name]
    settings = service.settings()
    assert set(entry_of(name).followers) == set(service.followers(settings))
    assert set(entry_of(name).processes) == set(service.roles(settings))


def test_the_help_names_all_of_them() -> None:
    (model,) = [
        note for note in rebuild.__annotations__["model"].__metadata__ if isinstance(note, ArgumentInfo)
    ]
    assert model.help == "、".join(FOLLOWERS)
