"""What printing fetches from other services: images of the files service, names of the accounts service."""

import hashlib
import time
from collections.abc import Iterator
from typing import ClassVar

import pytest
from answering import QuietHandler, answering
from breaking_off import ANSWERS, HALF_A_HEAD, breaking_off
from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import SHOWING, Untrusted, Verifier
from qingyuan_runtime.tokens.issuers import EveryIssuer
from test_printing import jpeg
from views.printing.pictures import MemoryPictures, Pictures, ServedPictures, fetch_all
from views.shared.people import ServedPeople
from working_day_browser import KEY, NEIGHBOUR, SIGNER
from working_day_facts import HASH

pytestmark = pytest.mark.servers


class FilesHandler(QuietHandler):
    """As much of the files service as printing asks: one image, for one organisation."""

    key: ClassVar[EveryIssuer] = KEY
    image: ClassVar[bytes] = jpeg("#66c")

    def do_GET(self) -> None:
        try:
            token = self.headers["authorization"].removeprefix("Bearer ")
            actor = Verifier(self.key, SHOWING).verify(token, now=time.time())
        except Untrusted:
            self.send_error(401)
            return
        if self.path == f"/{HASH}/shown?size=page" and actor.organisation == SIGNER.organisation:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.image)
        else:
            self.send_error(404)


@pytest.fixture(scope="module")
def files_url() -> Iterator[str]:
    with answering(FilesHandler) as url:
        yield url


@pytest.fixture(params=["memory", "served"])
def pictures(request: pytest.FixtureRequest, files_url: str) -> Pictures:
    if request.param == "served":
        return ServedPictures(files_url, KEY)
    return MemoryPictures({HASH: (FilesHandler.image, SIGNER)})


@pytest.mark.parametrize(("actor", "gets"), [(SIGNER, True), (NEIGHBOUR, False)])
async def test_images_come_by_the_askers_own_right(pictures: Pictures, actor: Actor, gets: bool) -> None:
    unknown = hashlib.sha256(b"?").hexdigest()
    found = await fetch_all(pictures, actor, {HASH, unknown})
    assert found == ({HASH: FilesHandler.image} if gets else {})


@pytest.mark.parametrize("said", [*ANSWERS.values(), HALF_A_HEAD], ids=[*ANSWERS, "half a head"])
async def test_services_that_die_in_the_middle_of_an_answer_cost_what_they_would_have_said(
    said: bytes,
) -> None:
    with breaking_off(said) as port:
        url = f"http://127.0.0.1:{port}"
        assert await ServedPictures(url, KEY).fetch(SIGNER, HASH) is None
        assert await ServedPeople(url, KEY).names(SIGNER, [SIGNER.account]) == {}


async def test_a_files_service_that_is_down_costs_the_images_and_not_the_record() -> None:
    assert await ServedPictures("http://127.0.0.1:9", KEY).fetch(SIGNER, HASH) is None
