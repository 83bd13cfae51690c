"""How lists are fetched, over real HTTP: no redirect is followed, and size and time are limited."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from accounts.certificates import fetching
from accounts.certificates.fetching import NotFetched, Web

Answers = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
LIST = b"a revocation list"


@asynccontextmanager
async def serving(answers: Answers) -> AsyncIterator[str]:
    """The address of a server that answers each request by `answers`, which is told the path."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        try:
            await answers(head.split(b" ")[1], writer)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def answer(status: str, content: bytes = LIST, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def test_what_is_there_is_fetched_as_it_is() -> None:
    async def gives(_path: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("200 OK"))

    async with serving(gives) as address:
        assert await Web().content(f"{address}/list.crl") == LIST


@pytest.mark.parametrize(
    "status", ["204 No Content", "206 Partial Content", "304 Not Modified", "404 Not Found", "500 Broken"]
)
async def test_every_other_status_is_no_list(status: str) -> None:
    async def gives(_path: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(status, b"" if status[:3] in ("204", "304") else LIST))

    async with serving(gives) as address:
        with pytest.raises(NotFetched, match=f"status {status[:3]}"):
            await Web().content(f"{address}/list.crl")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_not_followed(status: str) -> None:
    asked: list[bytes] = []

    async def gives(path: bytes, writer: asyncio.StreamWriter) -> None:
        asked.append(path)
        moved = answer(status, LIST, "Location: /elsewhere")
        writer.write(moved if path == b"/list.crl" else answer("200 OK"))

    async with serving(gives) as address:
        with pytest.raises(NotFetched):
            await Web().content(f"{address}/list.crl")
    assert asked == [b"/list.crl"]


@pytest.mark.parametrize(("size", "fits"), [(1_000, True), (1_001, False)])
async def test_of_what_is_too_large_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch, size: int, fits: bool
) -> None:
    """Also where the server does not say how much is to come."""
    monkeypatch.setattr(fetching, "MOST_BYTES", 1_000)

    async def gives(path: bytes, writer: asyncio.StreamWriter) -> None:
        told = answer("200 OK", bytes(size))
        untold = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + bytes(size)
        writer.write(told if path == b"/told" else untold)

    async with serving(gives) as address:
        for path in ("told", "untold"):
            if fits:
                assert len(await Web().content(f"{address}/{path}")) == size
            else:
                with pytest.raises(NotFetched, match="too large"):
                    await Web().content(f"{address}/{path}")


async def test_a_server_without_an_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read only as far as the limit: what it goes on to send is refused by the closed connection."""
    monkeypatch.setattr(fetching, "MOST_BYTES", 1_000)
    left = asyncio.Event()

    async def gives(_path: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(bytes(10_000))
                await writer.drain()
        except ConnectionError:
            pass
        left.set()

    async with serving(gives) as address:
        with pytest.raises(NotFetched, match="too large"):
            await Web().content(f"{address}/list.crl")
        await left.wait()


@pytest.mark.parametrize("silent_after", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour"])
async def test_a_server_that_falls_silent_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, silent_after: bytes
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.05)
    done = asyncio.Event()

    async def gives(_path: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(silent_after)
        await writer.drain()
        await done.wait()

    async with serving(gives) as address:
        with pytest.raises(NotFetched, match="Timeout"):
            await Web().content(f"{address}/list.crl")
        done.set()


async def test_a_server_that_never_ends_is_left_also_where_it_is_never_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.05)

    async def gives(_path: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0)

    async with serving(gives) as address:
        with pytest.raises(NotFetched, match="TimeoutError"):
            await Web().content(f"{address}/list.crl")


async def test_half_an_answer_is_no_list() -> None:
    async def gives(_path: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf")

    async with serving(gives) as address:
        with pytest.raises(NotFetched):
            await Web().content(f"{address}/list.crl")


@pytest.mark.parametrize("url", ["", "no address", "http://127.0.0.1:1/list.crl", "ftp://ca.example/x"])
async def test_an_address_that_leads_nowhere_is_told(url: str) -> None:
    with pytest.raises(NotFetched):
        await Web().content(url)
