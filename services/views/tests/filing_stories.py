"""Whatever an operator, its reviewers and the clock may do to a filing, in any order, as facts. For the tests of this service."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from filing_facts import FilingFacts, basics, device, sealed, version
from hypothesis import strategies as st
from qingyuan_events import filing as facts
from qingyuan_standards.days import local_day
from sample_facts import SampleFacts

BEGINNING = datetime(2026, 3, 1, 3, tzinfo=UTC)
WHAT = (
    *("basics", "add", "add", "correct", "renew", "revoke", "end", "remind"),
    *(
        "submit",
        "submit",
        "submit",
        "withdraw",
        "withdraw",
        "open",
        "pass",
        "pass",
        "pass",
        "return",
        "return",
        "lock",
        "cancel",
        "overdue",
    ),
)


@dataclass(frozen=True)
class Deed:
    """`hours` after the one before; `back`: days by which what it says is older; `which` resource or paper."""

    what: str
    hours: int
    back: int
    which: int


deeds = st.lists(
    st.builds(
        Deed,
        st.sampled_from(WHAT),
        st.sampled_from((0, 1, 9, 14, 30, 60)),
        st.integers(0, 9),
        st.integers(0, 5),
    ),
    min_size=10,
    max_size=18,
)


@dataclass
class Stated:
    version: int
    papers: tuple[facts.Paper, ...]
    ended: bool = False


@dataclass
class Story:
    """Keeps the rules that the folds rely on: a fact names versions that there are, and days up to its own."""

    operator_id: UUID = field(default_factory=uuid4)
    sample: SampleFacts = field(default_factory=SampleFacts)
    at: datetime = BEGINNING
    version: int = 0
    basics_version: int = 0
    number: int = 0
    stage: str | None = None
    handed_in: tuple[facts.ResourceVersion, ...] = ()
    stated: dict[UUID, Stated] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_day(self.at)

    def say(self, kind: type[facts.FilingFact], **fields: Any) -> None:
        FilingFacts(self.sample, self.operator_id).say(kind, self.at, **fields)
        self.version += "resource_id" not in fields or kind is facts.FilingChangeOverdue

    def begins(self) -> None:
        self.say(facts.FilingBegun, name=basics.name)
        self.does(Deed("basics", 0, 3, 0))
        self.does(Deed("add", 0, 5, 0))

    def does(self, deed: Deed) -> None:
        self.at += timedelta(hours=deed.hours)
        getattr(self, f"_{deed.what}")(deed, self.today - timedelta(days=deed.back))

    def _basics(self, deed: Deed, day: date) -> None:
        changed = basics.model_copy(update={"staff": deed.which + 10, "name": f"运维{deed.which}"})
        self.say(facts.FilingBasicsChanged, basics=changed, legal_representative=sealed, changed_on=day)
        self.basics_version = self.version

    def _add(self, deed: Deed, day: date) -> None:
        key = uuid4()
        papers = (self._paper(deed),)
        particulars = device.model_copy(update={"papers": papers, "name": f"仪器{deed.which}"})
        self.say(facts.ResourceAdded, resource_id=key, particulars=particulars, changed_on=day)
        self.stated[key] = Stated(1, papers)

    def _paper(self, deed: Deed) -> facts.Paper:
        valid_to = date(2026, 3, 10) + timedelta(days=deed.which * 9)
        return facts.Paper(paper_id=uuid4(), kind="calibration", number=f"JZ-{deed.which}", valid_to=valid_to)

    def _one(self, deed: Deed) -> tuple[UUID, Stated] | None:
        there = [(key, stated) for key, stated in self.stated.items() if not stated.ended]
        return there[deed.which % len(there)] if there else None

    def _says(self, deed: Deed, kind: type[facts.FilingFact], **fields: Any) -> Stated | None:
        found = self._one(deed)
        if found is None:
            return None
        key, stated = found
        self.say(kind, resource_id=key, **fields)
        stated.version += 1
        return stated

    def _correct(self, deed: Deed, day: date) -> None:
        found = self._one(deed)
        papers = tuple(
            paper.model_copy(update={"valid_to": day}) for paper in (found[1].papers if found else ())
        )
        particulars = device.model_copy(update={"papers": papers, "model": f"M{deed.back}"})
        self._says(deed, facts.ResourceCorrected, particulars=particulars, changed_on=day, reason="更正")
        if found:
            found[1].papers = papers

    def _renew(self, deed: Deed, day: date) -> None:
        paper, found = self._paper(deed), self._one(deed)
        replaced = found[1].papers[0].paper_id if found and found[1].papers and deed.back % 2 else None
        stated = self._says(deed, facts.ResourcePaperRenewed, paper=paper, replaces=replaced, changed_on=day)
        if stated:
            stated.papers = facts.renewed(stated.papers, paper, replaced)

    def _revoke(self, deed: Deed, day: date) -> None:
        found = self._one(deed)
        if found and found[1].papers:
            paper = found[1].papers[0].paper_id
            self._says(deed, facts.ResourcePaperRevoked, paper_id=paper, first_day=day, reason="撤销")

    def _remind(self, deed: Deed, _day: date) -> None:
        found = self._one(deed)
        if found and found[1].papers and found[1].papers[0].valid_to:
            paper = found[1].papers[0]
            valid_to = paper.valid_to
            self._says(deed, facts.ResourcePaperEnding, paper_id=paper.paper_id, valid_to=valid_to, days=30)

    def _end(self, deed: Deed, day: date) -> None:
        stated = self._says(deed, facts.ResourceEnded, last_day=day, reason="报废")
        if stated:
            stated.ended = True

    def _submit(self, deed: Deed, _day: date) -> None:
        if self.stage:
            return
        self.number += 1
        self.handed_in = tuple(version(key, "device", stated.version) for key, stated in self.stated.items())
        handed_in = self.basics_version if deed.which % 2 == 0 else None
        self.stage = "second" if handed_in is None else "first"
        self.say(
            facts.FilingSubmitted,
            number=self.number,
            basics_version=handed_in,
            resources=self.handed_in,
            late=False,
        )

    def _withdraw(self, _deed: Deed, _day: date) -> None:
        if self.stage:
            self.say(facts.FilingWithdrawn, number=self.number)
            self.stage = None

    def _open(self, deed: Deed, _day: date) -> None:
        if self.stage:
            self.say(facts.FilingReviewOpened, number=self.number, by=UUID(int=deed.which))

    def _pass(self, deed: Deed, _day: date) -> None:
        about = {"number": self.number, "by": UUID(int=deed.which)}
        if self.stage == "first":
            self.say(facts.FilingFirstReviewPassed, **about)
            self.stage = "second"
        elif self.stage == "second":
            self.say(facts.FilingSecondReviewPassed, **about)
            filed = {
                "basics_version": self.basics_version,
                "resources": self.handed_in,
                "filed_on": self.today,
            }
            self.say(facts.Filed, number=self.number, **filed)
            self.stage = None

    def _return(self, deed: Deed, _day: date) -> None:
        about = {"number": self.number, "by": UUID(int=deed.which)}
        if self.stage == "first":
            remark = facts.Remark(field="address", reason="unclear")
            self.say(facts.FilingFirstReviewReturned, **about, remarks=(remark,))
        elif self.stage == "second":
            returned = self.handed_in[:1]
            remarks = tuple(
                facts.Remark(resource_id=each.resource_id, field="name", reason="unclear")
                for each in returned
            )
            passed = self.handed_in[1:]
            self.say(facts.FilingSecondReviewReturned, **about, remarks=remarks, passed=passed)
        self.stage = None

    def _lock(self, deed: Deed, _day: date) -> None:
        kinds = (facts.FilingLocked, facts.FilingReactivationAsked, facts.FilingReactivated)
        self.say(kinds[deed.which % 3], reason="原因")

    def _cancel(self, _deed: Deed, _day: date) -> None:
        self.say(facts.FilingCancelled, revoked=False, reason="不再从事运维")
        self.say(facts.FilingBegun, name=basics.name)
        self.stage = None

    def _overdue(self, _deed: Deed, day: date) -> None:
        self.say(facts.FilingChangeOverdue, version=self.basics_version, changed_on=day, last_day=self.today)


def told(sequence: list[Deed]) -> Story:
    story = Story()
    story.begins()
    for deed in sequence:
        story.does(deed)
    return story
