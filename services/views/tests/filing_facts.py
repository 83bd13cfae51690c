"""The facts of two filings: one filed and changed since, one in its first review. For the tests of this service."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from qingyuan_events import Personal
from qingyuan_events import filing as facts
from qingyuan_events.parts import FileRef
from sample_facts import NOW, POINT, SampleFacts
from working_day_facts import OPERATOR, RIVAL, TECHNICIAN

TODAY = date(2026, 11, 20)
PERSON, DEVICE, VEHICLE, PART, LATER = (UUID(int=number) for number in range(301, 306))
CERTIFICATE, CALIBRATION, LICENCE, RENEWED = (UUID(int=number) for number in range(311, 315))
MANUAL, WRONG = UUID(int=351), UUID(int=352)
REVIEWER = UUID(int=73)
sealed = Personal(subject=UUID(int=320), nonce="AAAAAAAAAAAAAAAA", ciphertext="AAAA")
scan = FileRef(sha256="a" * 64, size=10, media_type="application/pdf", name="扫描件.pdf")

basics = facts.FilingBasics(
    name="上海清测运维有限公司",
    uscc="91130200699229617X",
    registered_in="310000",
    registered_capital=Decimal(500),
    address="清源路 1 号",
    scope=("wastewater", "voc"),
    projects=3,
    project_amount=Decimal("88.5"),
    staff=12,
    business_licence=scan,
    workplace_proof=scan,
)
person = facts.PersonParticulars(
    post="现场运维",
    technical_posts=("maintenance",),
    joined_on=date(2024, 5, 6),
    account_id=TECHNICIAN,
    papers=(
        facts.Paper(
            paper_id=CERTIFICATE,
            kind="competence_certificate",
            number="YW-1",
            issuer="协会",
            grade="水",
            valid_from=date(2024, 1, 1),
            valid_to=date(2026, 12, 10),
            scan=scan,
        ),
    ),
)
device = facts.DeviceParticulars(
    asset_number="ZC-1",
    serial_number="SN-1",
    name="烟气分析仪",
    model="GA-21",
    papers=(
        facts.Paper(
            paper_id=CALIBRATION,
            kind="calibration",
            number="JZ-1",
            issuer="计量院",
            valid_from=date(2025, 11, 1),
            valid_to=date(2026, 10, 31),
            scan=scan,
        ),
    ),
)
vehicle = facts.VehicleParticulars(
    plate="沪A12345",
    ownership="owned",
    papers=(facts.Paper(paper_id=LICENCE, kind="vehicle_licence", valid_to=date(2028, 1, 1), scan=scan),),
)
part = facts.SparePartParticulars(
    category="spare_part", name="泵管", quantity=Decimal(20), value=Decimal(900), place="仓库"
)


class FilingFacts:
    """Adds facts of one operator's filing, each to its stream."""

    def __init__(self, sample: SampleFacts, operator_id: UUID) -> None:
        self.sample = sample
        self.operator_id = operator_id

    def say(self, kind: type[facts.FilingFact], at: datetime | None = None, **fields: object) -> None:
        fact = kind.model_validate({"operator_id": self.operator_id, **fields})
        self.sample.add(self._stream(kind, fields), fact, at)

    def _stream(self, kind: type[facts.FilingFact], fields: dict[str, object]) -> str:
        noun = kind.type.split(".")[0]
        key = {
            "resource": fields.get("resource_id"),
            "credit_document": fields.get("document_id"),
            "annual_information": uuid5(self.operator_id, f"annual {fields.get('year')}"),
        }.get(noun, self.operator_id)
        return f"{noun}-{key}"

    def adds(self, resource_id: UUID, particulars: facts.ResourceParticulars) -> None:
        name = sealed if particulars.kind == "person" else None
        self.say(
            facts.ResourceAdded,
            resource_id=resource_id,
            particulars=particulars,
            person=name,
            changed_on=TODAY,
        )

    def submits(self, number: int, basics_version: int | None, *versions: facts.ResourceVersion) -> None:
        self.say(
            facts.FilingSubmitted,
            number=number,
            basics_version=basics_version,
            resources=versions,
            late=False,
        )

    def begins(self) -> None:
        self.say(facts.FilingBegun, name=basics.name)
        self.say(
            facts.FilingBasicsChanged,
            basics=basics,
            legal_representative=sealed,
            contact=sealed,
            changed_on=TODAY,
        )


