"""The sign-off service on its fakes with one complete visit, and everybody who uses it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from confirmation_calls import CONTENTS, IDS, KEY, PEOPLE, Person, ServiceUnderTest
from confirmation_samples import (
    NOON,
    SHOWN,
)
from conforming import Conforming
from qingyuan_events.tasks import VisitCompleted
from signoff.main import SERVICE


@pytest.fixture
async def service() -> ServiceUnderTest:
    service = ServiceUnderTest()
    await service.receive(VisitCompleted(**IDS, day=NOON.date(), contents=CONTENTS, content_sha256=SHOWN))
    return service


@pytest.fixture
async def people(service: ServiceUnderTest) -> AsyncIterator[dict[str, Person]]:
    transport = Conforming(SERVICE.twin(lambda: service.now, KEY, service.store))
    async with httpx.AsyncClient(transport=transport, base_url="http://signoff") as client:
        yield {name: Person(client, actor, service) for name, actor in PEOPLE.items()}


@pytest.fixture
def zhou(people: dict[str, Person]) -> Person:
    return people["enterprise"]
