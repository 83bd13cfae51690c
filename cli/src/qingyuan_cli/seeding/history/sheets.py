"""A record sheet as a phone sends it, in the history and on the present day."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from uuid import UUID

from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.forms import Form, forms

from qingyuan_cli.seeding.history.registered import Json, taken_of
from qingyuan_cli.seeding.history.requests import written
from qingyuan_cli.seeding.history.values import Site, instruments_of, values_of
from qingyuan_cli.seeding.identities import id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work that was done during a visit, and is written down on a sheet. `name` makes it another invention than others."""

    visit: UUID
    name: str
    content: str
    form: Form
    site: Site
    began: datetime
    ended: datetime

    def sheet(self, claimed: datetime) -> Json:
        random = Random(f"{self.name} {self.content}")  # noqa: S311 - invented data, the same each time
        instruments = instruments_of(self.form, self.site)
        values = values_of(self.form, self.site, self.began, self.ended, random)
        return {
            "sheet_id": str(id_of(f"sheet {self.visit} {self.content}")),
            "revision_id": str(id_of(f"revision {self.visit} {self.content}")),
            "supersedes": [],
            "form": self.form.name,
            "form_version": self.form.version,
            "content": self.content,
            "instruments": [instrument.id for instrument in instruments],
            "values": values,
            "taken": taken_of(self.form, values, instruments),
            "filled_seconds": random.randrange(40, 240),
            "used": [],
            "claimed_at": written(claimed),
            "reason": None,
        }


def form_for(content: str, medium: str, day: date) -> Form:
    """The first form for this work that suits the medium; for flue gas the town's systems are of the extractive kind."""
    allowed = CONTENTS[content].forms
    fitting = [form for form in forms(day) if form.name in allowed and form.medium in ("any", medium)]
    preferred = [form for form in fitting if form.name in (content, "patrol_extractive")]
    return (preferred or fitting)[0]
