"""The auditor's findings for topics with all kinds of content."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
from counting import until
from prometheus_client import REGISTRY
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Message, OffsetGone, Reader
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.process.role_health import ROLE_HEALTH
from qingyuan_runtime.publishing import audit_findings, auditing
from qingyuan_runtime.publishing.audit_findings import Findings
from qingyuan_runtime.publishing.auditing import Auditor
from sample_messages import Rows, message, put_key
from structlog.testing import capture_logs


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    put_key(tmp_path, "20260101")
    return Keyring(tmp_path)


def log(versions: int, *, epoch: int = 1, stream: str = "outlet-0") -> Rows:
    rows = Rows(now=epoch)
    for version in range(1, versions + 1):
        rows.hold(stream, version)
    return rows


async def filled(messages: Sequence[Message]) -> MemoryTopic:
    topic = MemoryTopic(1)
    await MemoryPublisher(topic).publish(messages)
    return topic


async def audited(messages: Sequence[Message], rows: Rows | None, keys: Keyring | None = None) -> Findings:
    topic = await filled(messages)

    async def reader() -> Reader:
        return MemoryReader(topic)

    return await Auditor(reader, rows, keys).read_to_end()


def kinds(findings: Findings) -> dict[str, int]:
    return {kind: figure for kind, figure in findings.figures.items() if figure}


async def test_a_topic_that_agrees_with_the_log_has_no_faults(keys: Keyring) -> None:
    """Also unsigned, as it was published before there were signatures; and repeats are allowed."""
    sent = [message(version=1), message(version=2, keys=keys), message(version=2, keys=keys)]
    findings = await audited(sent, log(2), keys)
    assert (kinds(findings), findings.read, findings.repeats, findings.streams) == ({}, 3, 1, 1)


async def test_gaps_and_inversions_are_reported_with_partition_offset_and_version() -> None:
    sent = [message(version=version) for version in (1, 3, 5, 4)]
    findings = await audited(sent, log(5))
    assert kinds(findings) == {"hole": 1, "inversion": 1}
    assert [(f.kind, f.partition, f.offset, f.version) for f in findings.faults] == [
        ("hole", 0, 1, 3),
        ("hole", 0, 2, 5),
        ("inversion", 0, 3, 4),
    ]


def garbage() -> list[Message]:
    whole = message(version=2)
    headers = dict(whole.headers)
    return [
        Message(b"", b"", []),
        Message(b"\xff\x00", b"\xff", [("ce_subject", b"\xff")]),
        Message(whole.key, whole.value, list((headers | {"ce_streamversion": b"two"}).items())),
        Message(whole.key, whole.value, list((headers | {"ce_epoch": b"-1"}).items())),
        Message(whole.key, whole.value, list((headers | {"ce_actor": b"[" * 10_000}).items())),
        Message(whole.key, whole.value, list((headers | {"ce_time": b"yesterday"}).items())),
        Message(b"outlet-9", whole.value, whole.headers),
        Message(whole.key, b"not json", whole.headers),
        Message(whole.key, b"[" * 100_000, whole.headers),
    ]


async def test_an_unreadable_message_is_reported_and_the_audit_goes_on(keys: Keyring) -> None:
    for rows, ring in ((log(2), keys), (log(2), None), (None, None)):
        findings = await audited([message(version=1), *garbage(), message(version=2)], rows, ring)
        assert kinds(findings) == {"unreadable": len(garbage())}
        assert [fault.offset for fault in findings.faults] == list(range(1, len(garbage()) + 1))


async def test_a_message_that_differs_from_the_log_is_forged(keys: Keyring, tmp_path: Path) -> None:
    put_key(tmp_path / "theirs", "20260101")
    sent = [
        message(version=1),
        message(version=2, name="另一个"),
        message(version=2, epoch=2),
        message(version=3),
        message(version=2, keys=Keyring(tmp_path / "theirs")),
        message("outlet-7", version=10**17),
        message("outlet-\0", version=1),
        message(version=2),
    ]
    findings = await audited(sent, log(2), keys)
    assert (kinds(findings), findings.repeats) == ({"forged": 6}, 0)
    assert findings.faults[0].why == "the log says otherwise: data"
    assert findings.faults[3].why == "signed wrongly"


async def test_a_signed_message_that_a_restored_log_no_longer_holds_is_withdrawn(keys: Keyring) -> None:
    """Version 2 was published and lost; the log was restored at 1 and gave 2 again to another fact."""
    rows = log(1, epoch=2)
    rows.hold("outlet-0", 2, epoch=2, name="另一个")
    lost = [message(version=version, keys=keys) for version in (1, 2, 3)]
    again = [message(version=1, keys=keys), message(version=2, epoch=2, name="另一个", keys=keys)]
    findings = await audited([*lost, *again], rows, keys)
    assert (kinds(findings), findings.withdrawn, findings.repeats) == ({}, 2, 1)


async def test_an_unsigned_message_that_a_restored_log_does_not_hold_is_forged(keys: Keyring) -> None:
    findings = await audited([message(version=1), message(version=2)], log(1, epoch=2), keys)
    assert (kinds(findings), findings.withdrawn) == ({"forged": 1}, 0)


async def test_history_that_was_never_published_is_no_gap() -> None:
    rows = log(0)
    rows.history["outlet-0"] = 6
    for version in (7, 8, 10):
        rows.hold("outlet-0", version)
    findings = await audited([message(version=version) for version in (7, 8, 10)], rows)
    assert kinds(findings) == {"hole": 1}


async def test_the_findings_remember_a_limited_number_of_streams_and_faults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit_findings, "DETAILS_MOST", 3)
    findings = Findings(remembered=10)
    for number in range(1_000):
        findings.add(f"outlet-{number}", 10**15)
    assert (len(findings._last), len(findings._missing), len(findings.faults)) == (10, 0, 3)
    assert (findings.streams, findings.gaps) == (1_000, 1_000 * (10**15 - 1))


async def test_the_metrics_count_a_fault_once_also_when_the_topic_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topic = await filled([message(version=1), message(version=3), Message(b"", b"", [])])
    opened: list[MemoryReader] = []

    class Failing(MemoryReader):
        async def poll(self, *, timeout_ms: int, max_records: int) -> object:  # type: ignore[override]
            findings = await super().poll(timeout_ms=10, max_records=max_records)
            if not findings:
                raise ConnectionResetError
            return findings

    async def reader() -> Reader:
        opened.append(Failing(topic))
        return opened[-1]

    async def at_once(_self: object, _error: object) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(auditing.Backoff, "after", at_once)
    before = {kind: counted(kind) for kind in ("hole", "unreadable")}
    running = asyncio.ensure_future(Auditor(reader, log(3)).run())
    while len(opened) < 4:
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert {kind: counted(kind) - before[kind] for kind in before} == {"hole": 1, "unreadable": 1}


def counted(kind: str) -> float:
    return REGISTRY.get_sample_value("qingyuan_audit_faults_total", {"kind": kind}) or 0


async def test_a_recreated_topic_is_read_from_its_beginning_and_reported_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where the new one has grown past the place at which the old one was read."""
    monkeypatch.setattr(auditing, "WATCH_EVERY", 0.0)
    monkeypatch.setattr(auditing, "POLL_MILLISECONDS", 20)
    topic = await filled([message(version=1), Message(b"", b"", [])])

    async def reader() -> Reader:
        return MemoryReader(topic)

    auditor = Auditor(reader, log(3))
    begun = REGISTRY.get_sample_value("qingyuan_audit_begun_anew_total") or 0
    unreadable = counted("unreadable")
    running = asyncio.ensure_future(auditor.run())

    async def has_read(messages: int, begun_anew: int = 0) -> bool:
        assert not running.done(), "it does not end"
        return (auditor.findings.read, auditor.findings.begun_anew) == (messages, begun_anew)

    with capture_logs() as logs:
        await until(lambda: has_read(2))
        topic.make_anew()
        sent = [message(version=1), message(version=2), message(version=3), Message(b"", b"", [])]
        await MemoryPublisher(topic).publish(sent)
        await until(lambda: has_read(4, begun_anew=1))
    assert kinds(auditor.findings) == {"unreadable": 1}
    assert REGISTRY.get_sample_value("qingyuan_audit_begun_anew_total") == begun + 1
    assert counted("unreadable") - unreadable == 2, (
        "what the new topic holds is counted beside what the old one held"
    )
    assert [str(entry["reason"]) for entry in logs if entry["event"] == "auditor.begins_anew"] == [
        "the topic was made anew"
    ]
    assert "auditor" not in ROLE_HEALTH.troubles
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_auditor_whose_topic_is_gone_is_degraded_and_reports_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topic = await filled([message(version=1)])
    gone = asyncio.Event()
    requests = 0

    class Gone(MemoryReader):
        async def topic_id(self) -> UUID:
            nonlocal requests
            if gone.is_set():
                requests += 1
                raise OffsetGone("topic does not exist")
            return await super().topic_id()

    async def reader() -> Reader:
        return Gone(topic)

    monkeypatch.setattr(auditing, "WATCH_EVERY", 0.0)
    monkeypatch.setattr(auditing, "POLL_MILLISECONDS", 20)
    monkeypatch.setattr(auditing.Restarts, "pause", lambda _self, _now: 0.01)
    auditor = Auditor(reader, log(1))
    running = asyncio.ensure_future(auditor.run())

    async def has_read() -> bool:
        return auditor.findings.read == 1

    async def has_asked() -> bool:
        return requests > 3

    with capture_logs() as logs:
        await until(has_read)
        gone.set()
        await until(has_asked)
        assert "topic does not exist" in ROLE_HEALTH.troubles["auditor"].reason
        gone.clear()
        await until(lambda: has_recovered("auditor"))
    assert len([entry for entry in logs if entry["event"] == "auditor.begins_anew"]) == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def has_recovered(role: str) -> bool:
    return role not in ROLE_HEALTH.troubles
