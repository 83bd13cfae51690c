"""One trace from the click to the projected row, through Kafka; and what the outside sees of each process."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from people import client, key, things_of
from qingyuan_local.children import free_port
from qingyuan_local.testing import Stack, start_stack

pytestmark = pytest.mark.servers


class Collector:
    """A collector that speaks OTLP over HTTP and keeps the spans: trace id → names."""

    def __init__(self) -> None:
        self.spans: dict[str, set[str]] = {}
        self.arrived = threading.Condition()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                collector.keep(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return None

        self.port = free_port()
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def keep(self, request: ExportTraceServiceRequest) -> None:
        with self.arrived:
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        self.spans.setdefault(span.trace_id.hex(), set()).add(span.name)
            self.arrived.notify_all()

    def wait_for(self, trace: str, names: set[str]) -> set[str]:
        with self.arrived:
            self.arrived.wait_for(lambda: names <= self.spans.get(trace, set()), timeout=30)
            return self.spans.get(trace, set())


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def traced_stack(scratch: Path, collector: Collector) -> Iterator[Stack]:
    """Every role a process of its own, every trace kept."""
    endpoint = f"http://127.0.0.1:{collector.port}"
    stack = start_stack(
        scratch / "traced",
        "--split",
        TRACE_RATIO="1",
        OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
        OTEL_BSP_SCHEDULE_DELAY="200",
    )
    yield stack
    stack.cli("down")


NAMES = {
    "gateway POST /api/registry/instruments/{instrument_id}/om-operator",
    "registry POST",
    "store.read",
    "store.append",
    "relay.publish",
    "project register",
}


def test_one_trace_reaches_from_the_click_to_the_row(traced_stack: Stack, collector: Collector) -> None:
    http = client(traced_stack, "enterprise")
    things = things_of(http)
    body = {"om_operator": "丙运维有限公司", "valid_from": "2026-01-01"}
    answer = http.post(
        f"/api/registry/instruments/{things.instrument_id}/om-operator", json=body, headers=key()
    )
    assert answer.status_code == 202, answer.text
    written = f"{answer.json()['stream']}@{answer.json()['version']}"
    history = http.get(f"/api/views/history/{things.stream}", headers={"If-Version-At-Least": written})
    trace = history.json()["items"][0]["trace_id"]
    assert collector.wait_for(trace, NAMES) >= NAMES


def test_each_process_shows_health_and_metrics_and_status_reads_them(traced_stack: Stack) -> None:
    ports = json.loads((traced_stack.folder / "ports.json").read_text())
    for name in (
        "accounts",
        "registry",
        "registry-relay",
        "registry-auditor",
        "views",
        "views-project-register",
        "gateway",
    ):
        for path in ("/livez", "/readyz", "/metrics"):
            answer = httpx.get(f"http://127.0.0.1:{ports[name]}{path}", trust_env=False)
            assert answer.status_code == 200, (name, path, answer.text)
    figures = {line["name"]: line["figures"] for line in json.loads(traced_stack.cli("status", "--json"))}
    assert figures["registry-auditor"]["qingyuan_audit_faults_total"] == 0
    assert figures["registry-relay"]["qingyuan_relay_lag_seconds"] < 60
    assert "qingyuan_projection_lag_events" in figures["views-project-register"]


def test_the_audit_finds_nothing_wrong(traced_stack: Stack) -> None:
    topics = [json.loads(line) for line in traced_stack.cli("audit").splitlines()]
    assert [one["topic"] for one in topics] == ["qingyuan.registry", "qingyuan.tasks", "qingyuan.signoff"]
    assert topics[0]["streams"] > 50
    assert [(one["holes"], one["inversions"]) for one in topics] == [(0, 0)] * 3


def test_a_rebuild_shows_the_same_and_the_live_projector_goes_on(traced_stack: Stack) -> None:
    """Swapped in while everything runs: nothing differs, and what is written afterwards still arrives."""
    assert "已重建并切换" in traced_stack.cli("rebuild", "register")
    http = client(traced_stack, "enterprise")
    things = things_of(http)
    body = {"om_operator": "丁运维有限公司", "valid_from": "2026-02-01"}
    path = f"/api/registry/instruments/{things.instrument_id}/om-operator"
    answer = http.post(path, json=body, headers=key())
    assert answer.status_code == 202, answer.text
    seen: list[str] = []
    for _ in range(20):
        shown = http.get(
            f"/api/views/instruments/{things.instrument_id}",
            headers={"If-Version-At-Least": f"{answer.json()['stream']}@{answer.json()['version']}"},
        )
        if shown.status_code == 200:
            seen.append(shown.json()["particulars"]["om_operator"])
            break
    assert seen == ["丁运维有限公司"]


def test_logs_hold_no_personal_data(traced_stack: Stack) -> None:
    http = client(traced_stack, "enterprise")
    things = things_of(http)
    contact = http.get(f"/api/registry/enterprises/{things.enterprise_id}/contact").json()
    assert contact["name"]
    for log in (traced_stack.folder / "log").glob("*.log"):
        text = log.read_text(errors="replace")
        assert contact["name"] not in text, log.name
        assert traced_stack.password not in text or log.name == "up.log", log.name
