"""The commands about the confirmation of a visit, and of what comes after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Final
from uuid import uuid5

from qingyuan_standards.days import local_day

from qingyuan_cli.seeding.history import pictures
from qingyuan_cli.seeding.history.requests import MINUTE, Json, Proofs, Step, next_day, task
from qingyuan_cli.seeding.history.sentences import DISPUTED
from qingyuan_cli.seeding.history.visiting_steps import OnSite, sheet_of
from qingyuan_cli.seeding.identities import id_of

DISPUTES: Final = ("settled", "answered", "escalated")
"""Endings that begin with a dispute, each about another matter; the first of `DISPUTED` is that of the present day."""


def confirmation_steps(on_site: OnSite) -> Iterator[Step]:
    visit = on_site.visit
    complete = on_site.received(visit.ended, 9)
    asked = Asked(on_site, complete)
    yield asked.sends(
        complete + MINUTE, visit.agreement.technician, "originals", {}, Proofs(visit=on_site.id)
    )
    opened = complete + timedelta(minutes=25 + Random(visit.name).randrange(60))  # noqa: S311 - the same each time
    if visit.ending != "lapsed":
        yield asked.sends(opened, visit.agreement.signer, "opening", {})
    match visit.ending:
        case "signed":
            yield asked.signature(opened + 4 * MINUTE)
        case "signed_late":
            yield asked.signature(next_day(opened, time(9, 20)))
        case ending if ending in DISPUTES:
            yield from _dispute(asked, opened)
    if visit.is_corrected:
        yield from _correction(on_site, asked, opened + 30 * MINUTE)


@dataclass(frozen=True, slots=True)
class Asked:
    """The confirmation that the enterprise is asked for when the visit is complete."""

    on_site: OnSite
    complete: datetime

    def sends(self, at: datetime, who: str, what: str, body: Json, proofs: Proofs | None = None) -> Step:
        path = f"/confirmations/{uuid5(self.on_site.id, 'confirmation')}/{what}"
        key = f"history {path} {at:%m%d%H%M}"
        files = proofs.files if proofs else ()
        return Step(at=at, who=who, service="signoff", path=path, body=body, key=key, uploads=files, proofs=proofs or Proofs())  # fmt: skip

    def signature(self, at: datetime) -> Step:
        signer = self.on_site.visit.agreement.signer
        drawn = pictures.signature(signer)
        body = {"signature": {name: drawing.ref for name, drawing in drawn.items()}}
        proofs = Proofs(files=tuple(drawn.values()), visit=self.on_site.id, is_signature=True)
        return self.sends(at, signer, "signature", body, proofs)


def _dispute(asked: Asked, opened: datetime) -> Iterator[Step]:
    visit = asked.on_site.visit
    agreement = visit.agreement
    drawing = pictures.photo(f"{visit.outlet} {local_day(visit.began)} B", "标准溶液.jpg")
    reason_given, answered = DISPUTED[1 + DISPUTES.index(visit.ending)]
    dispute = {"reason": reason_given, "photos": [drawing.ref]}
    yield asked.sends(opened + 10 * MINUTE, agreement.signer, "dispute", dispute, Proofs(files=(drawing,)))
    if visit.ending == "escalated":
        reason = {"reason": "运维机构两日未答复，提请监管部门处理。"}
        yield asked.sends(next_day(opened, time(14), days=2), agreement.signer, "escalation", reason)
        return
    text = {"text": answered, "photos": []}
    yield asked.sends(next_day(opened, time(10, 20)), agreement.manager, "answer", text)
    if visit.ending == "settled":
        yield asked.signature(next_day(opened, time(15, 5)))


def _correction(on_site: OnSite, asked: Asked, at: datetime) -> Iterator[Step]:
    """The technician corrects a sheet that is signed already, and the enterprise signs once more."""
    first = sheet_of(on_site, "standard_check", at)
    corrected = first | {
        "revision_id": str(id_of(f"correction {on_site.id}")),
        "supersedes": [first["revision_id"]],
        "values": first["values"] | {"remark": "补记：标准溶液批号 BZ-0412。"},
        "reason": "漏记标准溶液批号",
    }
    path = f"/visits/{on_site.id}/sheets"
    body = {"opening": on_site.opening, "sheet": corrected}
    yield task(at, on_site.visit.agreement.technician, path, body, f"history {path} correction")
    yield asked.signature(at + 20 * MINUTE)
