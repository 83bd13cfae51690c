"""Facts of contracts and visits, as the read model `business` gets them. For tests."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from filing.business.projection import MODEL, Business
from filing_samples import OPERATOR
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.rebuilding import session_of

WHOSE = {"operator_id": OPERATOR, "enterprise_id": UUID(int=901), "district": "310118"}


def meta() -> Meta:
    command_id = uuid4()
    return Meta(
        actor=Actor(account=UUID(int=1), kind="system"), command_id=command_id, correlation=command_id
    )


async def works(dsn: str, *facts: Fact) -> None:
    recorded = [
        Recorded(f"visit-{number}", 1, datetime(2026, 1, 1, tzinfo=UTC), meta(), fact)
        for number, fact in enumerate(facts)
    ]
    async with (
        await open_pool(dsn, size=1, session=session_of(MODEL)) as pool,
        pool.acquire() as connection,
        connection.transaction(),
    ):
        await Business().apply(connection, recorded)
