"""Workbooks that once stopped the import worker: each ends its own import with a sentence, and nothing else."""

from uuid import UUID

import poison
import pytest
from poison import template
from qingyuan_runtime.importing.sizes import Unreadable, require_bounded_size
from qingyuan_runtime.process import isolated
from registry.importing import decoding
from registry.importing.repository import Import
from registry.importing.results import ImportResult
from registry.importing.worker import KEEP_WORKBOOKS, MAX_TRIES
from test_import import ACTOR, Bench, bench, good, tries_of
from workbooks import findings, made, row, titles

__all__ = ["bench"]
pytestmark = pytest.mark.servers


@pytest.mark.parametrize("name", poison.POISONS)
async def test_it_ends_in_a_sentence_and_the_next_import_goes_on(bench: Bench, name: str) -> None:
    poisoned = await bench.add(poison.POISONS[name]())
    healthy = await bench.add(good(3))
    while (await bench.shown(healthy))["state"] == "checking":
        await bench.work()
    for _ in range(MAX_TRIES):
        await bench.work()
    shown = await bench.shown(poisoned)
    assert shown["state"] == "failed"
    assert shown["problems"][0]["sentence"].endswith("。")
    assert (await bench.shown(healthy))["state"] == "ready"


def test_where_the_far_cell_stands_is_said() -> None:
    with pytest.raises(Unreadable, match="XFD1048576"):
        require_bounded_size(poison.blank_in_the_last_cell())


def test_columns_that_are_only_formatted_are_no_reason_to_refuse() -> None:
    empty = b"".join(b'<row r="%d"><c r="XFD%d" s="1"/></row>' % (n, n) for n in range(3, 1_000))
    require_bounded_size(poison.row_added(empty))
    require_bounded_size(template())


@pytest.mark.parametrize("title", [b"_x0000_", b"_xD800_"])
async def test_a_title_that_no_database_holds_is_quoted_all_the_same(bench: Bench, title: bytes) -> None:
    """This workbook used to stop the worker for good, and with it all imports."""
    workbook = made([*row(), "x"], heading=[*titles(), "MARK"])
    named = poison.changed(workbook, "xl/sharedStrings.xml", lambda texts: texts.replace(b"MARK", title))
    import_id = await bench.add(named)
    await bench.work()
    shown = await bench.shown(import_id)
    assert (shown["state"], shown["notes"][0]["column"]) == ("ready", "\ufffd")


async def test_what_nobody_foresaw_ends_one_import_and_not_the_worker(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky, next_one = await bench.add(good(1)), await bench.add(good(2))
    checked = bench.imports.checked

    async def tripping(taken: Import, judged: ImportResult) -> None:
        if taken.id == unlucky:
            raise KeyError("nobody thought of it")
        await checked(taken, judged)

    monkeypatch.setattr(bench.imports, "checked", tripping)
    await bench.work()
    assert (await bench.shown(unlucky))["state"] == "failed"
    assert (await bench.shown(next_one))["state"] == "ready"


def test_a_merged_range_without_end_is_no_endless_search() -> None:
    workbook = made(row(), change=lambda _book, page: page.merge_range(5, 0, 6, 0, "x"))
    endless = poison.changed(
        workbook, poison.SHEET, lambda sheet: sheet.replace(b"A6:A7", b"A9:A999999999999")
    )
    assert "merged" not in findings(endless).values()


async def test_what_kills_its_reader_from_outside_is_counted_too(bench: Bench) -> None:
    """A process killed while reading cannot record it, so each try is counted before it begins."""
    import_id = await bench.add(good(1))
    for tries in range(1, MAX_TRIES + 1):
        assert await bench.imports.begin(import_id)
        assert await tries_of(bench, import_id) == tries
    await bench.work()
    assert (await bench.shown(import_id))["state"] == "failed"


async def test_a_good_workbook_is_as_new_after_each_step(bench: Bench) -> None:
    import_id = await bench.add(good(1))
    for _ in range(MAX_TRIES - 1):
        assert await bench.imports.begin(import_id)
    await bench.work()
    assert (await tries_of(bench, import_id), (await bench.shown(import_id))["state"]) == (0, "ready")


async def test_a_worker_that_was_slow_moves_nothing_back(bench: Bench) -> None:
    """This worker took the import to check it; meanwhile another worker has checked and written it."""
    import_id = await bench.add(good(2))
    slow = await bench.imports.begin(import_id)
    assert slow
    await bench.work()
    await bench.imports.confirm(import_id, ACTOR.account)
    for late in (
        bench.imports.checked(slow, ImportResult(problems=[], notes=[], summary={}, writes=[])),
        bench.imports.failed(slow, "迟了。"),
    ):
        await late
    await bench.imports.progress(slow, rows=1, checked=0)
    shown = await bench.shown(import_id)
    assert (shown["state"], shown["rows"], shown["checked"]) == ("importing", 2, 2)
    await bench.work()
    assert ((await bench.shown(import_id))["state"], await bench.instruments()) == ("done", 2)


async def test_what_was_written_before_a_death_is_done_whatever_has_changed_since(bench: Bench) -> None:
    import_id = await bench.add(good(2))
    await bench.work()
    await bench.imports.confirm(import_id, ACTOR.account)
    await bench.work()
    await bench.pool.execute(
        "update imports set state = 'importing', content = 'x' where import_id = $1", import_id
    )
    await bench.work()
    shown = await bench.shown(import_id)
    assert (shown["state"], shown["written"], await bench.instruments()) == ("done", 2, 2)


async def test_workbooks_of_imports_that_ended_are_deleted_after_a_day(bench: Bench) -> None:
    refused, failed, open_ = [
        await bench.add(content) for content in (poison.named_in_gbk(), b"nothing", good(1))
    ]
    await bench.work()
    await bench.imports.delete_workbooks(KEEP_WORKBOOKS)
    assert await lengths(bench, refused, failed) != [0, 0]
    await bench.pool.execute("update imports set changed = now() - interval '25 hours'")
    await bench.imports.delete_workbooks(KEEP_WORKBOOKS)
    assert await lengths(bench, refused, failed) == [0, 0]
    assert await lengths(bench, open_) != [0]
    assert (await bench.shown(failed))["problems"]


async def lengths(bench: Bench, *imports: UUID) -> list[int]:
    length = "select length(content) from imports where import_id = $1"
    return [await bench.pool.fetchval(length, import_id) for import_id in imports]


async def test_a_workbook_that_lies_about_its_size_takes_only_its_own_process() -> None:
    with pytest.raises((Unreadable, isolated.Unfinished)):
        await decoding.reading(poison.lies_about_its_size())
