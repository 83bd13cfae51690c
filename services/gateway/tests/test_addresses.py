"""Which paths of the services a browser can reach, and from which network address a request comes."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from gateway.headers import SECURITY
from gateway.public import Limits
from gateway.request_parts import address_of, networks
from serving import Answer, Connection, Services, request, running
from starlette.requests import Request

ID = "0b8f7f0e-1f7e-4f0e-9a51-0123456789ab"
FILE = "5e" * 32


SERVICES = Services()


@pytest.fixture
def services() -> Services:
    SERVICES.requests.clear()
    return SERVICES


@pytest.fixture(scope="module")
async def port() -> AsyncIterator[int]:
    async with running(SERVICES, Limits()) as port:
        yield port


async def ask(port: int, method: str, path: str, **headers: str) -> Answer:
    connection = await Connection.to(port)
    connection.send(request(method, path, **headers))
    answer = await connection.answer()
    connection.writer.close()
    return answer


@pytest.mark.parametrize(
    "path",
    [
        "/api/files/metrics",
        "/api/files/readyz",
        "/api/files/..%2Fmetrics",
        f"/api/files/{FILE}%3Fas=another",
        f"/api/files/{FILE}%23",
        f"/api/files/{FILE.upper()}",
        "/api/files/%EF%BC%95" + FILE[1:],
        "/api/files/uploads/..",
        "/api/views/visits/metrics",
        f"/api/views/visits/{ID}%3Fall=1",
        f"/api/views/visits/{ID}%0A",
        "/api/views/visits/%C3%A9",
        f"/api/views/visits/{ID}%00",
        "/api/views/visits/%2e%2e%2fmetrics",
        f"/api/views/history/instrument-{ID}%2F..",
        "/api/views/history/../metrics",
    ],
)
async def test_a_malformed_path_parameter_reaches_no_service(
    port: int, services: Services, path: str
) -> None:
    answer = await ask(port, "GET", path)
    assert answer.status in {400, 404, 422}, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.items() >= SECURITY.items()
    assert services.requests == []


@pytest.mark.parametrize("path", ["/api/files/metrics", "/api/files/readyz", "/api/files/livez/shown"])
async def test_a_path_of_files_without_a_hash_is_an_unknown_route(
    port: int, services: Services, path: str
) -> None:
    answer = await ask(port, "GET", path)
    assert (answer.status, json.loads(answer.body)["code"]) == (404, "route.unknown")
    assert services.requests == []


async def test_a_valid_path_and_its_query_reach_the_service_unchanged(port: int, services: Services) -> None:
    path = f"/api/views/visits/{ID}?search=%E6%B8%85+100%25&after=a%2Fb%3D%3D"
    assert (await ask(port, "GET", path)).status == 200
    assert [asked.raw_path for asked in services.requests] == [path.removeprefix("/api/views")]


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/m/%00",
        "/enterprises/%",
        "/%zz",
        "/a%0d%0aSet-Cookie:x",
        "/%ff",
        "/?search=%",
        "/?search=%ff",
    ],
)
async def test_a_malformed_address_is_refused(port: int, path: str) -> None:
    answer = await ask(port, "GET", path)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.headers.items() >= SECURITY.items()


@pytest.mark.parametrize(
    "path", ["/no.such", "/api/nothing", "/metrics", "/livez", "/readyz", "/" + "a" * 4_000]
)
async def test_responses_for_unknown_paths_have_the_security_headers(port: int, path: str) -> None:
    answer = await ask(port, "GET", path)
    assert answer.status in {404, 503}, answer.body
    assert b"qingyuan_" not in answer.body
    assert answer.headers.items() >= SECURITY.items()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE"])
async def test_a_method_that_no_route_has_is_refused_as_a_problem(port: int, method: str) -> None:
    answer = await ask(port, method, "/api/tasks/forms")
    assert (answer.status, answer.headers["content-type"]) == (405, "application/problem+json")
    assert answer.headers.items() >= SECURITY.items()


@pytest.mark.parametrize(
    "name", ["Idempotency_Key", "If_Version_At_Least", "Upload_Metadata", "X_Correlation_Id"]
)
async def test_a_header_that_is_not_plain_ascii_is_refused(port: int, services: Services, name: str) -> None:
    answer = await ask(port, "POST", "/api/tasks/contracts", **{name: "b\u00e9b\u00e9\u0080"})
    assert (answer.status, b"header.malformed" in answer.body) == (400, True)
    assert services.requests == []


async def test_accounts_receives_the_origin_of_a_log_in_and_its_response_is_not_cached(
    port: int, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def opened(_asked: web.Request) -> web.Response:
        return web.json_response({"account": {}, "token": "secret"})

    monkeypatch.setattr(services, "respond", opened)
    forged = {"X_Forwarded_For": "6.6.6.6", "X_Client_Address": "6.6.6.6", "User_Agent": "Chrome/1 é"}
    answer = await ask(port, "POST", "/api/session", **forged)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert b"secret" not in answer.body
    [received] = services.requests
    assert (received.headers["x-client-address"], received.headers["x-client-agent"]) == (
        "127.0.0.1",
        "Chrome/1",
    )


async def test_a_large_log_in_is_refused(port: int, services: Services) -> None:
    connection = await Connection.to(port)
    connection.send(request("POST", "/api/session", length=5_000))
    assert (await connection.answer()).status == 413
    assert services.requests == []


@pytest.mark.parametrize("origin", ["http://[", "http://evil.example", "null", "\u00e9"])
async def test_a_foreign_or_malformed_origin_is_refused(port: int, origin: str) -> None:
    connection = await Connection.to(port)
    connection.send(
        request("POST", "/api/tasks/contracts", Origin=origin).replace(
            b"Sec-Fetch-Site: same-origin\r\n", b""
        )
    )
    answer = await connection.answer()
    assert (answer.status, b"origin.foreign" in answer.body) == (403, True)


async def test_an_internal_error_is_answered_500_and_the_connection_stays_usable(
    port: int, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> str:
        raise RuntimeError("an internal error")

    connection = await Connection.to(port)
    with monkeypatch.context() as broken:
        broken.setattr("gateway.answering.path_of", fails)
        connection.send(request("GET", "/api/tasks/forms"))
        answer = await connection.answer()
        assert (answer.status, b'"unexpected"' in answer.body) == (500, True)
        assert answer.headers.items() >= SECURITY.items()
    connection.send(request("GET", "/api/tasks/forms"))
    assert (await connection.answer()).status == 200


PROXIES = networks("10.0.0.0/8, ::1, 2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # not sent by a proxy of ours
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),  # the first was sent by the client itself
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1, 10.2.2.2"], "198.51.100.1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["10.3.3.3"], "10.3.3.3"),
        ("10.0.0.1", ["nonsense"], "unknown"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("::1", ["2001:db8:1:2:9::1"], "2001:db8:1:2::/64"),
    ],
)
def test_forwarded_addresses_are_trusted_only_from_our_own_proxies(
    client: str, forwarded: list[str], address: str
) -> None:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    asked = Request({"type": "http", "client": (client, 1), "headers": headers})
    assert address_of(asked, PROXIES) == address


def test_a_malformed_list_of_proxies_is_an_error() -> None:
    with pytest.raises(ValueError, match="not appear"):
        networks("10.0.0.0/8, proxy.local")
