"""One trace from the click to the projected row, through Kafka; and what the outside sees of each process."""

import json
import os

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from people import client, key, things_of
from qingyuan_local.collecting import Collector
from qingyuan_local.processes import INSIDE
from qingyuan_local.testing import Stack
from qingyuan_runtime.topology import NAMES as SERVICES
from qingyuan_runtime.topology import WITH_LOG

pytestmark = pytest.mark.servers


NAMES = {
    "gateway POST /api/registry/instruments/{instrument_id}/om-operator",
    "registry POST",
    "store.read",
    "store.append",
    "relay.publish",
    "project register",
}


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def spans(bodies: list[bytes]) -> set[str]:
    """Names of the spans of our trace."""
    requests = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    scopes = [
        scope for request in requests for resource in request.resource_spans for scope in resource.scope_spans
    ]
    return {span.name for scope in scopes for span in scope.spans if span.trace_id.hex() == TRACE}


def test_one_trace_reaches_from_the_click_to_the_row(running_stack: Stack, collector: Collector) -> None:
    if "TEST_STACK" in os.environ:
        pytest.skip("that system sends its traces elsewhere")
    http = client(running_stack, "enterprise")
    things = things_of(http)
    body = {"om_operator": "丙运维有限公司", "valid_from": "2026-01-01"}
    path = f"/api/registry/instruments/{things.instrument_id}/om-operator"
    traced = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    answer = http.post(path, json=body, headers=key() | traced)
    assert answer.status_code == 202, answer.text
    written = f"{answer.json()['stream']}@{answer.json()['version']}"
    history = http.get(f"/api/views/history/{things.stream}", headers={"If-Version-At-Least": written})
    assert history.json()["items"][0]["trace_id"] == TRACE
    assert collector.wait_for(lambda bodies: spans(bodies) >= NAMES)


def test_each_process_shows_health_and_metrics_and_status_reads_them(running_stack: Stack) -> None:
    ports = json.loads((running_stack.folder / "ports.json").read_text())
    for name in (INSIDE if service == "gateway" else service for service in SERVICES):
        for path in ("/livez", "/readyz", "/metrics"):
            answer = httpx.get(f"http://127.0.0.1:{ports[name]}{path}", trust_env=False)
            assert answer.status_code == 200, (name, path, answer.text)
            public = httpx.get(f"http://127.0.0.1:{ports['gateway']}{path}", trust_env=False)
            assert public.status_code != 200 or public.headers["content-type"].startswith("text/html"), path
    figures = {line["name"]: line["figures"] for line in json.loads(running_stack.cli("status", "--json"))}
    assert figures["registry"]["qingyuan_audit_faults_total"] == 0
    assert figures["registry"]["qingyuan_relay_lag_seconds"] < 60
    assert "qingyuan_projection_lag_events" in figures["views"]


def test_the_audit_finds_nothing_wrong(running_stack: Stack) -> None:
    topics = [json.loads(line) for line in running_stack.cli("audit").splitlines()]
    assert [topic["topic"] for topic in topics] == [f"qingyuan.{name}" for name in WITH_LOG]
    assert topics[0]["streams"] > 50
    assert {(topic["holes"], topic["inversions"]) for topic in topics} == {(0, 0)}


def test_a_rebuild_shows_the_same_and_the_live_projector_goes_on(running_stack: Stack) -> None:
    """Swapped in while everything runs: nothing differs, and what is written afterwards still arrives."""
    assert "已重建并切换" in running_stack.cli("rebuild", "register")
    http = client(running_stack, "enterprise")
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


def test_logs_hold_no_personal_data(running_stack: Stack) -> None:
    http = client(running_stack, "enterprise")
    things = things_of(http)
    contact = http.get(f"/api/registry/enterprises/{things.enterprise_id}/contact").json()
    assert contact["name"]
    for log in (running_stack.folder / "log").glob("*.log"):
        text = log.read_text(errors="replace")
        assert contact["name"] not in text, log.name
        assert running_stack.password not in text or log.name == "up.log", log.name
