"""The list of read models: the projection of each, its tables, and the event store from which it is rebuilt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from qingyuan_runtime.following.rebuilding import Comparable

from views.confirmations import projection as confirmations
from views.filings import projection as filings
from views.register import projection as register
from views.reports import projection as reports
from views.settings import ViewsSettings
from views.work import projection as work


@dataclass(frozen=True, slots=True)
class Model:
    """`script` is the SQL that creates the tables; `source` is the URL of the event store that a rebuild reads."""

    projection: Callable[[], Comparable]
    script: Callable[[], str]
    source: Callable[[ViewsSettings], str]


MODELS: Final[Mapping[str, Model]] = {
    register.MODEL: Model(register.Register, register.create_script, lambda s: s.source_database_url),
    work.MODEL: Model(work.Work, work.create_script, lambda s: s.tasks_database_url),
    confirmations.MODEL: Model(
        confirmations.Confirmations, confirmations.create_script, lambda s: s.signoff_database_url
    ),
    filings.MODEL: Model(filings.Filings, filings.create_script, lambda s: s.filing_database_url),
    reports.MODEL: Model(reports.Reports, reports.create_script, lambda s: s.reports_database_url),
}
