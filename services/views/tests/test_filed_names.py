"""Names for an exported list of people: the filing service decides who may read them, and where it is away nothing is made up."""

import json
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

import pytest
from answering import QuietHandler, answering
from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import NAMING, Verifier
from qingyuan_runtime.tokens.issuers import EveryIssuer
from views.shared.filed_names import ERASED, LOST, ServedFiledNames

ACTOR = Actor(account=UUID(int=74), kind="operator", organisation=UUID(int=1), role="manager")
OWN, FOREIGN, BROKEN = UUID(int=1), UUID(int=2), UUID(int=3)
ITEMS = [
    {"id": str(UUID(int=11)), "name": "王工"},
    {"id": str(UUID(int=12)), "name": "", "erased": True},
    {"id": str(UUID(int=13)), "name": "", "lost": True},
]


class FilingHandler(QuietHandler):
    tokens: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        FilingHandler.tokens.append(self.headers["Authorization"].removeprefix("Bearer "))
        answers = {
            f"/filings/{OWN}/names": (200, {"items": ITEMS}),
            f"/filings/{FOREIGN}/names": (404, {"code": "filing.missing"}),
            f"/filings/{BROKEN}/names": (503, {"code": "store.away"}),
        }
        status, content = answers[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())


@pytest.fixture
def url() -> Iterator[str]:
    FilingHandler.tokens.clear()
    with answering(FilingHandler) as url:
        yield url


async def test_names_are_asked_for_on_behalf_of_the_actor_and_for_no_other_purpose(url: str) -> None:
    keys = EveryIssuer()
    named = await ServedFiledNames(url, keys).names(ACTOR, OWN)
    assert named == {UUID(int=11): "王工", UUID(int=12): ERASED, UUID(int=13): LOST}
    (token,) = FilingHandler.tokens
    assert Verifier(keys, NAMING).verify(token, now=0.0) == ACTOR


async def test_who_may_not_read_them_gets_none_and_a_service_that_is_away_is_told_apart(url: str) -> None:
    names = ServedFiledNames(url, EveryIssuer())
    assert await names.names(ACTOR, FOREIGN) == {}
    assert await names.names(ACTOR, BROKEN) is None
    assert await ServedFiledNames("http://127.0.0.1:9", EveryIssuer()).names(ACTOR, OWN) is None
