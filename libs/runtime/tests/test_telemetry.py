"""The id of a trace is passed on even if the trace is not sampled."""

from opentelemetry import trace
from qingyuan_runtime.process.telemetry import span, traceparent

UNSAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


def test_an_unsampled_trace_keeps_its_id_through_every_stop() -> None:
    with span("service", UNSAMPLED), span("store.append"):
        assert traceparent() == UNSAMPLED
    assert not trace.get_current_span().get_span_context().is_valid
