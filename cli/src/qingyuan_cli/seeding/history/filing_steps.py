"""The commands by which the first operator was filed before the history, and by which it reported changes during it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from filing.domain.filings.undertaking import Undertaking
from qingyuan_runtime.edge.http import new_id
from qingyuan_standards.dated import setting
from qingyuan_standards.days import at_local

from qingyuan_cli.seeding.history import filing_contents as contents
from qingyuan_cli.seeding.history import pictures, planning
from qingyuan_cli.seeding.history.filing_contents import CERTIFIED_FOR, Entry, Scanned
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.history.planning import AGREEMENTS, LAPSED
from qingyuan_cli.seeding.history.requests import MINUTE, Json, Proofs, Step, Town

OPERATOR: Final = "greentest"
MANAGER: Final = AGREEMENTS[0].manager
REVIEWER: Final = "demo-city"
DAY: Final = timedelta(days=1)
BEGUN: Final = -11 * DAY
"""From the day of the contracts: before anything was agreed."""
PROMOTED: Final = timedelta(weeks=planning.WEEKS - 1, days=3)
"""From the first day of the history to the change that waits for its review."""


@dataclass(frozen=True, slots=True)
class Filer:
    """The manager of the operator, and the last day of the history."""

    town: Town
    today: date

    def sends(self, at: datetime, path: str, body: Json, what: str, files: Sequence[Drawing] = ()) -> Step:
        proofs = Proofs(files=tuple(files))
        return self._step(at, MANAGER, path, body, what, proofs)

    def signs(self, at: datetime) -> Step:
        value = setting("filing_undertaking", at.date()).value
        text = Undertaking(value["version"], value["text"])
        drawn = pictures.signature(OPERATOR)
        signature = {part: drawing.ref for part, drawing in drawn.items()}
        body = {"version": text.version, "signature": signature}
        proofs = Proofs(files=tuple(drawn.values()), over=text.sha256)
        return self._step(at, MANAGER, "/filing/undertaking", body, "undertaking", proofs)

    def reviewed(self, at: datetime, number: int, step: str, of: str = "") -> Step:
        """Opened, or passed in one of the reviews. `of` names the review that is opened where a submission has two."""
        path = f"/filings/{self.town.organisations[MANAGER]}/{step}"
        body: Json = {"number": number} | ({} if step == "opening" else {"passed": True})
        return self._step(at, REVIEWER, path, body, f"{step} {number} {of}".strip(), Proofs())

    @staticmethod
    def key(what: str) -> str:
        return f"history filing {what}"

    def _step(self, at: datetime, who: str, path: str, body: Json, what: str, proofs: Proofs) -> Step:
        return Step(
            at=at, who=who, service="filing", path=path, body=body, key=self.key(what),
            uploads=proofs.files, proofs=proofs,
        )  # fmt: skip

    def resource(self, entry: Entry) -> UUID:
        """What the service calls it."""
        return new_id(uuid5(self.town.accounts[MANAGER], self.key(entry.key)), "resource")


def filing_steps(today: date, town: Town) -> Iterator[Step]:
    filer = Filer(town, today)
    accounts = {name: str(account) for name, account in town.accounts.items()}
    technician, *others = contents.entries_of_the_first(accounts, today)
    ended = planning.day_of(today, *LAPSED) - DAY
    before = contents.certificate(f"{technician.key}-1", ended)
    renewed = contents.certificate(technician.key, ended + DAY + CERTIFIED_FOR)
    yield from _filed(filer, [replace(technician, papers=(before,)), *others])
    yield from _renewed(filer, technician, before, renewed, ended + 2 * DAY)
    yield from _promoted(filer, replace(technician, papers=(renewed,)))


def _filed(filer: Filer, entries: Sequence[Entry]) -> Iterator[Step]:
    day = planning.contract_day(filer.today) + BEGUN
    begun = at_local(day, time(9))
    yield filer.sends(begun, "/filing", {}, "begun")
    scans = list(contents.basics_scans(OPERATOR).values())
    basics = contents.basics_body(OPERATOR, _refs(scans), day)
    yield filer.sends(begun + 8 * MINUTE, "/filing/basics", basics, "basics", scans)
    yield filer.signs(begun + 20 * MINUTE)
    for number, entry in enumerate(entries, start=6):
        own = [paper.scan for paper in entry.papers]
        at = begun + number * 6 * MINUTE
        yield filer.sends(at, "/resources", entry.body(_refs(own), day), entry.key, own)
    yield _submitted(filer, day + DAY, 1)
    yield filer.reviewed(at_local(day + 3 * DAY, time(9, 40)), 1, "opening")
    yield filer.reviewed(at_local(day + 3 * DAY, time(10, 15)), 1, "first-review")
    yield filer.reviewed(at_local(day + 7 * DAY, time(14)), 1, "opening", of="second")
    yield filer.reviewed(at_local(day + 7 * DAY, time(14, 30)), 1, "second-review")


def _renewed(filer: Filer, technician: Entry, before: Scanned, renewed: Scanned, day: date) -> Iterator[Step]:
    """Too late: on one day of work the technician had no certificate that was valid."""
    body = {
        "paper": renewed.paper | {"scan": renewed.scan.ref},
        "replaces": before.paper["paper_id"],
        "changed_on": day.isoformat(),
    }
    path = f"/resources/{filer.resource(technician)}/papers"
    yield filer.sends(at_local(day, time(16)), path, body, "renewed", [renewed.scan])
    yield _submitted(filer, day, 2)
    for clock, step in ((time(10), "opening"), (time(10, 20), "second-review")):
        yield filer.reviewed(at_local(day + 5 * DAY, clock), 2, step)


def _promoted(filer: Filer, technician: Entry) -> Iterator[Step]:
    day = planning.first_day(filer.today) + PROMOTED
    stored = _refs([paper.scan for paper in technician.papers])
    path = f"/resources/{filer.resource(technician)}/correction"
    body = contents.promoted(technician, stored, day)
    yield filer.sends(at_local(day, time(15)), path, body, "promoted")
    yield _submitted(filer, day, 3)


def _submitted(filer: Filer, day: date, number: int) -> Step:
    return filer.sends(at_local(day, time(16, 30)), "/filing/submission", {}, f"submission {number}")


def _refs(drawings: Sequence[Drawing]) -> Mapping[str, Json]:
    return {drawing.name: drawing.ref for drawing in drawings}
