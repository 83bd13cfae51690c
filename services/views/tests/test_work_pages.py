"""Lists of the working day on real PostgreSQL: their order, and how one page follows the other."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from qingyuan_local.testing import DatabaseServer
from read_models import model_after
from sample_facts import ALL, SampleFacts
from views.shared.cursors import cursor_of
from views.work import lists
from views.work.queries import WorkQueries
from views.work.query_models import ContractQuery, CycleQuery, PlanQuery, VisitQuery
from working_day import working_day
from working_day_facts import DAY, VisitFacts

pytestmark = pytest.mark.servers


async def test_pages_follow_each_other_without_gap_or_repeat(postgres_server: DatabaseServer) -> None:
    model = await model_after(postgres_server, working_day().recorded)
    work = WorkQueries(model.reader)
    for ask, whole in (
        (lambda after: work.visits(ALL, VisitQuery(limit=2, after=after)), 5),
        (lambda after: work.cycles(ALL, CycleQuery(limit=3, after=after), DAY), 16),
        (lambda after: work.contracts(ALL, ContractQuery(limit=1, after=after), DAY), 2),
        (lambda after: work.plans(ALL, PlanQuery(limit=1, after=after), DAY), 2),
    ):
        found, after = [], None
        while True:
            page = await ask(after)
            found += [tuple(row.values()) for row in page.rows]
            if (after := page.following) is None:
                break
        assert len(found) == len({str(key) for key in found}) == whole
    await model.close()


async def test_visits_of_one_day_are_sorted_by_their_sign_in(postgres_server: DatabaseServer) -> None:
    """Also from page to page. Who has not signed in yet comes last."""
    sample = SampleFacts()
    hours: dict[str, int | None] = {"first": 7, "second": 15, "third": 11, "fourth": 8, "fifth": None}
    names = {}
    for name, hour in hours.items():
        visit = VisitFacts(sample, name)
        names[visit.id] = name
        if hour is not None:
            visit.signs_in(hour=hour)
    model = await model_after(postgres_server, sample.recorded)
    found: list[str] = []
    after = None
    while len(found) < len(hours):
        page = await WorkQueries(model.reader).visits(ALL, VisitQuery(limit=2, after=after))
        found += [names[row["id"]] for row in page.rows]
        after = page.following
    await model.close()
    assert found == ["second", "third", "fourth", "first", "fifth"]


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_a_page_goes_on_after_a_visit_whatever_the_phone_said_of_its_time(year: int) -> None:
    """A time is never refused for its value, so the cursor that the server makes of it is not either."""
    began_at = datetime(year, 6, 1, tzinfo=UTC)
    assert lists.visits(ALL, VisitQuery(after=cursor_of(DAY, began_at, UUID(int=1)))).statement
