"""Work and the papers that it stands on: an operator filed in the middle of its four weeks, and a certificate revoked since."""

from datetime import date
from typing import Any
from uuid import UUID

from filing_facts import CERTIFICATE, PERSON, FilingFacts, person, version
from qingyuan_events import filing as facts
from sample_facts import SampleFacts
from working_day import working_day
from working_day_facts import OPERATOR

FILED_ON, REVOKED_FROM = date(2026, 11, 5), date(2026, 11, 12)
WORKER = person


def files(filing: FilingFacts, number: int, basics_version: int | None, *resources: facts.ResourceVersion, on: date = FILED_ON) -> None:  # fmt: skip
    filing.submits(number, basics_version, *resources)
    filing.say(facts.Filed, number=number, basics_version=basics_version, resources=resources, filed_on=on)


def filed_worker(filing: FilingFacts, worker: facts.PersonParticulars = WORKER) -> None:
    filing.begins()
    filing.adds(PERSON, worker)
    files(filing, 1, 2, version(PERSON, "person"))


def revoke(filing: FilingFacts, first_day: date = REVOKED_FROM) -> None:
    filing.say(
        facts.ResourcePaperRevoked,
        resource_id=PERSON,
        paper_id=CERTIFICATE,
        first_day=first_day,
        reason="弄虚作假",
    )


def certificate(paper_id: UUID = CERTIFICATE, **changes: Any) -> facts.Paper:
    return person.papers[0].model_copy(update={"paper_id": paper_id, **changes})


def work_and_filing() -> tuple[SampleFacts, FilingFacts]:
    """The filing of the operator of `working_day`, with its technician filed from FILED_ON on."""
    sample = working_day()
    filing = FilingFacts(sample, OPERATOR)
    filed_worker(filing)
    return sample, filing
