"""A history is asked for once: what anybody has done since, or did before, is left as it is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from anyio.from_thread import start_blocking_portal
from qingyuan_cli.seeding import registering, town
from qingyuan_cli.seeding.history import seed as history
from qingyuan_cli.seeding.history.loading import NotOfTheDemo, load
from qingyuan_cli.seeding.history.seed import seed_history
from qingyuan_local.testing import DatabaseServer
from town_on_logs import TownOnLogs

pytestmark = pytest.mark.servers
FOREIGN = {
    "particulars": town.enterprise("上海别家化工有限公司", "310118", "MA1K7X8Y9", "上海市青浦区别家路 1 号", "C2614"),
    "contact": {"name": "别家", "phone": "021-5555 0909"},
    "valid_from": town.SINCE,
}  # fmt: skip
COUNT = "select count(*) from events"


@pytest.fixture
def on_logs(postgres_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[TownOnLogs]:
    async def no_files(*_: Any) -> None:
        """Files have a store and tables of their own, which are not asked here."""

    with start_blocking_portal() as portal:
        made = TownOnLogs(portal, postgres_server)
        monkeypatch.setattr(history, "Client", made.sender)
        monkeypatch.setattr(history, "store_files", no_files)
        yield made
        made.close()


def silent(_: str) -> None:
    pass


def given(on_logs: TownOnLogs) -> UUID:
    return seed_history(on_logs.demo(), silent)


def counts(on_logs: TownOnLogs) -> dict[str, int]:
    return {service: on_logs.execute(service, COUNT) for service in on_logs.dsns}


def district_voids_an_instrument(on_logs: TownOnLogs) -> None:
    own = f"data->>'enterprise_id' = '{on_logs.enterprises['1']}'"
    stream, *_ = on_logs.streams("registry", f"{own} and data->'particulars'->>'kind' = 'sampler'")
    path = f"/registry/instruments/{stream.split('-', 1)[1]}/voiding"
    on_logs.ask("demo-district", path, {"reason": "录入有误"}, "voided by the district")


def admin_registers_an_enterprise(on_logs: TownOnLogs) -> None:
    on_logs.ask("demo-admin", "/registry/enterprises", FOREIGN, "an enterprise of no demo")


@pytest.mark.slow
@pytest.mark.parametrize("touch", [district_voids_an_instrument, admin_registers_an_enterprise])
def test_whoever_has_touched_the_register_since_a_history_that_is_there_is_found(
    on_logs: TownOnLogs, touch: Any
) -> None:
    contract = given(on_logs)
    touch(on_logs)
    before = counts(on_logs)
    assert min(before.values()) > 0
    on_logs.commands.clear()
    on_logs.logged_in.clear()

    assert given(on_logs) == contract
    assert on_logs.commands == []
    assert on_logs.logged_in == ["demo-operator"]
    assert counts(on_logs) == before


def test_a_register_whose_entries_have_ended_is_not_registered_again(on_logs: TownOnLogs) -> None:
    """Each command is answered with what it did then, though it could not be done today."""
    own = f"data->>'enterprise_id' = '{on_logs.enterprises['2']}'"
    for noun, done, end in (
        ("instrument", "registered", "voiding"),
        ("monitoring_point", "added", "closing"),
        ("outlet", "added", "closing"),
    ):
        for stream in on_logs.streams("registry", f"{own} and type like '{noun}.{done}%'"):
            kind, _, id_ = stream.partition("-")
            path = f"/registry/{'points' if noun == 'monitoring_point' else f'{noun}s'}/{id_}/{end}"
            day = {} if end == "voiding" else {"valid_to": "2026-11-01"}
            on_logs.ask("demo-admin", path, {"reason": "拆除"} | day, f"{kind} {id_} ends")
    before = counts(on_logs)
    for each in town.ENTERPRISES:
        assert registering.register(on_logs.sender(), each) == on_logs.enterprises[each["key"]]
    assert counts(on_logs) == before


@pytest.mark.slow
def test_what_a_seed_that_was_ended_half_way_has_left_is_completed(
    on_logs: TownOnLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def load_until_tasks(dsn: str, journal: Any) -> None:
        if dsn == on_logs.dsns["tasks"]:
            raise KeyboardInterrupt
        await load(dsn, journal)

    with monkeypatch.context() as ended, pytest.raises(KeyboardInterrupt):
        ended.setattr(history, "load", load_until_tasks)
        given(on_logs)
    half = counts(on_logs)
    assert (half["filing"] > 0, half["signoff"] > 0, half["tasks"]) == (True, True, 0)
    given(on_logs)
    whole = counts(on_logs)
    assert whole["tasks"] > 0
    assert whole | {"tasks": 0} == half


@pytest.mark.parametrize("touch", [district_voids_an_instrument, admin_registers_an_enterprise])
def test_a_register_that_holds_anything_else_gets_no_history(on_logs: TownOnLogs, touch: Any) -> None:
    touch(on_logs)
    refused_before_anything_is_written(on_logs)


@pytest.mark.parametrize("service", ["tasks", "signoff", "filing"])
def test_a_log_that_is_in_use_keeps_the_register_as_it_is(on_logs: TownOnLogs, service: str) -> None:
    on_logs.execute(
        service,
        """
        insert into events (stream_id, version, type, data, meta, recorded_at, epoch)
        values ('contract-of-others', 1, 'contract.submitted.v1', '{}', '{}', '2026-11-30T12:00:00Z', 1)
        """,
    )
    refused_before_anything_is_written(on_logs)


@pytest.mark.parametrize("service", ["tasks", "signoff", "filing"])
def test_a_restored_log_keeps_the_register_as_it_is(on_logs: TownOnLogs, service: str) -> None:
    on_logs.execute(service, "update store_epoch set epoch = 2")
    refused_before_anything_is_written(on_logs)


def refused_before_anything_is_written(on_logs: TownOnLogs) -> None:
    before = counts(on_logs)
    with pytest.raises(NotOfTheDemo):
        given(on_logs)
    assert counts(on_logs) == before
