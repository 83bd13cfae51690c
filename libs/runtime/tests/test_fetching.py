"""`fetch` raises one kind of error for no response, a late one and an incomplete one."""

import pytest
from breaking_off import ANSWERS, breaking_off
from qingyuan_runtime.edge.fetching import NoResponse, Response, fetch

WHOLE = b"HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize("content", ANSWERS.values(), ids=list(ANSWERS))
def test_an_incomplete_response_raises_no_response(content: bytes) -> None:
    with breaking_off(content) as port, pytest.raises(NoResponse):
        fetch(f"http://127.0.0.1:{port}/x", seconds=10)


def test_a_refused_connection_raises_no_response() -> None:
    with pytest.raises(NoResponse):
        fetch("http://127.0.0.1:9/x", seconds=10)


@pytest.mark.parametrize(("line", "status"), [(b"200 OK", 200), (b"404 No", 404), (b"503 Away", 503)])
def test_a_response_is_returned_whatever_its_status(line: bytes, status: int) -> None:
    with breaking_off(WHOLE % line) as port:
        assert fetch(f"http://127.0.0.1:{port}/x", seconds=10) == Response(status, b"ok")
