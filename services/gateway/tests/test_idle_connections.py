"""If a service closed an idle connection first, a request that the gateway is just sending on it would fail with 503."""

from gateway.upstream import KEPT_IDLE_SECONDS
from qingyuan_runtime.process.running import KEEP_ALIVE_SECONDS


def test_the_gateway_closes_an_idle_connection_before_the_service_does() -> None:
    assert KEPT_IDLE_SECONDS + 5 < KEEP_ALIVE_SECONDS
