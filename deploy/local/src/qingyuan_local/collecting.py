"""A trace collector for tests: receives OTLP over HTTP and stores the request bodies unchanged."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Collector:
    """Listens on a free port until `close`."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []
        self._arrived = threading.Condition()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector._store(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _store(self, body: bytes) -> None:
        with self._arrived:
            self._bodies.append(body)
            self._arrived.notify_all()

    def wait_for(self, enough: Callable[[list[bytes]], bool], patience: float = 30) -> bool:
        """Whether `enough` accepts the bodies of all requests so far, now or within `patience` seconds."""
        with self._arrived:
            return self._arrived.wait_for(lambda: enough(self._bodies), timeout=patience)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
