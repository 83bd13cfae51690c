"""A server that sends a given part of a response to every client and then closes the connection."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ANSWERS = {
    "nothing": b"",
    "half a line": b"HTTP/1.1 20",
    "what is no HTTP": b"220 mail.example ESMTP\r\n\r\n",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{",
    "half a chunk": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"labels"',
    "half a refusal": b"HTTP/1.1 503 Away\r\nContent-Length: 1000\r\n\r\ndegraded: ",
}

HALF_A_HEAD = b"HTTP/1.1 200 OK\r\nContent-Le"
"""`http.client` takes this for a complete response with an empty body."""


@contextmanager
def breaking_off(content: bytes) -> Iterator[int]:
    """The port at which it listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve, args=(server, content))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(server: socket.socket, content: bytes) -> None:
    """Until the server is shut down."""
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.recv(65_536)
            connection.sendall(content)
