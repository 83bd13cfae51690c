"""Reports and exemptions as facts, judged by the newest catalogue, for the tests of this service."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from qingyuan_events import reports as facts
from qingyuan_events.parts import FileRef
from qingyuan_standards.rules import catalogue, check
from sample_facts import NEW, POINT, SampleFacts, registry_facts
from working_day import contract
from working_day_facts import CONTRACT, FAR_POINT, HASH, OWN, SPACE, TECHNICIAN, THEIRS

MANAGER, REVIEWER = UUID(int=44), UUID(int=71)
GOOD = (("123", "104.6"), ("120", "118"), ("121", "118"))
"""Three pairs of real samples, all within 15 %."""
BAD = (("123", "60"), ("120", "61"), ("121", "62"))
FACTOR_AT = "/points/0/factors/0"
Pairs = Sequence[tuple[str, str]]


def document(
    pairs: Pairs = GOOD,
    *,
    day: str = "2026-11-03",
    point: UUID = POINT,
    instrument: UUID | None = NEW,
    **changed: Any,
) -> dict[str, Any]:
    """A comparison of COD by HJ 355."""
    factor: dict[str, Any] = {
        "factor": "w01018",
        "unit": "mg/L",
        "reference_method": {"method": "HJ 828-2017"},
        "pairs": [
            {"from": f"{day}T09:{10 * number:02}", "reference": reference, "measured": measured}
            for number, (reference, measured) in enumerate(pairs)
        ],
    }
    if instrument:
        factor["instrument"] = {"about": {"instrument_id": str(instrument)}}
    whole = {
        "document": "report.v1",
        "doc_type": "sample_comparison",
        "basis": "HJ 355-2019",
        "number": f"LC-{day}",
        "performed": {"from": f"{day}T09:00", "to": f"{day}T11:00"},
        "points": [{"id": str(point), "factors": [factor]}],
    }
    return deepcopy(whole | changed)  # fmt: skip


class ReportFacts:
    """The facts of one report, added one by one."""

    def __init__(
        self,
        sample: SampleFacts,
        name: str,
        written: dict[str, Any] | None = None,
        *,
        whose: dict[str, Any] = OWN,
        replaces: UUID | None = None,
    ) -> None:
        self.sample, self.name, self.round = sample, name, 0
        self.id = uuid5(SPACE, f"report {name}")
        self.own = {"report_id": self.id, **whose}
        self.document = written or document()
        self.add(
            facts.ReportDrafted, document=self.document, points=self._points, replaces=replaces, by=TECHNICIAN
        )

    @property
    def stream(self) -> str:
        return f"report-{self.id}"

    @property
    def _points(self) -> tuple[UUID, ...]:
        return tuple(UUID(point["id"]) for point in self.document["points"])

    @property
    def version(self) -> int:
        return len([fact for fact in self.sample.recorded if fact.stream == self.stream])

    @property
    def _now(self) -> datetime:
        """The days of the demo facts go on, so each step is later than the one before."""
        return datetime(2026, 11, 4, 4, tzinfo=UTC).replace(minute=self.version)

    def add(self, kind: type[facts.ReportFact], **more: Any) -> None:
        self.sample.add(self.stream, kind(**self.own, **more))

    def attaches(self, name: str = "比对报告.pdf") -> None:
        pdf = FileRef(sha256=HASH, size=1, media_type="application/pdf", name=name)
        self.add(facts.ReportFileAttached, file=pdf, by=TECHNICIAN)
        original = facts.OriginalRecord(original_id=uuid5(self.id, name), title="实验室原始记录", file=pdf)
        self.add(facts.ReportOriginalAttached, original=original, by=TECHNICIAN)

    def changes(self, written: dict[str, Any]) -> None:
        self.document = written
        self.add(facts.ReportChanged, document=written, points=self._points, by=TECHNICIAN)

    def submits(self, answer: str | None = None) -> None:
        self.round += 1
        kind = facts.ReportResubmitted if answer else facts.ReportSubmitted
        more = {"answer": answer} if answer else {}
        self.add(
            kind,
            round=self.round,
            version=self.version,
            number=self.document["number"],
            document_sha256="cd" * 32,
            by=MANAGER,
            submitted_at=self._now,
            **more,
        )

    def _judged(self, exemptions: Sequence[facts.AppliedExemption], **more: Any) -> dict[str, Any]:
        told = [
            {"rule": one.rule, "from": str(one.first_day), "to": str(one.last_day), "reason": "停产检修"}
            for one in exemptions
        ]
        whole = self.document | ({"exemptions": told} if told else {})
        verdict = check(whole, catalogue()).as_json()
        return {
            "round": self.round,
            "catalogue_version": verdict["catalogue"]["version"],
            "catalogue_sha256": verdict["catalogue"]["sha256"],
            "result": verdict["result"],
            "blocking": verdict["blocking"],
            "verdict": verdict,
            "exemptions": tuple(exemptions),
            **more,
        }

    def is_checked(self, *findings: facts.ReportFinding) -> None:
        self.add(facts.ReportChecked, **self._judged((), findings=findings), checked_at=self._now)

    def is_reevaluated(self, *exemptions: facts.AppliedExemption) -> None:
        judged = self._judged(exemptions, reason="豁免后重新评价")
        self.add(facts.ReportReevaluated, **judged, by=REVIEWER, reevaluated_at=self._now)

    def is_returned(self) -> None:
        reason = facts.ReturnReason(code=None, text="请补充原始记录")
        self.add(
            facts.ReportReturned, round=self.round, reasons=(reason,), by=REVIEWER, returned_at=self._now
        )

    def is_accepted(self, replaces: UUID | None = None) -> None:
        self.add(
            facts.ReportAccepted, round=self.round, replaces=replaces, by=REVIEWER, accepted_at=self._now
        )

    def is_withdrawn(self) -> None:
        self.add(facts.ReportWithdrawn, reason="误建", by=MANAGER, withdrawn_at=self._now)

    def hands_in(self, *findings: facts.ReportFinding) -> "ReportFacts":
        self.attaches()
        self.submits()
        self.is_checked(*findings)
        return self


def grant(sample: SampleFacts, name: str, rule: str, whose: dict[str, Any] = OWN, **more: Any) -> UUID:
    """An exemption of the enterprise from the rule for the year."""
    key = uuid5(SPACE, f"exemption {name}")
    granted = facts.ExemptionGranted(
        exemption_id=key,
        enterprise_id=whose["enterprise_id"],
        district=whose["district"],
        rule=rule,
        reason_code="process",
        text="生产线停产检修",
        by=REVIEWER,
        **{"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)} | more,
    )
    sample.add(f"exemption-{key}", granted)
    return key


def applied(key: UUID, rule: str) -> facts.AppliedExemption:
    year = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}
    return facts.AppliedExemption(exemption_id=key, rule=rule, **year)


def town() -> SampleFacts:
    """Two enterprises in two districts, each with a point and an operator of its own."""
    sample = registry_facts()
    contract(sample, CONTRACT, OWN, POINT, "上海绿测环境运维有限公司")
    contract(sample, UUID(int=33), THEIRS, FAR_POINT, "上海他人运维有限公司")
    return sample