def version(resource_id: UUID, kind: str, number: int = 1) -> facts.ResourceVersion:
    return facts.ResourceVersion.model_validate({"resource_id": resource_id, "kind": kind, "version": number})


FIRST = (version(PERSON, "person"), version(DEVICE, "device"), version(VEHICLE, "vehicle"))


def filed(filing: FilingFacts) -> None:
    """Filed at the first attempt, with a person, a device and a vehicle."""
    filing.begins()
    signature = {"image": scan, "strokes": scan}
    signed: dict[str, Any] = {
        "by": UUID(int=330),
        "not_before": NOW,
        "given_at": NOW,
        "second_factor": "password",
        "certificate": None,
    }
    filing.say(
        facts.FilingUndertakingGivenV2,
        edition="2026-1",
        text="承诺",
        text_sha256="0" * 64,
        signature=signature,
        **signed,
    )
    filing.adds(PERSON, person)
    filing.adds(DEVICE, device)
    filing.adds(VEHICLE, vehicle)
    filing.submits(1, 2, *FIRST)
    filing.say(facts.FilingReviewOpened, number=1, by=REVIEWER)
    filing.say(facts.FilingFirstReviewPassed, number=1, by=REVIEWER)
    filing.say(facts.FilingSecondReviewPassed, number=1, by=REVIEWER)
    filing.say(facts.Filed, number=1, basics_version=2, resources=FIRST, filed_on=TODAY)


def changed(filing: FilingFacts) -> None:
    """A part is new, the device has a new paper; both were handed in, and the device was returned."""
    filing.adds(PART, part)
    renewed = device.papers[0].model_copy(update={"paper_id": RENEWED, "valid_to": date(2027, 10, 31)})
    filing.say(
        facts.ResourcePaperRenewed, resource_id=DEVICE, paper=renewed, replaces=CALIBRATION, changed_on=TODAY
    )
    filing.submits(2, None, version(PART, "spare_part"), version(DEVICE, "device", 2))
    filing.say(facts.FilingReviewOpened, number=2, by=REVIEWER)
    remark = facts.Remark(resource_id=DEVICE, field="papers.0.scan", reason="unreadable", text="印章看不清")
    filing.say(
        facts.FilingSecondReviewReturned,
        number=2,
        by=REVIEWER,
        remarks=(remark,),
        passed=(version(PART, "spare_part"),),
    )
    filing.say(
        facts.ResourcePaperRevoked,
        resource_id=PERSON,
        paper_id=CERTIFICATE,
        first_day=date(2026, 6, 1),
        reason="撤销",
    )


def informed(filing: FilingFacts) -> None:
    """A document for one point, another that was withdrawn, and a year with a plan and an entry."""
    document = {
        "kind": "operating_instructions",
        "title": "操作规程",
        "edition": "3",
        "valid_from": date(2026, 1, 1),
        "points": (POINT,),
        "file": scan,
    }
    filing.say(facts.CreditDocumentFiled, document_id=MANUAL, document=document)
    filing.say(
        facts.CreditDocumentFiled, document_id=WRONG, document={**document, "kind": "management_rules"}
    )
    filing.say(facts.CreditDocumentWithdrawn, document_id=WRONG, reason="有误")
    plan = {"title": "2026 年培训计划", "file": scan}
    filing.say(facts.AnnualPlanFiled, year=2026, plan=plan, late=False)
    entry = {
        "entry_id": UUID(int=353),
        "kind": "training",
        "first_day": date(2026, 3, 2),
        "last_day": date(2026, 3, 3),
        "content": "HJ 355",
        "hours": Decimal(12),
        "participants": (PERSON,),
        "files": (scan,),
    }
    filing.say(facts.AnnualEntryRecorded, year=2026, entry=entry, late=False)
    filing.say(facts.AnnualInformationClosed, year=2026, last_day=date(2027, 1, 31))


def two_filings() -> SampleFacts:
    sample = SampleFacts()
    own, theirs = FilingFacts(sample, OPERATOR), FilingFacts(sample, RIVAL)
    filed(own)
    changed(own)
    informed(own)
    theirs.begins()
    theirs.adds(LATER, part)
    theirs.submits(1, 2, version(LATER, "spare_part"))
    return sample
