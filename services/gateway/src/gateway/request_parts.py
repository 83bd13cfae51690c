"""Reads the untrusted parts of a request: the client's address, the body, and the headers and path for the service."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import quote, urlsplit
from uuid import UUID

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.problems import BARE
from starlette.requests import Request

from gateway.headers import TO_SERVICE
from gateway.route import Route

Network = IPv4Network | IPv6Network


@dataclass
class Refused(Exception):
    """The gateway refuses the request; `app` turns this into a response."""

    status: int
    code: str
    sentence: str
    errors: Sequence[Problem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


PLAIN: Final = re.compile(r"[\t\x20-\x7e]*")
SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "sha256": re.compile("[0-9a-f]{64}"),
    "upload_id": re.compile("[0-9A-Za-z_-]{1,64}"),
    "year": re.compile("[0-9]{4}"),
    "stream": re.compile("[a-z_]{1,40}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}
PAGE_ACCOUNT: Final = "x-qingyuan-account"
PAGE_ACCOUNT_IN_QUERY: Final = "page_account"
"""For whom the page is: of a stream, a picture and a link, to which a page cannot add headers, in the query."""
AN_ID: Final = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def path_of(route: Route, request: Request) -> str:
    """The service's path with the unchanged query, but for what only the gateway is told there."""
    path = filled_in(route, {name: str(value) for name, value in request.path_params.items()})
    given = request.scope["query_string"].decode("ascii").split("&")
    query = "&".join(part for part in given if not part.startswith(f"{PAGE_ACCOUNT_IN_QUERY}="))
    return f"{path}?{query}" if query else path


def filled_in(route: Route, given: Mapping[str, str]) -> str:
    """The service's path with its parameters. Raises `Refused` if one of them is malformed.

    So a parameter can never add a path segment or a query. In the place of a hash, paths of files also have fixed words
    such as `uploads`: there, a malformed value is an unknown route (404) and not an invalid id (422).
    """
    if wrong := [name for name, value in given.items() if not SHAPES.get(name, AN_ID).fullmatch(value)]:
        if "sha256" in wrong:
            raise Refused(404, *BARE[404])
        errors = tuple(Problem(name, "uuid_parsing", "编号格式不正确。") for name in wrong)
        raise Refused(422, "request.malformed", "地址中的编号格式不正确。", errors)
    return route.upstream.format(**{name: quote(value, safe="") for name, value in given.items()})


def forwarded(request: Request) -> dict[str, str]:
    """The headers to forward to a service. Raises `Refused` where one is not plain ASCII, instead of guessing its encoding."""
    received = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.raw}
    headers: dict[str, str] = {name: received[name] for name in TO_SERVICE if name in received}
    for name, value in headers.items():
        if not PLAIN.fullmatch(value):
            raise Refused(400, "header.malformed", f"请求头 {name} 含有无法识别的字符。")
    return headers


async def body_of(request: Request, *, limit: int, seconds: float, bytes_per_second: float) -> bytes:
    """The whole body. It may take `seconds` and in addition the time for its size at `bytes_per_second`.

    So a client that sends very slowly does not occupy a connection for ever.
    """
    if _content_length(request) > limit:
        raise Refused(413, "body.too-large", "提交的内容过大。")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds) as clock:
            end = asyncio.get_running_loop().time() + seconds
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise Refused(413, "body.too-large", "提交的内容过大。")
                clock.reschedule(end + len(body) / bytes_per_second)
    except TimeoutError:
        raise Refused(
            408, "request.too-slow", "请求发送过慢，请检查网络后重试。", headers={"Connection": "close"}
        ) from None
    return bytes(body)


def _content_length(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise Refused(400, "header.malformed", "请求头 content-length 无法识别。")
    return int(length[:20])


def is_own_page(request: Request) -> bool:
    """Whether one of our own pages sent it. Browsers set these headers, and pages of other sites cannot change them."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    try:
        return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", "-")
    except ValueError:
        return False


def is_asked_by_page(request: Request) -> bool:
    """Whether the page says that it asks by itself. At worst a session ends earlier, so it may be believed."""
    return "x-asked-by-page" in request.headers


def is_for_another(request: Request, account: UUID) -> bool:
    """Whether the page says that it is that of another account. What sends no such word, such as a program, is for whoever logged in."""
    named = request.headers.getlist(PAGE_ACCOUNT) + request.query_params.getlist(PAGE_ACCOUNT_IN_QUERY)
    return any(one.lower() != str(account) for one in named)


def site_of(request: Request) -> str:
    """The host that the browser asked. What is not its own page was refused before."""
    return printable(request.headers.get("host", "")[:200])


def printable(text: str) -> str:
    """Without what a header to a service may not hold."""
    return "".join(char for char in text if char.isascii() and char.isprintable())


def hosts(public_url: str, allowed: str) -> frozenset[str]:
    """The hosts of this platform, as browsers send them."""
    listed = {host.strip().lower() for host in allowed.split(",")}
    return frozenset({urlsplit(public_url).netloc.lower(), *listed} - {""})


def networks(text: str) -> tuple[Network, ...]:
    """`10.0.0.0/8, ::1` as networks. Raises `ValueError`, since a list of proxies must not be applied in part."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def address_of(request: Request, proxies: Sequence[Network]) -> str:
    """The client's address. `X-Forwarded-For` is trusted only where our own proxies have written it.

    So it is the last hop that is not one of them.
    """
    hop = request.client.host if request.client else ""
    for before in _hops_before(request):
        if not _is_among(hop, proxies):
            break
        hop = before
    return _client_of(hop)


def _hops_before(request: Request) -> Iterator[str]:
    hops = ",".join(request.headers.getlist("x-forwarded-for"))
    return (part.strip() for part in reversed(hops.split(",")) if part.strip())


def _is_among(hop: str, proxies: Sequence[Network]) -> bool:
    address = _read(hop)
    return address is not None and any(address in network for network in proxies)


def _client_of(hop: str) -> str:
    """The address by which failures are counted. An IPv6 client has a whole /64; malformed addresses are one client."""
    address = _read(hop)
    if address is None:
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _read(hop: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(hop)
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address
