"""A service that closed an idle connection first would cut off a request that is just being sent: 503 out of nothing."""

from gateway.upstream import KEPT_IDLE_SECONDS
from qingyuan_runtime.process.running import KEEP_ALIVE_SECONDS


def test_the_gateway_lets_go_of_an_idle_connection_before_the_service_does() -> None:
    assert KEPT_IDLE_SECONDS + 5 < KEEP_ALIVE_SECONDS
