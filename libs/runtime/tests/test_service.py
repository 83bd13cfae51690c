"""The command line of a service, and its effect on the process."""

import pytest
from fastapi import FastAPI
from qingyuan_runtime.assembly.service import PlainService
from qingyuan_runtime.process.settings import Settings


async def serving(_: Settings) -> None: ...


def service(code: int) -> PlainService[Settings]:
    return PlainService(
        package="toy",
        settings=Settings,
        serving=serving,
        routes=FastAPI,
        commands={"tidy": lambda _, arguments: code if arguments == ("all",) else 9},
    )


def test_a_command_that_went_well_leaves_the_process_to_the_next() -> None:
    """The local stack migrates all services in one process."""
    service(0).main("tidy", "all")


def test_one_that_failed_ends_it_with_its_code() -> None:
    with pytest.raises(SystemExit) as ended:
        service(3).main("tidy", "all")
    assert ended.value.code == 3


def test_every_service_has_its_api_and_nothing_that_it_was_not_given() -> None:
    assert set(service(0).roles(Settings())) == {"api"}
