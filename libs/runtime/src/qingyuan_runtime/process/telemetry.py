"""Structured logs without personal data, and traces with few spans.

Spans are created by hand at the steps of a command's way, since automatic instrumentation takes more time than the work
it measures.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from qingyuan_runtime.process.error_summary import FromLibraries, summary_of, without_values
from qingyuan_runtime.process.settings import Settings

_tracer = trace.get_tracer("qingyuan")
_propagator = TraceContextTextMapPropagator()


def start_telemetry(service: str, settings: Settings) -> None:
    """Once per process: JSON lines on stdout, and spans to the collector when one is named."""
    start_logs(service, settings)
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"qingyuan-{service}"}),
        sampler=ParentBased(TraceIdRatioBased(settings.trace_ratio)),
    )
    if endpoint := settings.otel_exporter_otlp_endpoint:
        provider.add_span_processor(_sending_to(endpoint))
    trace.set_tracer_provider(provider)


def start_logs(service: str, settings: Settings) -> None:
    """Log lines of libraries get the same format as our own. Neither contains user content (`error_summary`)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_trace,
            without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.WARNING, handlers=[FromLibraries()], force=True)


def _sending_to(endpoint: str) -> SpanProcessor:
    """Imported here, since the exporter loads slowly and most processes have no collector."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces"))


@contextmanager
def span(name: str, parent: str | None = None) -> Iterator[Span]:
    """A span under the current one, or under the W3C `parent` that came with a request or an event.

    In a trace that is not sampled no span is created; only its id is passed on.
    """
    above = trace.get_current_span()
    if parent is None and _is_known_unsampled(above.get_span_context()):
        yield above
        return
    context = _propagator.extract({"traceparent": parent}) if parent else None
    named = trace.get_current_span(context).get_span_context() if context else None
    if named and _is_known_unsampled(named):
        with trace.use_span(NonRecordingSpan(named)) as passing:
            yield passing
        return
    with _recorded(name, context) as current:
        yield current


@contextmanager
def _recorded(name: str, context: Context | None) -> Iterator[Span]:
    """A span that records an error by its summary, as logs do, since its message may quote user content."""
    with _tracer.start_as_current_span(
        name, context=context, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_status(StatusCode.ERROR, summary_of(error))
            raise


def _is_known_unsampled(context: SpanContext) -> bool:
    return context.is_valid and not context.trace_flags & TraceFlags.SAMPLED


def traceparent() -> str | None:
    """The current trace context in W3C form, None outside any span."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def _with_trace(_logger: object, _method: str, event: structlog.typing.EventDict) -> Mapping[str, object]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = format(context.trace_id, "032x")
    return event


def is_sampled(parent: str | None) -> bool:
    """Whether a stored W3C trace context is sampled. For others no span need be created."""
    return parent is not None and bool(
        int(parent[-2:], 16) & 1
    )  # bit 1 is the sampled flag, others may be set
