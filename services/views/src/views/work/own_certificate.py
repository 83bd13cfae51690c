"""How long somebody's own certificate holds, for the phone: it works out without a network how many days are left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection

from views.work.answers import plain
from views.work.filing_marks import CERTIFICATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A filed certificate with the days on which it holds; `date.min` and `date.max` where it has no first or last day."""

    number: str | None
    first_day: date
    last_day: date
    revoked_from: date | None = None

    @property
    def is_cut_short(self) -> bool:
        return self.revoked_from is not None and self.last_day < self.revoked_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days without a gap on which certificates hold. `last`: the one that ends it."""

    first_day: date
    last: Paper


def span_about(papers: Iterable[Paper], day: date) -> Span | None:
    """The span that has this day; else the one that ended last; else the first that is to come."""
    spans = _spans(papers)
    begun = [span for span in spans if span.first_day <= day]
    return begun[-1] if begun else next(iter(spans), None)


def _spans(papers: Iterable[Paper]) -> list[Span]:
    """In the order of their days. A certificate that begins the day after another one ended leaves no gap."""
    spans: list[Span] = []
    for paper in sorted(papers, key=lambda paper: (paper.first_day, paper.last_day)):
        if paper.last_day < paper.first_day:
            continue
        if spans and paper.first_day.toordinal() - 1 <= spans[-1].last.last_day.toordinal():
            last = max(spans[-1].last, paper, key=lambda known: known.last_day)
            spans[-1] = Span(first_day=spans[-1].first_day, last=last)
        else:
            spans.append(Span(first_day=paper.first_day, last=paper))
    return spans


async def own_certificate(connection: Connection, actor: Actor, day: date) -> dict[str, Any] | None:
    """None where nothing is filed that could hold, or ever held: whether somebody is filed, the marks of visits say."""
    rows = await connection.fetch(_PAPERS, actor.organisation, actor.account, day)
    span = span_about((Paper(**row) for row in rows), day)
    if span is None:
        return None
    return {
        "number": span.last.number,
        "first_day": None if span.first_day == date.min else plain(span.first_day),
        "last_day": None if span.last.last_day == date.max else plain(span.last.last_day),
        "revoked": span.last.is_cut_short,
    }


_PAPERS: Final = f"""
    select p.number, p.first_day, p.last_day, p.revoked_from from filings.filed_paper p
     where p.operator_id = $1 and p.account_id = $2 and p.kind = '{CERTIFICATE}'
       and exists (select from filings.filed_person f
                    where f.account_id = p.account_id and f.operator_id = p.operator_id and f.last_day >= $3)
"""
